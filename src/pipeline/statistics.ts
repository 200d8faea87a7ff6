/** What a scan has counted. Additive, so that batches evaluated anywhere can be summed. */
export interface Statistics {
  records: number;
  /** Of these, records that no rule could match, as their bytes tell: they were not read any further. */
  skipped: number;
  process_starts: number;
  /** Events by the name of their shape. */
  shapes: Record<string, number>;
  unrecognised: number;
  /** Look-backs that stopped at a bound before they had an answer. */
  look_backs_cut: number;
  /** By code. */
  diagnostics: Record<string, number>;
}

export function emptyStatistics(): Statistics {
  return { records: 0, skipped: 0, process_starts: 0, shapes: {}, unrecognised: 0, look_backs_cut: 0, diagnostics: {} };
}

/** Adds `from` to `to`. */
export function addStatistics(to: Statistics, from: Statistics): void {
  to.records += from.records;
  to.skipped += from.skipped;
  to.process_starts += from.process_starts;
  to.unrecognised += from.unrecognised;
  to.look_backs_cut += from.look_backs_cut;
  for (const [name, count] of Object.entries(from.shapes)) to.shapes[name] = (to.shapes[name] ?? 0) + count;
  for (const [code, count] of Object.entries(from.diagnostics)) countDiagnostic(to, code, count);
}

export function countDiagnostic(statistics: Statistics, code: string, count = 1): void {
  statistics.diagnostics[code] = (statistics.diagnostics[code] ?? 0) + count;
}

/** The same with shapes and codes by name: which of them came first depends on how the input was cut. */
export function inOrder(statistics: Statistics): Statistics {
  const { shapes, diagnostics } = statistics;
  return { ...statistics, shapes: byName(shapes), diagnostics: byName(diagnostics) };
}

function byName(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
