import { readSync } from 'node:fs';

import { copyBytes } from '../base/copy-bytes.ts';

const BLOCK_BYTES = 1024 * 1024;

/** Where a thread reads bytes of an input: in a file that is open in the process, or in blocks of shared memory. */
export type SharedSource =
  | {
      readonly kind: 'file';
      readonly fd: number;
      /** Bytes of the file before the input's first (a byte-order mark). */
      readonly before: number;
    }
  | {
      readonly kind: 'memory';
      readonly blocks: readonly SharedArrayBuffer[];
      /** Offset in the input of the first block's first byte. */
      readonly offset: number;
    };

/** Copies what there is from `offset` on; gives how many bytes that is. Throws what the system says of a file. */
export function readShared(source: SharedSource, offset: number, into: Uint8Array): number {
  let read = 0;
  if (source.kind === 'file') {
    while (read < into.length) {
      const more = readSync(source.fd, into, read, into.length - read, source.before + offset + read);
      if (more === 0) break;
      read += more;
    }
    return read;
  }
  while (read < into.length) {
    const at = offset + read - source.offset;
    const block = source.blocks[Math.floor(at / BLOCK_BYTES)];
    if (at < 0 || block === undefined) break;
    const from = at % BLOCK_BYTES;
    const length = Math.min(BLOCK_BYTES - from, into.length - read);
    copyBytes(new Uint8Array(block), from, from + length, into, read);
    read += length;
  }
  return read;
}

/** The latest bytes of an input, in blocks of shared memory that are used again: for the input, and then for others. */
export class SharedBytes {
  readonly #free: SharedArrayBuffer[];
  #blocks: SharedArrayBuffer[] = [];
  /** Offset of the first block. */
  #offset = 0;
  #end = 0;

  /** `free`: blocks that nobody uses, of all inputs. */
  constructor(free: SharedArrayBuffer[]) {
    this.#free = free;
  }

  /** Offset of the first byte that is not there yet. */
  get end(): number {
    return this.#end;
  }

  append(chunk: Uint8Array): void {
    for (let from = 0; from < chunk.length;) {
      const at = this.#end % BLOCK_BYTES;
      if (at === 0) this.#blocks.push(this.#free.pop() ?? new SharedArrayBuffer(BLOCK_BYTES));
      const block = this.#blocks.at(-1);
      if (block === undefined) return;
      const to = Math.min(chunk.length, from + BLOCK_BYTES - at);
      copyBytes(chunk, from, to, new Uint8Array(block), at);
      this.#end += to - from;
      from = to;
    }
  }

  /** What lies before an offset is read no more. */
  release(before: number): void {
    const count = Math.min(this.#blocks.length, Math.max(0, Math.floor((before - this.#offset) / BLOCK_BYTES)));
    const gone = this.#blocks.slice(0, count);
    this.#blocks = this.#blocks.slice(count);
    this.#offset += count * BLOCK_BYTES;
    this.#free.push(...gone);
  }

  /** As other threads see what is there now. */
  source(): SharedSource {
    return { kind: 'memory', blocks: this.#blocks, offset: this.#offset };
  }
}
