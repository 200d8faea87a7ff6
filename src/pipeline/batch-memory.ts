import type { Batch } from '../frame/batch.ts';

interface Held {
  readonly batch: Batch;
  /** Bytes of all batches handed out up to and including this one. */
  readonly upTo: number;
}

const MOST_FREE = 8;

/**
 * Shared memory for batches, used again as soon as no worker can look back into it. Left to the collectors of several
 * threads, each of which sees little of it, it would pile up.
 */
export class BatchMemory {
  readonly #lookBackBytes: number;
  #free: SharedArrayBuffer[] = [];
  #held: Held[] = [];
  #handedOut = 0;

  constructor(lookBackBytes: number) {
    this.#lookBackBytes = lookBackBytes;
  }

  allocate(size: number): Uint8Array {
    const at = this.#free.findIndex((buffer) => buffer.byteLength >= size);
    const [reused] = at === -1 ? [] : this.#free.splice(at, 1);
    return new Uint8Array(reused ?? new SharedArrayBuffer(size), 0, size);
  }

  /** The batch goes to the workers; returns the mark that `done` is told when a worker is through with it. */
  handOut(batch: Batch): number {
    this.#handedOut += batch.bytes.length;
    this.#held.push({ batch, upTo: this.#handedOut });
    return this.#handedOut;
  }

  /** Every worker is through with all batches up to this mark: what lies a window before it is free. */
  done(mark: number): void {
    let gone = 0;
    for (const { batch, upTo } of this.#held) {
      if (upTo + this.#lookBackBytes > mark) break;
      gone++;
      const { buffer } = batch.bytes;
      if (buffer instanceof SharedArrayBuffer) this.#keep(buffer);
    }
    if (gone > 0) this.#held = this.#held.slice(gone);
  }

  /** The largest, since those fit any batch. */
  #keep(buffer: SharedArrayBuffer): void {
    this.#free.push(buffer);
    if (this.#free.length <= MOST_FREE) return;
    this.#free.sort((a, b) => b.byteLength - a.byteLength);
    this.#free.pop();
  }
}
