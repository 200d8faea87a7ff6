import type { Kernel } from '../kernel/kernel.ts';
import { PAGE_BYTES } from '../kernel/kernel.ts';

/** Bytes read at once: so few that a core's own cache still holds them when they are looked at. */
const READ_BYTES = 256 * 1024;
/** Read before what is kept has to be moved to the front. */
const ROOM_BYTES = 24 * 1024 * 1024;
/** The kernel reads ahead of and behind what it is asked about. */
const PADDING = 256;

const LINE_FEED = 10;

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
  #end: number;
  /** Offset in the input of the byte at `#base`. */
  #offset = 0;

  /** `base`: the first address of the kernel's memory that is free; `kept`: bytes of past that a caller keeps. */
  constructor(kernel: Kernel, base: number, kept: number) {
    this.#kernel = kernel;
    this.#base = base + PADDING;
    this.#capacity = kept + ROOM_BYTES;
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
    return this.#base;
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
    this.#offset = offset;
    this.#end = this.#base;
    this.#bytes[this.#base - 1] = LINE_FEED;
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
    const from = Math.max(this.#base, Math.min(keepFrom, this.#end));
    this.#bytes.copyWithin(this.#base - 1, from - 1, this.#end);
    this.#offset += from - this.#base;
    this.#end -= from - this.#base;
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
