import type { Batch } from '../frame/batch.ts';
import type { RecordDiagnosticCode } from './read-record.ts';
import type { BatchResult } from './evaluator.ts';

/** Bytes of records that are evaluated together, where most of them match. */
const PART_BYTES = 64 * 1024;
/** Matches of a mebibyte that are many. */
const MANY = 1024;

/**
 * A batch in parts, where what is found in it would be many times as large: where a hundred rules match each record, the findings of a
 * mebibyte, all waiting for their turn at once, make a heap of tens of megabytes. Whether that is so is told from the batch before.
 */
export class BatchParts {
  #isDense = false;

  of(batch: Batch): readonly Batch[] {
    if (!this.#isDense || batch.bytes.length <= PART_BYTES) return [batch];
    const parts: Batch[] = [];
    for (let from = 0; from < batch.count;) {
      let to = from + 1;
      while (to < batch.count && (batch.ends[to] ?? 0) - (batch.starts[from] ?? 0) <= PART_BYTES) to++;
      parts.push(partOf(batch, from, to));
      from = to;
    }
    return parts;
  }

  /** Hears what came of a batch: of all its parts. */
  note(matches: number): void {
    if (matches > MANY) this.#isDense = true;
    else if (matches < MANY / 4) this.#isDense = false;
  }
}

/** Records `from` to `to`, over the same bytes. */
function partOf(batch: Batch, from: number, to: number): Batch {
  const first = batch.starts[from] ?? 0;
  const rebased = (places: Uint32Array): Uint32Array => places.slice(from, to).map((place) => place - first);
  return {
    sequence: batch.sequence,
    bytes: batch.bytes.subarray(first, batch.ends[to - 1]),
    count: to - from,
    starts: rebased(batch.starts),
    ends: rebased(batch.ends),
    lines: batch.lines.slice(from, to),
    offsets: batch.offsets.slice(from, to),
  };
}

/** The results of a batch's parts have, together, the diagnostics that the batch as a whole would have in words. */
export class DiagnosticsOfParts {
  readonly #kept = new Map<RecordDiagnosticCode, number>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  cut(result: BatchResult): BatchResult {
    const diagnostics = result.diagnostics.filter(({ code }) => {
      const kept = this.#kept.get(code) ?? 0;
      this.#kept.set(code, kept + 1);
      return kept < this.#most;
    });
    return diagnostics.length === result.diagnostics.length ? result : { ...result, diagnostics };
  }
}
