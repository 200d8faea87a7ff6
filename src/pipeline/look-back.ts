import type { Batch } from '../frame/batch.ts';

/** Whole windows that the matches of one batch may search. */
const SEARCHES_PER_BATCH = 64;

/** A record, and the way to those before it. */
export interface PastRecord {
  text(): string;
  /** Records of the input before this one that contain `needle`, nearest first, within the window's bytes. */
  earlier(needle: string): Iterable<PastRecord>;
}

/** The recent past of one input, within a bound in bytes, as matches search it. */
export interface Past {
  /** A batch begins: what its matches may search in all, so that a flood of matches cannot make each byte be read thousands of times. */
  begin(): void;
  /** The batch at hand has used up what it may search: what is not found now may well be there. */
  readonly exhausted: boolean;
  /** A record of the batch at hand. */
  record(batch: Batch, index: number): PastRecord;
}

/** What the searches of one batch may still read. */
export class SearchBudget {
  readonly #bytes: number;
  #left = 0;

  /** `bytes`: of one window. */
  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  begin(): void {
    this.#left = this.#bytes * SEARCHES_PER_BATCH;
  }

  take(bytes: number): void {
    this.#left -= bytes;
  }

  get exhausted(): boolean {
    return this.#left <= 0;
  }
}

/**
 * The past of an input that is framed into batches: the batch at hand and those before it. Nothing is indexed while events
 * stream by; a search reads the raw bytes backwards, and only when something matched.
 */
export class LookBackWindow implements Past {
  readonly #bytes: number;
  readonly #budget: SearchBudget;
  #past: Batch[] = [];

  constructor(bytes: number) {
    this.#bytes = bytes;
    this.#budget = new SearchBudget(bytes);
  }

  /** `batch` is done with and becomes the most recent past. */
  push(batch: Batch): void {
    this.#past.push(batch);
    let kept = 0;
    let first = this.#past.length;
    while (first > 0 && kept < this.#bytes) kept += this.#past[--first]?.bytes.length ?? 0;
    // The window is measured in bytes of the input, of which batches hold no more than there are.
    if (first > 0) this.#past = this.#past.slice(first);
  }

  begin(): void {
    this.#budget.begin();
  }

  get exhausted(): boolean {
    return this.#budget.exhausted;
  }

  /** Another input begins. */
  clear(): void {
    this.#past = [];
  }

  record(batch: Batch, index: number): PastRecord {
    return {
      text: () => bufferOver(batch).toString('utf8', batch.starts[index], batch.ends[index]),
      earlier: (needle) => this.#search(batch, index, needle),
    };
  }

  /** The window ends at an offset of the input, so what is found does not depend on how input was batched. */
  *#search(batch: Batch, index: number, needle: string): Generator<PastRecord> {
    if (needle === '') return;
    const floor = (batch.offsets[index] ?? 0) - this.#bytes;
    // Records hold no more bytes than the input has, so that nothing further back than this is in the window.
    let left = this.#bytes;
    let end = batch.starts[index] ?? 0;
    let current: Batch | undefined = batch;
    const known = this.#past.indexOf(batch);
    for (let past = (known === -1 ? this.#past.length : known) - 1; current !== undefined && left > 0; past--) {
      if (this.exhausted) return;
      this.#budget.take(Math.min(end, left));
      for (const found of searchBatch(current, Math.max(0, end - left), end, needle)) {
        if ((current.offsets[found] ?? 0) < floor) return;
        yield this.record(current, found);
      }
      left -= end;
      current = this.#past[past];
      end = current?.bytes.length ?? 0;
    }
  }
}

/** Records of `batch` that contain `needle` between two of its bytes, last first. */
function* searchBatch(batch: Batch, floor: number, end: number, needle: string): Generator<number> {
  const bytes = bufferOver(batch);
  let before = end;
  for (;;) {
    const at = before > 0 ? bytes.subarray(0, before).lastIndexOf(needle) : -1;
    if (at < floor) return;
    const index = recordAt(batch, at);
    const start = batch.starts[index] ?? 0;
    if (start < floor) return;
    // The needle may lie across two records that touch; then it is in neither.
    if (at + needle.length <= (batch.ends[index] ?? 0)) yield index;
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

function bufferOver({ bytes }: Batch): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
