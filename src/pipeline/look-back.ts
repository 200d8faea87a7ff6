import type { Batch } from '../frame/batch.ts';
import { BatchIds, soughtId } from './batch-ids.ts';
import type { SoughtId } from './batch-ids.ts';
import { endsInId, idNeedle, isIdByte } from './needle.ts';

/** Whole windows that the matches of one batch may search. */
const SEARCHES_PER_BATCH = 64;
/** What it costs, in bytes read, to ask a batch, or a segment of raw bytes, for an id, and to read a record that has it, for each of its bytes. */
export const ASKING = 64;
export const READING = 16;

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

/** Texts before ids for which the ids of a batch are listed: one for each shape. Others are an event's own. */
const MOST_TEXTS = 8;

/**
 * The past of an input that is framed into batches: the batch at hand and those before it. Nothing is indexed while events
 * stream by; only when something has matched, the ids in the batches are listed, once, or the raw bytes are read backwards.
 */
export class LookBackWindow implements Past {
  readonly #bytes: number;
  readonly #budget: SearchBudget;
  #past: Batch[] = [];
  /** By what stands before them; `undefined`: a batch has too many. */
  readonly #ids = new WeakMap<Batch, Map<string, BatchIds | undefined>>();

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

  /** The ids of a batch that stand behind a text; `undefined`: they are too many, or behind too many texts. */
  #idsOf(batch: Batch, before: string): BatchIds | undefined {
    let known = this.#ids.get(batch);
    if (known === undefined) this.#ids.set(batch, (known = new Map()));
    if (!known.has(before)) {
      if (known.size >= MOST_TEXTS) return undefined;
      known.set(before, BatchIds.behind(before, batch));
      this.#budget.take(Math.min(batch.bytes.length, this.#bytes));
    }
    return known.get(before);
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
    const parts = idNeedle(needle);
    const id = parts && soughtId(parts.id);
    for (let past = (known === -1 ? this.#past.length : known) - 1; current !== undefined && left > 0; past--) {
      if (this.exhausted) return;
      const ids = parts && this.#idsOf(current, parts.before);
      this.#budget.take(ids === undefined ? Math.min(end, left) : ASKING);
      const lastBefore = ids && id ? lastOf(ids, id, parts.before.length) : lastIn(current, needle);
      const last = lastBefore(end);
      // Mostly there is none.
      if (last !== -1)
        for (const found of recordsWith(needle, last, lastBefore, current, Math.max(0, end - left), end)) {
          if ((current.offsets[found] ?? 0) < floor) return;
          if (ids !== undefined)
            this.#budget.take(READING * ((current.ends[found] ?? 0) - (current.starts[found] ?? 0)));
          yield this.record(current, found);
        }
      left -= end;
      current = this.#past[past];
      end = current?.bytes.length ?? 0;
    }
  }
}

/** Gives the last place of a text that ends before another place, or -1; asked for places that only fall. */
type LastBefore = (before: number) => number;

function lastIn(batch: Batch, needle: string): LastBefore {
  const bytes = bufferOver(batch);
  return (before) => (before > 0 ? bytes.subarray(0, before).lastIndexOf(needle) : -1);
}

/** Of an id that stands behind a text of so many bytes: where that begins. */
function lastOf(ids: BatchIds, id: SoughtId, textLength: number): LastBefore {
  const lookFor = ids.lookFor(id);
  return (before) => {
    const place = lookFor(before);
    return place === -1 ? -1 : place - textLength;
  };
}

/** Records of `batch` that contain `needle` between two of its bytes, last first. `last`: what `lastBefore` said of the end. */
function* recordsWith(
  needle: string,
  last: number,
  lastBefore: LastBefore,
  batch: Batch,
  floor: number,
  end: number,
): Generator<number> {
  const bytes = bufferOver(batch);
  const whole = Buffer.from(needle);
  const goesOn = endsInId(needle);
  let before = end;
  for (let at = last; at >= floor; at = lastBefore(before)) {
    const index = recordAt(batch, at);
    const start = batch.starts[index] ?? 0;
    if (start < floor) return;
    // It may lie across two records that touch; then it is in neither.
    const to = at + whole.length;
    const recordEnd = batch.ends[index] ?? 0;
    const isThere =
      at >= start &&
      to <= recordEnd &&
      whole.compare(bytes, at, to) === 0 &&
      !(goesOn && to < recordEnd && isIdByte(bytes[to]));
    if (isThere) yield index;
    before = Math.min(before, isThere ? start : to - 1);
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
