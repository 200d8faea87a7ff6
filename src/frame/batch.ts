import { copyBytes } from '../base/copy-bytes.ts';
import type { LineFinder } from './line-finder.ts';

/**
 * A run of framed records: their bytes in one buffer, with something between them perhaps, and where each begins. Batches are what moves between threads, so
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

const GROWTH = 4;
/** The first batch behind a pause: where one event comes now and then, thousands of such batches are looked back into. */
const PAUSED_BYTES = 1024;

/** Fills batches. One builder serves one input. */
export class BatchBuilder {
  readonly #largest: number;
  #target: number;
  readonly #allocate: Allocate;
  readonly #sealed: (batch: Batch) => void;
  #sequence = 0;
  #bytes: Uint8Array = NOTHING;
  #used = 0;
  #count = 0;
  #places = new Places(FIRST_ROOM);

  /**
   * `largest`: bytes after which a batch is sealed; one larger record makes one larger batch. The first is sealed after
   * `first` bytes, and each may be four times the one before it: what stands at the beginning of an input is soon known.
   */
  constructor(largest: number, allocate: Allocate, sealed: (batch: Batch) => void, first = largest) {
    this.#largest = largest;
    this.#target = first;
    this.#allocate = allocate;
    this.#sealed = sealed;
  }

  /** Adds one record that lies in one piece. */
  add(source: Uint8Array, start: number, end: number, line: number, offset: number): void {
    this.#room(end - start);
    const at = this.#used;
    copyBytes(source, start, end, this.#bytes, at);
    this.#used += end - start;
    this.#record(at, this.#used, line, offset);
  }

  /** Adds one record made of several lines, joined by a line feed (the records of one audit event). */
  addLines(lines: readonly Uint8Array[], line: number, offset: number): void {
    let size = Math.max(0, lines.length - 1);
    for (const part of lines) size += part.length;
    this.#room(size);
    const at = this.#used;
    lines.forEach((part, i) => {
      if (i > 0) this.#bytes[this.#used++] = 10;
      copyBytes(part, 0, part.length, this.#bytes, this.#used);
      this.#used += part.length;
    });
    this.#record(at, this.#used, line, offset);
  }

  /**
   * Adds records that lie one behind another in `source`, with what stands between them: `count` lines that `lines` has
   * found. `from` and `offset`: where its place 0 is in `source`, and in the input; `line`: the number of its first line.
   */
  addRun(source: Uint8Array, from: number, lines: LineFinder, count: number, line: number, offset: number): void {
    for (let done = 0; done < count;) {
      const start = lines.first(done);
      this.#room(lines.end(done) - start);
      const most = start + this.#bytes.length - this.#used;
      const base = this.#used - start;
      let end = start;
      for (; done < count; done++) {
        const recordEnd = lines.end(done);
        if (recordEnd > most) break;
        end = recordEnd;
        this.#record(
          base + lines.first(done),
          base + end,
          line + lines.linesBefore(done),
          offset + lines.lineStart(done),
        );
      }
      copyBytes(source, from + start, from + end, this.#bytes, this.#used);
      this.#used += end - start;
    }
  }

  /** Hands out what has been gathered, if anything. */
  flush(): void {
    const count = this.#count;
    if (count === 0) return;
    const { starts, ends, lines, offsets } = this.#places;
    const batch: Batch = {
      sequence: this.#sequence++,
      bytes: this.#bytes.subarray(0, this.#used),
      count,
      starts: starts.slice(0, count),
      ends: ends.slice(0, count),
      lines: lines.slice(0, count),
      offsets: offsets.slice(0, count),
    };
    this.#target = Math.min(this.#largest, this.#target * GROWTH);
    this.#bytes = NOTHING;
    this.#used = 0;
    this.#count = 0;
    this.#sealed(batch);
  }

  /** Hands out what has been gathered because the input pauses. What comes next may be as little, and takes little memory. */
  pause(): void {
    this.flush();
    this.#target = Math.min(this.#target, PAUSED_BYTES);
  }

  #record(start: number, end: number, line: number, offset: number): void {
    const i = this.#count++;
    if (i >= this.#places.starts.length) this.#places = this.#places.larger();
    const { starts, ends, lines, offsets } = this.#places;
    starts[i] = start;
    ends[i] = end;
    lines[i] = line;
    offsets[i] = offset;
  }

  #room(size: number): void {
    if (this.#used + size <= this.#bytes.length) return;
    this.flush();
    this.#bytes = this.#allocate(Math.max(size, this.#target));
  }
}

const NOTHING = new Uint8Array(0);

/** Records that a builder has room for at first. */
const FIRST_ROOM = 64;

/** Where the records of a batch lie, as in `Batch`, with room for more. */
class Places {
  readonly starts: Uint32Array<ArrayBuffer>;
  readonly ends: Uint32Array<ArrayBuffer>;
  readonly lines: Float64Array<ArrayBuffer>;
  readonly offsets: Float64Array<ArrayBuffer>;

  constructor(room: number) {
    this.starts = new Uint32Array(room);
    this.ends = new Uint32Array(room);
    this.lines = new Float64Array(room);
    this.offsets = new Float64Array(room);
  }

  larger(): Places {
    const made = new Places(this.starts.length * 2);
    made.starts.set(this.starts);
    made.ends.set(this.ends);
    made.lines.set(this.lines);
    made.offsets.set(this.offsets);
    return made;
  }
}
