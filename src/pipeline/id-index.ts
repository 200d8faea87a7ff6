import type { Kernel } from '../kernel/kernel.ts';
import { ASKING } from './look-back.ts';
import { idNeedle, LONGEST_ID } from './needle.ts';
import type { RawWindow } from './raw-window.ts';

const SEGMENT_BYTES = 64 * 1024;
/** The bits of a segment, which holds a few hundred ids. As in kernel/ids.ts. */
const BITS_BYTES = 2 * 1024;
const NUMBER_BYTES = 4;
const UNKNOWN = 0xff;
/** Texts before ids for which bits are kept: inputs may hold events of several shapes. */
const MOST_TEXTS = 4;

/** The bits for ids behind one text. */
interface Marks {
  readonly before: string;
  /** Kernel memory: the bits of each segment, by slot. */
  readonly bits: number;
  /** Kernel memory: numbers of the segments that the bits are of. */
  readonly numbers: number;
}

/**
 * Searches backwards for texts that hold an id (` pid=1234 `), in bytes that are searched again and again: where in a segment
 * what stands before the id is followed by no such id, the segment is passed over. A segment is read for that once.
 */
export class IdIndex {
  readonly #kernel: Kernel;
  readonly #window: RawWindow;
  /** Kernel memory for all marks. */
  readonly #at: number;
  readonly #segments: number;
  /** The one that was asked for last comes last. */
  #marks: readonly Marks[] = [];
  /** What searches have cost since that was asked for, in bytes read. */
  #cost = 0;

  static bytesFor(lookBackBytes: number): number {
    return MOST_TEXTS * IdIndex.#segmentsFor(lookBackBytes) * (BITS_BYTES + NUMBER_BYTES);
  }

  static #segmentsFor(lookBackBytes: number): number {
    return Math.ceil(lookBackBytes / SEGMENT_BYTES) + 2;
  }

  constructor(kernel: Kernel, window: RawWindow, at: number, lookBackBytes: number) {
    this.#kernel = kernel;
    this.#window = window;
    this.#at = at;
    this.#segments = IdIndex.#segmentsFor(lookBackBytes);
  }

  /** Another input begins. */
  clear(): void {
    for (const marks of this.#marks) this.#forget(marks);
  }

  /** What searches have cost since this was asked for last, in bytes read: segments that are passed over are not. */
  takeCost(): number {
    const cost = this.#cost;
    this.#cost = 0;
    return cost;
  }

  /** The last place in [floor, before) of the text, whose `length` bytes stand at `at` in the kernel's memory; or 0. */
  findLast(floor: number, before: number, text: string, at: number, length: number): number {
    const prefix = idNeedle(text)?.before;
    if (prefix === undefined) return this.#search(floor, before, at, length);
    const marks = this.#marksOf(prefix);
    const hash = this.#kernel.functions.idHash(at + prefix.length);
    // At the edges of what can be seen segments are not whole: they are searched as they are.
    const behind = SEGMENT_BYTES + prefix.length + LONGEST_ID;
    const newest = Math.floor((this.#window.offsetOf(this.#window.end) - behind) / SEGMENT_BYTES);
    const oldest = Math.ceil(this.#window.offsetOf(this.#window.start) / SEGMENT_BYTES);
    const last = Math.floor((this.#window.offsetOf(before) - 1) / SEGMENT_BYTES);
    const first = Math.floor(this.#window.offsetOf(floor) / SEGMENT_BYTES);
    for (let number = last; number >= first; number--) {
      if (number <= newest && number >= oldest)
        number = this.#lastMarked(marks, Math.max(first, oldest), number, at, hash);
      if (number < first) return 0;
      const start = this.#window.placeOf(number * SEGMENT_BYTES);
      const end = Math.min(before, start + SEGMENT_BYTES + length - 1);
      const found = this.#search(Math.max(floor, start), end, at, length);
      if (found !== 0) return found;
    }
    return 0;
  }

  #search(floor: number, before: number, at: number, length: number): number {
    const found = this.#kernel.functions.findLastText(floor, before, at, length);
    this.#cost += Math.max(0, before - Math.max(found, floor));
    return found;
  }

  /** Those of the text that was asked for longest ago make room for a new one. */
  #marksOf(before: string): Marks {
    const last = this.#marks.at(-1);
    if (last?.before === before) return last;
    const known = this.#marks.find((one) => one.before === before);
    const [oldest] = this.#marks.length === MOST_TEXTS ? this.#marks : [];
    const bits = oldest?.bits ?? this.#at + this.#marks.length * this.#segments * (BITS_BYTES + NUMBER_BYTES);
    const marks = known ?? { before, bits, numbers: bits + this.#segments * BITS_BYTES };
    if (known === undefined) this.#forget(marks);
    this.#marks = [...this.#marks.filter((one) => one !== (known ?? oldest)), marks];
    return marks;
  }

  /** The last whole segment in [first, last] that may hold the id; one before the first where none does. */
  #lastMarked({ before, bits, numbers }: Marks, first: number, last: number, at: number, hash: number): number {
    const { functions } = this.#kernel;
    for (let from = last; ;) {
      const number = functions.lastSegment(bits, numbers, this.#segments, first, from, hash);
      this.#cost += ASKING * (from - Math.max(number, first) + 1);
      if (number === -1) return first - 1;
      const slot = number % this.#segments;
      const known = numbers + slot * NUMBER_BYTES;
      if (this.#window.bytes.readInt32LE(known) === number) return number;
      const start = this.#window.placeOf(number * SEGMENT_BYTES);
      functions.markIds(start, start + SEGMENT_BYTES, at, before.length, bits + slot * BITS_BYTES);
      this.#window.bytes.writeInt32LE(number, known);
      this.#cost += SEGMENT_BYTES;
      from = number;
    }
  }

  #forget({ numbers }: Marks): void {
    this.#window.bytes.fill(UNKNOWN, numbers, numbers + this.#segments * NUMBER_BYTES);
  }
}
