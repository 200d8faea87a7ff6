import type { Batch } from '../frame/batch.ts';

interface Held {
  readonly batch: Batch;
  /** Bytes of all batches handed out up to and including this one. */
  readonly upTo: number;
}

/** Where batches lie: shared by all threads, or of one. */
export type BatchBuffer = SharedArrayBuffer | ArrayBuffer;

/** Buffers that wait to be used again: those of a whole window, and smaller ones. A record that needs more than the largest is rare. */
const MOST_FREE = 16;
const LARGEST_FREE = 4 * 1024 * 1024;

/**
 * Memory for batches, used again as soon as nobody can look back into it. Left to the collectors of several threads, each of
 * which sees little of it, it would pile up; left to that of one, it would be collected so often that this takes longer than
 * reading the batches.
 */
export class BatchMemory {
  readonly #lookBackBytes: number;
  readonly #make: (size: number) => BatchBuffer;
  #free: BatchBuffer[] = [];
  #held: Held[] = [];
  #handedOut = 0;

  constructor(lookBackBytes: number, make: (size: number) => BatchBuffer) {
    this.#lookBackBytes = lookBackBytes;
    this.#make = make;
  }

  /** In the smallest that will do: a small batch in a large buffer would have a large one made for the next. */
  allocate(size: number): Uint8Array {
    let at = -1;
    let least = Infinity;
    this.#free.forEach(({ byteLength }, i) => {
      if (byteLength < size || byteLength >= least) return;
      at = i;
      least = byteLength;
    });
    const [reused] = at === -1 ? [] : this.#free.splice(at, 1);
    return new Uint8Array(reused ?? this.#make(size), 0, size);
  }

  /** The batch goes to those who evaluate it; returns the mark that `done` is told when one of them is through with it. */
  handOut(batch: Batch): number {
    this.#handedOut += batch.bytes.length;
    this.#held.push({ batch, upTo: this.#handedOut });
    return this.#handedOut;
  }

  /** Everybody is through with all batches up to this mark: what lies a window before it is free. */
  done(mark: number): void {
    this.#giveUp(mark - this.#lookBackBytes);
  }

  /** Another input begins, and everybody is through with the batches of those before it: nobody looks back into them. */
  begin(): void {
    this.#giveUp(this.#handedOut);
  }

  /** Batches up to this mark are free. */
  #giveUp(mark: number): void {
    let gone = 0;
    for (const { batch, upTo } of this.#held) {
      if (upTo > mark) break;
      gone++;
      const { buffer } = batch.bytes;
      if (buffer.byteLength <= LARGEST_FREE) this.#keep(buffer);
    }
    if (gone > 0) this.#held = this.#held.slice(gone);
  }

  /** The largest, since those fit any batch. */
  #keep(buffer: BatchBuffer): void {
    this.#free.push(buffer);
    if (this.#free.length <= MOST_FREE) return;
    this.#free.sort((a, b) => b.byteLength - a.byteLength);
    this.#free.pop();
  }
}

/** Of the last scan on one thread, which is done with it: its buffers serve the next one. */
let idle: { readonly lookBackBytes: number; readonly memory: BatchMemory } | undefined;

/** Memory of one thread's own. */
export function takeBatchMemory(lookBackBytes: number): BatchMemory {
  const waiting = idle;
  idle = undefined;
  if (waiting?.lookBackBytes === lookBackBytes) return waiting.memory;
  return new BatchMemory(lookBackBytes, (size) => new ArrayBuffer(size));
}

/** A scan is done with it. */
export function releaseBatchMemory(lookBackBytes: number, memory: BatchMemory): void {
  memory.begin();
  idle = { lookBackBytes, memory };
}
