import { createKernel, PAGE_BYTES } from '../kernel/kernel.ts';
import type { KernelFunctions } from '../kernel/kernel.ts';

/** The kernel reads up to this many bytes behind any place that it is given. */
export const PADDING = 64;

/** Memory grows by at least this. */
const GROWTH_BYTES = 2 * 1024 * 1024;

/**
 * The kernel's memory, handed out in pieces. What is given back is used again, whole or in part.
 * Views must be asked for anew after anything was taken: memory may have grown.
 */
export class KernelMemory {
  readonly kernel: KernelFunctions;
  readonly #memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** The first page is the kernel's own. */
  #end = PAGE_BYTES;
  #bytes: Uint8Array;
  #words: Uint32Array;
  /** Pieces that were given back, by place; no two of them touch. */
  readonly #free: { at: number; size: number }[] = [];
  readonly #sizes = new Map<number, number>();

  private constructor(kernel: KernelFunctions, memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }) {
    this.kernel = kernel;
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#words = new Uint32Array(memory.buffer);
  }

  /** `undefined` where the machine has no WebAssembly with SIMD. */
  static create(): KernelMemory | undefined {
    const made = createKernel(16);
    return made && new KernelMemory(made.functions, made.memory);
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** The same memory as 32-bit words: word i is at byte 4 × i. */
  get words(): Uint32Array {
    return this.#words;
  }

  get size(): number {
    return this.#bytes.length;
  }

  /** `size` bytes, zero, with PADDING behind them that may be read; at a multiple of 16. */
  take(size: number): number {
    const wanted = (size + PADDING + 15) & ~15;
    const place = this.#free.findIndex((piece) => piece.size >= wanted);
    const piece = this.#free[place];
    if (piece) {
      const { at } = piece;
      piece.at += wanted;
      piece.size -= wanted;
      if (piece.size === 0) this.#free.splice(place, 1);
      this.#bytes.fill(0, at, at + wanted);
      this.#sizes.set(at, wanted);
      return at;
    }
    const at = this.#end;
    this.#end += wanted;
    if (this.#end > this.#bytes.length) {
      const needed = this.#end - this.#bytes.length;
      this.#memory.grow(Math.ceil(Math.max(needed, GROWTH_BYTES) / PAGE_BYTES));
      this.#bytes = new Uint8Array(this.#memory.buffer);
      this.#words = new Uint32Array(this.#memory.buffer);
    }
    this.#sizes.set(at, wanted);
    return at;
  }

  /** Gives back what `take` gave. */
  release(at: number): void {
    const size = this.#sizes.get(at);
    if (size === undefined) return;
    this.#sizes.delete(at);
    const next = this.#free.findIndex((piece) => piece.at > at);
    const place = next === -1 ? this.#free.length : next;
    const before = this.#free[place - 1];
    const after = this.#free[place];
    const joinsBefore = before !== undefined && before.at + before.size === at;
    if (after !== undefined && at + size === after.at) {
      after.at = at;
      after.size += size;
      if (joinsBefore) {
        before.size += after.size;
        this.#free.splice(place, 1);
      }
    } else if (joinsBefore) before.size += size;
    else this.#free.splice(place, 0, { at, size });
  }
}

const CHUNK_BYTES = 128 * 1024;

/** Many small pieces that are given back together. */
export class Pool {
  readonly #memory: KernelMemory;
  readonly #chunks: number[] = [];
  #at = 0;
  #end = 0;

  constructor(memory: KernelMemory) {
    this.#memory = memory;
  }

  /** `size` bytes, zero, at a multiple of 16. What lies behind may be read, but belongs to others. */
  take(size: number): number {
    const wanted = (size + 15) & ~15;
    if (this.#at + wanted > this.#end) {
      const chunk = Math.max(CHUNK_BYTES, wanted);
      this.#at = this.#memory.take(chunk);
      this.#end = this.#at + chunk;
      this.#chunks.push(this.#at);
    }
    const at = this.#at;
    this.#at += wanted;
    return at;
  }

  release(): void {
    for (const at of this.#chunks) this.#memory.release(at);
    this.#chunks.length = 0;
    this.#at = 0;
    this.#end = 0;
  }
}
