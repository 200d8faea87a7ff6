import { deserialize, serialize } from 'node:v8';

import type { BatchResult } from './evaluator.ts';
import type { Finding } from './finding.ts';

/**
 * A `BatchResult` as it travels between threads: as JSON, since what `serialize` and `deserialize` have seen stays in memory until
 * all of that is looked through.
 */
export interface PackedResult {
  /** The result, of its findings all but `original`. Were it longer than a string can be, it is what `serialize` makes of it. */
  readonly rest: string | Uint8Array;
  /** Texts of events, which are long, and full of what JSON escapes. */
  readonly originals: readonly Finding['original'][];
}

/** To be done at once, while all of it is at hand: when it has gone cold, it takes several times as long. */
export function packResult(result: BatchResult): PackedResult {
  const { findings } = result;
  const originals = findings.map(({ original }) => original);
  const rest = { ...result, findings: findings.map((finding) => ({ ...finding, original: undefined })) };
  try {
    return { rest: JSON.stringify(rest), originals };
  } catch (error) {
    if (error instanceof RangeError) return { rest: serialize(rest), originals };
    throw error;
  }
}

export function unpackResult({ rest, originals }: PackedResult): BatchResult {
  const result: Unpacked = typeof rest === 'string' ? JSON.parse(rest) : deserialize(rest);
  result.findings.forEach((finding, i) => (finding.original = originals[i] ?? finding.original));
  return result;
}

/** Nobody else's yet. */
interface Unpacked extends BatchResult {
  readonly findings: readonly (Finding & { original: Finding['original'] })[];
}

/** How long it is, in units of its texts. */
export function sizeOfPacked({ rest, originals }: PackedResult): number {
  return originals.reduce((sum, one) => sum + ('json' in one ? one.json : one.text).length, rest.length);
}

export function isPacked(value: PackedResult | object): value is PackedResult {
  return 'originals' in value;
}
