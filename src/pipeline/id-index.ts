import type { Kernel } from '../kernel/kernel.ts';
import { idNeedle } from './needle.ts';
import type { RawWindow } from './raw-window.ts';

const SEGMENT_BYTES = 64 * 1024;
/** Bits of a segment, which holds a few hundred ids. */
const BITS = 16 * 1024;
/** Behind a segment: an id that begins in it is there to the end. */
const BEHIND = 128;

/**
 * Searches backwards for texts that hold an id (` pid=1234 `), in bytes that are searched again and again: where in a segment
 * what stands before the id is followed by no such id, the segment is passed over. A segment is read for that once.
 */
export class IdIndex {
  readonly #kernel: Kernel;
  readonly #window: RawWindow;
  /** Kernel memory: the bits of each segment, then the text at hand. */
  readonly #bits: number;
  readonly #segments: number;
  /** Numbers of the segments that the bits are of, by slot. */
  readonly #numbers: number[];
  #prefix = '';

  static bytesFor(lookBackBytes: number): number {
    return IdIndex.#segmentsFor(lookBackBytes) * (BITS / 8);
  }

  static #segmentsFor(lookBackBytes: number): number {
    return Math.ceil(lookBackBytes / SEGMENT_BYTES) + 2;
  }

  constructor(kernel: Kernel, window: RawWindow, at: number, lookBackBytes: number) {
    this.#kernel = kernel;
    this.#window = window;
    this.#bits = at;
    this.#segments = IdIndex.#segmentsFor(lookBackBytes);
    this.#numbers = Array.from({ length: this.#segments }, () => -1);
  }

  /** Another input begins. */
  clear(): void {
    this.#numbers.fill(-1);
  }

  /** The last place in [floor, before) of the text, whose `length` bytes stand at `at` in the kernel's memory; or 0. */
  findLast(floor: number, before: number, text: string, at: number, length: number): number {
    const { functions } = this.#kernel;
    const prefix = idNeedle(text)?.before;
    if (prefix === undefined) return functions.findLastText(floor, before, at, length);
    if (prefix !== this.#prefix) {
      this.#prefix = prefix;
      this.clear();
    }
    const bit = functions.idBit(at + prefix.length, BITS);
    const last = Math.floor((this.#window.offsetOf(before) - BEHIND) / SEGMENT_BYTES);
    for (let number = last; ; number--) {
      const start = this.#window.placeOf(number * SEGMENT_BYTES);
      const end = Math.min(before, number === last ? before : start + SEGMENT_BYTES + length - 1);
      // The first is not whole, the last perhaps not in the window: they are searched as they are.
      const isWhole = number !== last && start > floor;
      if (!isWhole || this.#holds(number, start, at, prefix.length, bit)) {
        const found = functions.findLastText(Math.max(floor, start), end, at, length);
        if (found !== 0) return found;
      }
      if (start <= floor) return 0;
    }
  }

  #holds(number: number, start: number, at: number, length: number, bit: number): boolean {
    const slot = number % this.#segments;
    const place = this.#bits + slot * (BITS / 8);
    if (this.#numbers[slot] !== number) {
      this.#kernel.functions.markIds(start, start + SEGMENT_BYTES, at, length, place, BITS);
      this.#numbers[slot] = number;
    }
    return (((this.#window.bytes[place + (bit >> 3)] ?? 0) >> (bit & 7)) & 1) === 1;
  }
}
