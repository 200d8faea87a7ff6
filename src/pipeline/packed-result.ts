import { deserialize, serialize } from 'node:v8';

import type { OpenAlerts } from '../sinks/open-alerts.ts';
import type { BatchResult } from './evaluator.ts';
import type { Finding } from './finding.ts';
import type { OpenAlertMaker } from './open-alert-maker.ts';

/**
 * A `BatchResult` as it travels between threads: as JSON, since what `serialize` and `deserialize` have seen stays in memory until
 * all of that is looked through.
 */
export interface PackedResult {
  /** The result, of its findings all but `original`. Were it longer than a string can be, it is what `serialize` makes of it. */
  readonly rest: string | Uint8Array;
  /** Texts of events, which are long, and full of what JSON escapes. */
  readonly originals: readonly Finding['original'][];
  /** Alerts of findings before those of the result. */
  readonly open: OpenAlerts | undefined;
}

/** What came of a batch that was evaluated on another thread. */
export interface UnpackedResult extends BatchResult {
  /** Alerts that come before those of `findings`; their lines are counted from that which follows so many others. */
  readonly open: OpenAlerts | undefined;
  readonly linesBefore: number;
}

/** `alerts`: makes those that can be made here. To be done at once, while all of it is at hand: when it has gone cold, it takes several times as long. */
export function packResult(result: BatchResult, alerts?: OpenAlertMaker): PackedResult {
  const { open, left: findings } = alerts?.take(result.findings) ?? { open: undefined, left: result.findings };
  const originals = findings.map(({ original }) => original);
  const rest = { ...result, findings: findings.map((finding) => ({ ...finding, original: undefined })) };
  try {
    return { rest: JSON.stringify(rest), originals, open };
  } catch (error) {
    if (error instanceof RangeError) return { rest: serialize(rest), originals, open };
    throw error;
  }
}

export function unpackResult({ rest, originals, open }: PackedResult): UnpackedResult {
  const result: Unpacked = typeof rest === 'string' ? JSON.parse(rest) : deserialize(rest);
  result.findings.forEach((finding, i) => (finding.original = originals[i] ?? finding.original));
  return { ...result, open, linesBefore: 0 };
}

/** Nobody else's yet. */
interface Unpacked extends BatchResult {
  readonly findings: readonly (Finding & { original: Finding['original'] })[];
}

/** How long it is: units of its texts, and bytes of alerts. */
export function sizeOfPacked({ rest, originals, open }: PackedResult): number {
  const alerts = open?.bytes.length ?? 0;
  return originals.reduce((sum, one) => sum + ('json' in one ? one.json : one.text).length, rest.length + alerts);
}

/** What need not be copied to another thread. */
export function transferOf({ open }: PackedResult): ArrayBuffer[] {
  return open === undefined ? [] : [open.bytes.buffer, open.numbers.buffer];
}

export function isPacked(value: PackedResult | object): value is PackedResult {
  return 'originals' in value;
}
