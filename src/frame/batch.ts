/**
 * A run of framed records: their bytes in one buffer and where each begins. Batches are what moves between threads, so
 * the bytes may lie in shared memory; everything in it is flat and is never changed once it is sealed.
 */
export interface Batch {
  /** Number of the batch in its input, from 0: results are put out in this order. */
  readonly sequence: number;
  readonly bytes: Uint8Array;
  readonly count: number;
  /** First byte of record i in `bytes`. */
  readonly starts: Uint32Array;
  /** One past the last byte of record i in `bytes`, line end not included. */
  readonly ends: Uint32Array;
  /** 1-based line of the input on which record i begins. */
  readonly lines: Float64Array;
  /** Offset of record i in the decoded input. */
  readonly offsets: Float64Array;
}

/** Where a batch gets its bytes: shared memory when workers are to read it, ordinary memory otherwise. */
export type Allocate = (size: number) => Uint8Array;

const NONE = new Uint8Array(0);

/** Fills batches. One builder serves one input. */
export class BatchBuilder {
  readonly #target: number;
  readonly #allocate: Allocate;
  readonly #sealed: (batch: Batch) => void;
  #sequence = 0;
  /** Empty until a record comes. */
  #bytes: Uint8Array = NONE;
  #used = 0;
  #starts: number[] = [];
  #ends: number[] = [];
  #lines: number[] = [];
  #offsets: number[] = [];

  /** `target`: bytes after which a batch is sealed; one larger record makes one larger batch. */
  constructor(target: number, allocate: Allocate, sealed: (batch: Batch) => void) {
    this.#target = target;
    this.#allocate = allocate;
    this.#sealed = sealed;
  }

  /** Adds one record that lies in one piece. */
  add(source: Uint8Array, start: number, end: number, line: number, offset: number): void {
    this.#room(end - start);
    this.#begin(line, offset);
    this.#bytes.set(source.subarray(start, end), this.#used);
    this.#used += end - start;
    this.#ends.push(this.#used);
  }

  /** Adds one record made of several lines, joined by a line feed (the records of one audit event). */
  addLines(lines: readonly Uint8Array[], line: number, offset: number): void {
    let size = Math.max(0, lines.length - 1);
    for (const part of lines) size += part.length;
    this.#room(size);
    this.#begin(line, offset);
    lines.forEach((part, i) => {
      if (i > 0) this.#bytes[this.#used++] = 10;
      this.#bytes.set(part, this.#used);
      this.#used += part.length;
    });
    this.#ends.push(this.#used);
  }

  /** Hands out what has been gathered, if anything. */
  flush(): void {
    if (this.#starts.length === 0) return;
    const batch: Batch = {
      sequence: this.#sequence++,
      bytes: this.#bytes.subarray(0, this.#used),
      count: this.#starts.length,
      starts: Uint32Array.from(this.#starts),
      ends: Uint32Array.from(this.#ends),
      lines: Float64Array.from(this.#lines),
      offsets: Float64Array.from(this.#offsets),
    };
    this.#bytes = NONE;
    this.#used = 0;
    this.#starts = [];
    this.#ends = [];
    this.#lines = [];
    this.#offsets = [];
    this.#sealed(batch);
  }

  #begin(line: number, offset: number): void {
    this.#starts.push(this.#used);
    this.#lines.push(line);
    this.#offsets.push(offset);
  }

  #room(size: number): void {
    if (this.#used + size <= this.#bytes.length) return;
    this.flush();
    if (size > this.#bytes.length || this.#bytes === NONE) this.#bytes = this.#allocate(Math.max(size, this.#target));
  }
}
