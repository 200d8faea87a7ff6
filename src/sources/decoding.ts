import type { InflateRaw, ZstdDecompress } from 'node:zlib';

import { SourceError, systemCode } from './source-error.ts';

/** Compressed bytes handed to the decoder at once: small enough that damage costs little of what precedes it. */
const STEP_BYTES = 64 * 1024;

/** One run of a decoder over compressed data, which may end before its input does. */
export class Decoding {
  readonly #decoder: InflateRaw | ZstdDecompress;
  readonly #format: string;
  readonly #ready: Buffer[] = [];
  #failure: Error | undefined;
  #hasEnded = false;
  /** Goes on with what waits for the decoder. */
  #wake: () => void = () => undefined;
  /** Bytes of the chunk that was drawn last and that lie behind the end of the data, once they have ended: good until the next is drawn. */
  left: Uint8Array = new Uint8Array(0);

  constructor(decoder: InflateRaw | ZstdDecompress, format: string) {
    this.#decoder = decoder;
    this.#format = format;
    decoder.on('data', (chunk: Buffer) => this.#ready.push(chunk));
    decoder.on('error', (error: Error) => {
      this.#failure ??= error;
      this.#wake();
    });
    // Data may end by themselves; the decoder then leaves the write that has shown it without an answer.
    decoder.on('end', () => {
      this.#hasEnded = true;
      this.#wake();
    });
    decoder.on('close', () => this.#wake());
  }

  /** What the input decodes to. Throws `SourceError` where it is cut or damaged. */
  async *decode(input: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
    const decoder = this.#decoder;
    let taken = 0;
    try {
      reading: for await (const chunk of input) {
        for (let from = 0; from < chunk.length; from += STEP_BYTES) {
          // The decoder works on other threads after this call returns, and the chunk's memory will be used again.
          const part = chunk.slice(from, from + STEP_BYTES);
          await this.#step((done) => decoder.write(part, () => done()));
          yield* this.#ready.splice(0);
          if (this.#failure === undefined && this.#hasEnded) {
            this.left = chunk.subarray(from + Math.max(0, decoder.bytesWritten - taken));
            return;
          }
          taken += part.length;
          if (this.#failure !== undefined) break reading;
        }
      }
      if (this.#failure === undefined) await this.#step(() => decoder.end());
      yield* this.#ready.splice(0);
    } finally {
      decoder.destroy();
    }
    if (this.#failure !== undefined) throw this.#problem(this.#failure, taken);
  }

  /** Runs one step of the decoder and waits until it is done, or the decoder with everything. */
  #step(run: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#hasEnded || this.#failure !== undefined || this.#decoder.destroyed) resolve();
      else run(resolve);
    });
  }

  #problem(cause: Error, taken: number): SourceError {
    const format = this.#format;
    if (systemCode(cause) === 'Z_BUF_ERROR') {
      const message = `the ${format} data stop early, after ${taken} compressed bytes; what was there has been read`;
      return new SourceError('input-cut', message, { cause });
    }
    const message = `the ${format} data are damaged before compressed byte ${taken} (${cause.message}); what precedes has been read, but for at most the last 32 KiB`;
    return new SourceError('input-corrupt', message, { cause });
  }
}
