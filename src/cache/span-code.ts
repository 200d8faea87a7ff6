import { invariant } from '../base/invariant.ts';
import type { Source, Span } from '../base/source.ts';
import type { SourceNumbers } from './pack.ts';

/**
 * Spans one after another: start and length of each, and before a span of another source than the one before it that source's
 * number, as -1 for 0, -2 for 1, and so on.
 */
export class SpanWriter {
  readonly code: number[] = [];
  readonly #sources: SourceNumbers;
  #source: Source | undefined;

  constructor(sources: SourceNumbers) {
    this.#sources = sources;
  }

  write({ source, start, end }: Span): void {
    if (source !== this.#source) {
      const number = this.#sources.numberOf(source);
      invariant(number !== undefined, 'a rule points into a text that is none of its files');
      this.code.push(-1 - number);
      this.#source = source;
    }
    this.code.push(start, end - start);
  }
}

/** Reads what a `SpanWriter` wrote, in the same order. */
export class SpanReader {
  readonly #code: readonly number[];
  readonly #sources: readonly Source[];
  #source: Source | undefined;
  #next = 0;

  constructor(code: readonly number[], sources: readonly Source[]) {
    this.#code = code;
    this.#sources = sources;
  }

  read(): Span {
    let start = this.#code[this.#next++] ?? 0;
    if (start < 0) {
      this.#source = this.#sources[-1 - start];
      start = this.#code[this.#next++] ?? 0;
    }
    const source = this.#source;
    invariant(source, 'a span without its source');
    return { source, start, end: start + (this.#code[this.#next++] ?? 0) };
  }
}
