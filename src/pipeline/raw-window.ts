import type { Kernel } from '../kernel/kernel.ts';
import { PAGE_BYTES } from '../kernel/kernel.ts';

/** Bytes read at once: so few that a core's own cache still holds them when they are looked at. */
const READ_BYTES = 256 * 1024;
/** Read before what is kept has to be moved to the front. */
const ROOM_BYTES = 24 * 1024 * 1024;
/** The kernel reads ahead of and behind what it is asked about. */
const PADDING = 256;

const LINE_FEED = 10;

/** Reads bytes of an input from an offset on; gives how many there were. */
export type ReadAt = (offset: number, into: Uint8Array) => number;

/**
 * The latest bytes of an input in one piece of a kernel's memory: those not yet looked at, and the past that may still be
 * searched. Places are addresses in that memory; they hold until more room is asked for.
 */
export class RawWindow {
  readonly #kernel: Kernel;
  /** First address of the window. */
  readonly #base: number;
  #capacity: number;
  #bytes: Buffer;
  /** First address that holds a byte of the input; above `#base` where the past is read only when it is asked for. */
  #start: number;
  #end: number;
  /** Offset in the input of the byte at `#base`. */
  #offset = 0;
  #readAt: ReadAt | undefined;

  /** `base`: the first address of the kernel's memory that is free; `kept`: bytes of past that a caller keeps. */
  constructor(kernel: Kernel, base: number, kept: number) {
    this.#kernel = kernel;
    this.#base = base + PADDING;
    this.#capacity = kept + ROOM_BYTES;
    this.#start = this.#base;
    this.#end = this.#base;
    this.#bytes = Buffer.alloc(0);
    this.#grow();
  }

  /** All of the kernel's memory. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** The first address that holds a byte of the input. */
  get start(): number {
    return this.#start;
  }

  /** The first address that `reach` can make hold a byte of the input. */
  get first(): number {
    return this.#readAt === undefined ? this.#start : this.#base;
  }

  /** One past the last. */
  get end(): number {
    return this.#end;
  }

  offsetOf(place: number): number {
    return this.#offset + (place - this.#base);
  }

  placeOf(offset: number): number {
    return this.#base + (offset - this.#offset);
  }

  /** Begins anew, at an offset of another input. */
  reset(offset: number): void {
    this.#readAt = undefined;
    this.#offset = offset;
    this.#start = this.#base;
    this.#end = this.#base;
    this.#bytes[this.#base - 1] = LINE_FEED;
  }

  /**
   * Begins anew in the middle of an input, at `offset`: what went before, `kept` bytes of it at most, is read when something
   * asks for it.
   */
  resetAmid(offset: number, kept: number, readAt: ReadAt): void {
    const before = Math.min(offset, kept);
    if (before + ROOM_BYTES / 2 > this.#capacity) {
      this.#capacity = before + ROOM_BYTES / 2;
      this.#grow();
    }
    this.reset(offset - before);
    this.#readAt = readAt;
    this.#start = this.#base + before;
    this.#end = this.#start;
    this.#bytes[this.#start - 1] = LINE_FEED;
  }

  /**
   * Goes on at `offset` of the same input, with what is there of its past, or begins anew where that is not known. What is there behind
   * `offset` is read again.
   */
  goOnAmid(offset: number, kept: number, readAt: ReadAt): void {
    const place = this.placeOf(offset);
    if (this.#readAt === undefined || place < this.#start || place > this.#end) {
      this.resetAmid(offset, kept, readAt);
      return;
    }
    this.#readAt = readAt;
    this.#end = place;
  }

  /** Has the window begin at `place`, or as near to that as the input and its bounds let it; gives where it begins now. */
  reach(place: number): number {
    const from = Math.max(place, this.first);
    if (from < this.#start && this.#readAt !== undefined) {
      const into = this.#bytes.subarray(from, this.#start);
      // Bytes that can no longer be read are none of the past.
      if (this.#readAt(this.offsetOf(from), into) < into.length) this.#readAt = undefined;
      else this.#start = from;
      this.#bytes[this.#start - 1] = LINE_FEED;
    }
    return this.#start;
  }

  /** Where the next bytes of the input can be put; `appended` then takes them in. */
  room(keepFrom: number): Uint8Array {
    this.#make(READ_BYTES, keepFrom);
    return this.#bytes.subarray(this.#end, this.#end + READ_BYTES);
  }

  /** Takes in the next bytes, which may lie where `room` said. What lies before `keepFrom` may be given up. */
  append(chunk: Uint8Array, keepFrom: number): void {
    const isThere = chunk.buffer === this.#kernel.memory.buffer && chunk.byteOffset === this.#end;
    if (!isThere) {
      this.#make(chunk.length, keepFrom);
      this.#bytes.set(chunk, this.#end);
    }
    this.#end += chunk.length;
  }

  /** Gives up the last bytes. */
  cut(end: number): void {
    this.#end = end;
  }

  /** Puts a line feed behind the last byte, and nothing behind that, so that what lay there before is not read. */
  seal(): void {
    this.#bytes[this.#end] = LINE_FEED;
    this.#bytes.fill(0, this.#end + 1, this.#end + PADDING);
  }

  #make(size: number, keepFrom: number): void {
    if (this.#end + size <= this.#base + this.#capacity) return;
    const moved = Math.max(0, Math.min(keepFrom, this.#end) - this.#base);
    const from = Math.max(this.#start, this.#base + moved);
    this.#bytes.copyWithin(from - moved - 1, from - 1, this.#end);
    this.#offset += moved;
    this.#start = from - moved;
    this.#end -= moved;
    if (this.#end + size <= this.#base + this.#capacity) return;
    // A line longer than all that: twice the room, so that it is moved only so often.
    this.#capacity = 2 * (this.#end - this.#base + size);
    this.#grow();
  }

  #grow(): void {
    const needed = this.#base + this.#capacity + PADDING;
    const missing = needed - this.#kernel.memory.buffer.byteLength;
    if (missing > 0) this.#kernel.memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.#bytes = Buffer.from(this.#kernel.memory.buffer);
    this.#bytes[this.#base - 1] = LINE_FEED;
  }
}
