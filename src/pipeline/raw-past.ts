import type { Batch } from '../frame/batch.ts';
import { READING, SearchBudget } from './look-back.ts';
import type { Past, PastRecord } from './look-back.ts';
import type { IdIndex } from './id-index.ts';
import { endsInId, isIdByte } from './needle.ts';
import type { RawRecords } from './raw-records.ts';
import type { RawWindow } from './raw-window.ts';

/** Bytes of the past that are read first, where they are not in the window. */
const FIRST_STEP = 256 * 1024;

/** The past of an input whose bytes lie unframed in a window: a record is framed when a search finds it. */
export class RawPast implements Past {
  readonly #window: RawWindow;
  readonly #records: RawRecords;
  readonly #ids: IdIndex;
  readonly #bytes: number;
  readonly #budget: SearchBudget;
  /** Where what can be seen ends, whatever has been read. */
  seen = 0;
  /** Kernel memory for the text that is looked for, and how long it may be. */
  readonly #needle: number;
  readonly #longest: number;

  constructor(window: RawWindow, records: RawRecords, ids: IdIndex, bytes: number, needle: number, longest: number) {
    this.#window = window;
    this.#records = records;
    this.#ids = ids;
    this.#bytes = bytes;
    this.#budget = new SearchBudget(bytes);
    this.#needle = needle;
    this.#longest = longest;
  }

  begin(): void {
    this.#budget.begin();
  }

  get exhausted(): boolean {
    return this.#budget.exhausted;
  }

  record(batch: Batch, index: number): PastRecord {
    const place = this.#window.placeOf(batch.offsets[index] ?? 0);
    return {
      text: () => '',
      earlier: (needle) => this.#search(place, needle),
    };
  }

  *#search(from: number, needle: string): Generator<PastRecord> {
    if (needle === '' || Buffer.byteLength(needle) > this.#longest) return;
    const floor = Math.max(this.#window.first, from - this.#bytes);
    let before = from;
    let last = -1;
    // An id at the end of the needle may be the beginning of a longer one.
    const goesOn = endsInId(needle);
    while (before > floor) {
      if (this.exhausted) return;
      // Other searches, of the parent that is found here, write theirs to the same place.
      const length = this.#window.bytes.write(needle, this.#needle);
      // Ends an id that the needle ends with.
      this.#window.bytes[this.#needle + length] = 0;
      const at = this.#findLast(floor, before, needle, length);
      this.#budget.take(this.#ids.takeCost());
      if (at === 0) return;
      if (goesOn && isIdByte(this.#window.bytes[at + length])) {
        before = at + length - 1;
        continue;
      }
      const line = this.#records.lineAt(at, from);
      before = line.lineStart;
      if (line.lineStart < floor || at < line.start || at + length > line.end) continue;
      const record = this.#records.recordOf(line, this.seen);
      const place = record.lines[0]?.lineStart ?? line.lineStart;
      // Two lines of one event may hold it.
      if (place === last || place < floor || place >= from) continue;
      last = place;
      this.#budget.take(READING * record.lines.reduce((sum, one) => sum + one.end - one.start, 0));
      yield {
        text: () => record.lines.map((one) => this.#window.bytes.toString('utf8', one.start, one.end)).join('\n'),
        earlier: (next) => this.#search(place, next),
      };
    }
  }
  /** The last place of the needle in [floor, before), or 0. What is not in the window yet is read as the search comes to it. */
  #findLast(floor: number, before: number, needle: string, length: number): number {
    let to = before;
    for (let step = FIRST_STEP; ; step *= 2) {
      const { start } = this.#window;
      const from = Math.max(floor, start >= to ? this.#window.reach(to - step) : start);
      const at = this.#ids.findLast(from, to, needle, this.#needle, length);
      if (at !== 0 || from <= floor || from >= to) return at;
      // It may stand across the edge.
      to = Math.min(before, from + length - 1);
      if (this.#window.reach(from - step) >= from) return 0;
    }
  }
}
