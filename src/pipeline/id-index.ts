import type { Kernel } from '../kernel/kernel.ts';
import { ASKING } from './look-back.ts';
import { idNeedle, LONGEST_ID } from './needle.ts';
import type { RawWindow } from './raw-window.ts';

const SEGMENT_BYTES = 64 * 1024;
/** The bits of a segment, which holds a few hundred ids. As in kernel/ids.ts. */
const BITS_BYTES = 2 * 1024;
const NUMBER_BYTES = 4;
const UNKNOWN = 0xff;
/** Room for the text before ids; a longer one is not sought by bits. */
const TEXT_BYTES = 256;
/** Bytes behind the record that looks back, mostly, that have been looked at already: a block and what is seen around it. */
const AHEAD_BYTES = 1536 * 1024;
/** Segments that are marked in one go as bytes come. */
const MOST_FOLLOWED = 8;

/** Texts before ids for which bits are kept: inputs may hold events of several shapes. */
const MOST_TEXTS = 4;

/** The bits for ids behind one text. */
interface Marks {
  readonly before: string;
  /** Kernel memory: the bits of each segment, by slot. */
  readonly bits: number;
  /** Kernel memory: numbers of the segments that the bits are of. */
  readonly numbers: number;
  /** Kernel memory: `before` itself. */
  readonly text: number;
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
  /** The newest segment when something was asked for last. */
  #asked = -Infinity;

  static bytesFor(lookBackBytes: number): number {
    return MOST_TEXTS * IdIndex.#sizeOfMarks(IdIndex.#segmentsFor(lookBackBytes));
  }

  static #sizeOfMarks(segments: number): number {
    return segments * (BITS_BYTES + NUMBER_BYTES) + TEXT_BYTES;
  }

  static #segmentsFor(lookBackBytes: number): number {
    return Math.ceil((lookBackBytes + AHEAD_BYTES) / SEGMENT_BYTES) + 2;
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
    this.#asked = -Infinity;
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
    // Less than a segment costs less to search than to mark.
    const isShort = before - floor <= SEGMENT_BYTES;
    if (prefix === undefined || prefix.length > TEXT_BYTES || isShort) return this.#search(floor, before, at, length);
    const marks = this.#marksOf(prefix);
    const hash = this.#kernel.functions.idHash(at + prefix.length);
    // At the edges of what can be seen segments are not whole: they are searched as they are.
    const newest = this.#newest(marks);
    const oldest = this.#oldest;
    this.#asked = Math.max(this.#asked, newest);
    const last = Math.floor((this.#window.offsetOf(before) - 1) / SEGMENT_BYTES);
    const first = Math.floor(this.#window.offsetOf(floor) / SEGMENT_BYTES);
    for (let number = last; number >= first; number--) {
      if (number <= newest && number >= oldest) number = this.#lastMarked(marks, Math.max(first, oldest), number, hash);
      if (number < first) return 0;
      const start = this.#window.placeOf(number * SEGMENT_BYTES);
      const end = Math.min(before, start + SEGMENT_BYTES + length - 1);
      const found = this.#search(Math.max(floor, start), end, at, length);
      if (found !== 0) return found;
    }
    return 0;
  }

  /**
   * Bytes came: segments among them that are whole now are marked while a core's own cache still holds them. Where nothing was asked for
   * lately, nothing is done.
   */
  follow(): void {
    const marks = this.#marks.at(-1);
    if (marks === undefined) return;
    const newest = this.#newest(marks);
    if (newest - this.#asked > this.#segments) return;
    for (let number = newest; number >= this.#oldest && number > newest - MOST_FOLLOWED; number--) {
      if (this.#isMarked(marks, number)) return;
      this.#mark(marks, number);
    }
  }

  /** The last segment that is whole: an id that begins in it is there to the end. */
  #newest({ before }: Marks): number {
    const behind = SEGMENT_BYTES + before.length + LONGEST_ID;
    return Math.floor((this.#window.offsetOf(this.#window.end) - behind) / SEGMENT_BYTES);
  }

  /** The first one. */
  get #oldest(): number {
    return Math.ceil(this.#window.offsetOf(this.#window.start) / SEGMENT_BYTES);
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
    const bits = oldest?.bits ?? this.#at + this.#marks.length * IdIndex.#sizeOfMarks(this.#segments);
    const numbers = bits + this.#segments * BITS_BYTES;
    const marks = known ?? { before, bits, numbers, text: numbers + this.#segments * NUMBER_BYTES };
    if (known === undefined) {
      this.#forget(marks);
      this.#window.bytes.write(before, marks.text);
    }
    this.#marks = [...this.#marks.filter((one) => one !== (known ?? oldest)), marks];
    return marks;
  }

  /** The last whole segment in [first, last] that may hold the id; one before the first where none does. */
  #lastMarked(marks: Marks, first: number, last: number, hash: number): number {
    const { bits, numbers } = marks;
    for (let from = last; ;) {
      const number = this.#kernel.functions.lastSegment(bits, numbers, this.#segments, first, from, hash);
      this.#cost += ASKING * (from - Math.max(number, first) + 1);
      if (number === -1) return first - 1;
      if (this.#isMarked(marks, number)) return number;
      this.#mark(marks, number);
      this.#cost += SEGMENT_BYTES;
      from = number;
    }
  }

  #isMarked({ numbers }: Marks, number: number): boolean {
    return this.#window.bytes.readInt32LE(numbers + (number % this.#segments) * NUMBER_BYTES) === number;
  }

  #mark({ before, bits, numbers, text }: Marks, number: number): void {
    const slot = number % this.#segments;
    const start = this.#window.placeOf(number * SEGMENT_BYTES);
    this.#kernel.functions.markIds(start, start + SEGMENT_BYTES, text, before.length, bits + slot * BITS_BYTES);
    this.#window.bytes.writeInt32LE(number, numbers + slot * NUMBER_BYTES);
  }

  #forget({ numbers }: Marks): void {
    this.#window.bytes.fill(UNKNOWN, numbers, numbers + this.#segments * NUMBER_BYTES);
  }
}
