import type { Kernel } from '../kernel/kernel.ts';
import { ASKING } from './look-back.ts';
import { idNeedle } from './needle.ts';
import type { RawWindow } from './raw-window.ts';

const SEGMENT_BYTES = 64 * 1024;
/** Bits of a segment, which holds a few hundred ids. */
const BITS = 16 * 1024;
/** Behind a segment: an id that begins in it is there to the end. */
const BEHIND = 128;

/** Texts before ids for which bits are kept: inputs may hold events of several shapes. */
const MOST_TEXTS = 4;

/** The bits for ids behind one text. */
interface Marks {
  readonly before: string;
  /** Kernel memory: the bits of each segment. */
  readonly bits: number;
  /** Numbers of the segments that the bits are of, by slot. */
  readonly numbers: number[];
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
    return MOST_TEXTS * IdIndex.#segmentsFor(lookBackBytes) * (BITS / 8);
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
    for (const { numbers } of this.#marks) numbers.fill(-1);
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
    const bit = this.#kernel.functions.idBit(at + prefix.length, BITS);
    const last = Math.floor((this.#window.offsetOf(before) - BEHIND) / SEGMENT_BYTES);
    for (let number = last; ; number--) {
      const start = this.#window.placeOf(number * SEGMENT_BYTES);
      const end = Math.min(before, number === last ? before : start + SEGMENT_BYTES + length - 1);
      // The first is not whole, the last perhaps not in the window: they are searched as they are.
      const isWhole = number !== last && start > floor;
      if (!isWhole || this.#holds(marks, number, start, at, bit)) {
        const found = this.#search(Math.max(floor, start), end, at, length);
        if (found !== 0) return found;
      }
      if (start <= floor) return 0;
    }
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
    const size = this.#segments * (BITS / 8);
    const [oldest] = this.#marks.length === MOST_TEXTS ? this.#marks : [];
    const marks = known ?? {
      before,
      bits: oldest?.bits ?? this.#at + this.#marks.length * size,
      numbers: Array.from({ length: this.#segments }, () => -1),
    };
    this.#marks = [...this.#marks.filter((one) => one !== (known ?? oldest)), marks];
    return marks;
  }

  #holds({ before, bits, numbers }: Marks, number: number, start: number, at: number, bit: number): boolean {
    const slot = number % this.#segments;
    const place = bits + slot * (BITS / 8);
    this.#cost += ASKING;
    if (numbers[slot] !== number) {
      this.#kernel.functions.markIds(start, start + SEGMENT_BYTES, at, before.length, place, BITS);
      numbers[slot] = number;
      this.#cost += SEGMENT_BYTES;
    }
    return (((this.#window.bytes[place + (bit >> 3)] ?? 0) >> (bit & 7)) & 1) === 1;
  }
}
