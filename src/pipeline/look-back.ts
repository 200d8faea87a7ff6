import type { Batch } from '../frame/batch.ts';

/** Whole windows that the matches of one batch may search. */
const SEARCHES_PER_BATCH = 64;

/** One earlier record, found again. */
export interface EarlierRecord {
  readonly batch: Batch;
  readonly index: number;
}

/**
 * The recent past of one input: the batch at hand and those before it, up to a bound in bytes. Nothing is indexed
 * while events stream by; a search reads the raw bytes backwards, and only when something matched.
 */
export class LookBackWindow {
  readonly #bytes: number;
  /** Bytes that may still be searched for matches of the batch at hand. */
  #budget = 0;
  #past: Batch[] = [];

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** `batch` is done with and becomes the most recent past. */
  push(batch: Batch): void {
    this.#past.push(batch);
    let kept = 0;
    let first = this.#past.length;
    while (first > 0 && kept < this.#bytes) kept += this.#past[--first]?.bytes.length ?? 0;
    if (first > 0) this.#past = this.#past.slice(first);
  }

  /** A batch begins: what its matches may search in all, so that a flood of matches cannot make each byte be read thousands of times. */
  begin(): void {
    this.#budget = this.#bytes * SEARCHES_PER_BATCH;
  }

  /** The batch at hand has used up what it may search: what is not found now may well be there. */
  get exhausted(): boolean {
    return this.#budget <= 0;
  }

  /** Another input begins. */
  clear(): void {
    this.#past = [];
  }

  /**
   * Records before record `index` of `batch` that contain `needle`, nearest first, within the window's bytes.
   * The window ends at a byte count, not at a batch, so what is found does not depend on how input was batched.
   */
  *search(batch: Batch, index: number, needle: string): Generator<EarlierRecord> {
    if (needle === '') return;
    let budget = this.#bytes;
    let end = batch.starts[index] ?? 0;
    let current: Batch | undefined = batch;
    const known = this.#past.indexOf(batch);
    for (let past = (known === -1 ? this.#past.length : known) - 1; current !== undefined && budget > 0; past--) {
      if (this.exhausted) return;
      this.#budget -= Math.min(end, budget);
      yield* searchBatch(current, Math.max(0, end - budget), end, needle);
      budget -= end;
      current = this.#past[past];
      end = current?.bytes.length ?? 0;
    }
  }
}

function* searchBatch(batch: Batch, floor: number, end: number, needle: string): Generator<EarlierRecord> {
  const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.length);
  let before = end;
  for (;;) {
    const at = before > 0 ? bytes.subarray(0, before).lastIndexOf(needle) : -1;
    if (at < floor) return;
    const index = recordAt(batch, at);
    const start = batch.starts[index] ?? 0;
    if (start < floor) return;
    // The needle may lie across two records that touch; then it is in neither.
    if (at + needle.length <= (batch.ends[index] ?? 0)) yield { batch, index };
    before = Math.min(start, at);
  }
}

/** The record that byte `at` lies in, by bisection. */
function recordAt(batch: Batch, at: number): number {
  let low = 0;
  let high = batch.count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((batch.starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
