import { createKernel, PAGE_BYTES } from '../kernel/kernel.ts';
import type { Kernel } from '../kernel/kernel.ts';

/** Bytes that are looked at together. */
const PIECE_BYTES = 256 * 1024;
/** Lines of it that are told at a time, as four words each. */
const MOST_LINES = 4096;
const LINE_WORDS = 4;

/** As in kernel/records.ts. */
const ODD_LINE = 1;
const NO_ROOM = 2;

/** The first page is the kernel's own. */
const PIECE_AT = PAGE_BYTES;
const PADDING = 64;
const LINES_AT = PIECE_AT + PIECE_BYTES + PADDING;
const PAGES = Math.ceil((LINES_AT + MOST_LINES * LINE_WORDS * 4) / PAGE_BYTES);

/** Some lines of a piece of input. Good until the finder is asked again. */
export interface FoundLines {
  readonly count: number;
  /** Lines that were passed, blank ones too, and the first place behind them. */
  readonly lines: number;
  readonly next: number;
  /** Where the line ends that is the caller's to deal with: it is no object, or too long. -1: there is none. */
  readonly oddEnd: number;
  /** Are there more lines? */
  readonly isMore: boolean;
}

/** Lines of one audit event: how many, and where the last of them and the first end. */
export interface FoundEvent {
  readonly lines: number;
  readonly end: number;
  readonly firstEnd: number;
}

/** Finds lines that hold one record each, many at a time. One for a thread: nobody keeps what it says. */
export class LineFinder {
  readonly #kernel: Kernel;
  readonly #bytes: Uint8Array;
  /** Words of line i from 4 × i on: see `findRecords` in kernel/records.ts; places as in `PIECE_AT`. */
  readonly #words: Uint32Array;
  #size = 0;
  #noEventBefore = 0;

  private constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#bytes = new Uint8Array(kernel.memory.buffer);
    this.#words = new Uint32Array(kernel.memory.buffer, LINES_AT, MOST_LINES * LINE_WORDS);
  }

  /** `undefined` where the machine has no SIMD. */
  static create(): LineFinder | undefined {
    const kernel = createKernel(PAGES);
    return kernel && new LineFinder(kernel);
  }

  /** Takes as much of the input as it can look at; gives how many bytes that are. */
  load(input: Uint8Array, from: number): number {
    this.#noEventBefore = 0;
    this.#size = Math.min(PIECE_BYTES, input.length - from);
    this.#bytes.set(input.subarray(from, from + this.#size), PIECE_AT);
    return this.#size;
  }

  /** Lines of what was loaded, from the beginning of one on. */
  find(from: number, longest: number): FoundLines {
    const { functions } = this.#kernel;
    const count = functions.findRecords(
      PIECE_AT + from,
      PIECE_AT + this.#size,
      Math.min(longest, PIECE_BYTES),
      LINES_AT,
      MOST_LINES,
    );
    const stopped = functions.recordsStopped();
    return {
      count,
      lines: functions.recordsLines(),
      next: functions.recordsNext() - PIECE_AT,
      oddEnd: stopped === ODD_LINE ? functions.oddLineEnd() - PIECE_AT : -1,
      isMore: stopped === NO_ROOM,
    };
  }

  /** The audit event that begins at `from`, if it is whole and nothing stands between its lines. What was read in vain is not read again. */
  event(from: number): FoundEvent | undefined {
    if (from < this.#noEventBefore) return undefined;
    const { functions } = this.#kernel;
    const end = functions.findEvent(PIECE_AT + from, PIECE_AT + this.#size);
    if (end === 0) {
      this.#noEventBefore = functions.eventStopped() - PIECE_AT;
      return undefined;
    }
    return { end: end - PIECE_AT, firstEnd: functions.firstLineEnd() - PIECE_AT, lines: functions.eventLines() };
  }

  /** No line before `to` is asked for an event: lines that will not be taken together would be read over and over. */
  passEvents(to: number): void {
    this.#noEventBefore = to;
  }

  /** First byte of the record in line i. */
  first(i: number): number {
    return (this.#words[i * LINE_WORDS] ?? 0) - PIECE_AT;
  }

  /** One past its last byte. */
  end(i: number): number {
    return (this.#words[i * LINE_WORDS + 1] ?? 0) - PIECE_AT;
  }

  /** Lines passed before it. */
  linesBefore(i: number): number {
    return this.#words[i * LINE_WORDS + 2] ?? 0;
  }

  /** Where the line begins. */
  lineStart(i: number): number {
    return (this.#words[i * LINE_WORDS + 3] ?? 0) - PIECE_AT;
  }
}

let known: { readonly finder: LineFinder | undefined } | undefined;

/** That of this thread. */
export function lineFinder(): LineFinder | undefined {
  known ??= { finder: LineFinder.create() };
  return known.finder;
}
