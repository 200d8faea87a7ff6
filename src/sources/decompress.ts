import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import type { Gunzip, ZstdDecompress } from 'node:zlib';

import { SourceError, systemCode } from './source-error.ts';
import { ZstdFrames } from './zstd-frames.ts';

/** Compressed bytes handed to the decoder at once: small enough that damage costs little of what precedes it. */
const STEP_BYTES = 64 * 1024;
/** Decoded bytes a decoder gives at once. When it meets damage, at most this much before the place is lost. */
const CHUNK_BYTES = 32 * 1024;

/** Do these first bytes say gzip or zstd? */
export function isCompressed(head: Uint8Array): boolean {
  return isGzip(head) || ZstdFrames.isMagic(head);
}

function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

type Decoder = Gunzip | ZstdDecompress;

/**
 * Decompresses by what the first bytes say, not by a file's name: gzip (any number of members), zstd (any number of
 * frames, skippable ones too), else the bytes as they are. Throws `SourceError` `input-cut` where the compressed data
 * stops early and `input-corrupt` where they are damaged, after giving out what could be decoded.
 */
export async function* decompress(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const input = new Peeked(source);
  const head = await input.peek(4);
  if (isGzip(head)) {
    yield* decode(createGunzip({ flush: constants.Z_SYNC_FLUSH, chunkSize: CHUNK_BYTES }), input, 'gzip');
  } else if (ZstdFrames.isMagic(head)) {
    yield* decodeZstd(input);
  } else {
    yield* input;
  }
}

/** Node's decoder stops after the first frame of several, so each frame gets a decoder of its own. */
async function* decodeZstd(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const frames = new ZstdFrames(input);
  while (await frames.next()) {
    yield* decode(createZstdDecompress({ chunkSize: CHUNK_BYTES }), frames.bytes(), 'zstd');
  }
}

async function* decode(decoder: Decoder, input: AsyncIterable<Uint8Array>, format: string): AsyncGenerator<Uint8Array> {
  const ready: Buffer[] = [];
  let failed: (error: Error) => void = () => undefined;
  let failure: Error | undefined;
  decoder.on('data', (chunk: Buffer) => ready.push(chunk));
  decoder.on('error', (error: Error) => {
    failure = error;
    failed(error);
  });
  /** Runs one step of the decoder and waits until it is done or has failed. */
  const step = (run: (done: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      failed = () => resolve();
      run(resolve);
    });
  let taken = 0;
  try {
    reading: for await (const chunk of input) {
      for (let from = 0; from < chunk.length; from += STEP_BYTES) {
        // The decoder works on other threads after this call returns, and the chunk's memory will be used again.
        const part = chunk.slice(from, from + STEP_BYTES);
        await step((done) => decoder.write(part, () => done()));
        taken += part.length;
        yield* ready.splice(0);
        if (decoder.errored) break reading;
      }
    }
    if (!decoder.errored) {
      await step((done) => {
        decoder.once('end', done);
        decoder.end();
      });
    }
    yield* ready.splice(0);
  } finally {
    decoder.destroy();
  }
  if (!failure) return;
  if (systemCode(failure) === 'Z_BUF_ERROR') {
    throw new SourceError(
      'input-cut',
      `the ${format} data stop early, after ${taken} compressed bytes; what was there has been read`,
      {
        cause: failure,
      },
    );
  }
  throw new SourceError(
    'input-corrupt',
    `the ${format} data are damaged before compressed byte ${taken} (${failure.message}); what precedes has been read`,
    {
      cause: failure,
    },
  );
}

/** An iteration whose first bytes can be looked at beforehand. */
class Peeked implements AsyncIterable<Uint8Array> {
  readonly #rest: AsyncIterator<Uint8Array>;
  #held: Uint8Array[] = [];

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#rest = source[Symbol.asyncIterator]();
  }

  async peek(count: number): Promise<Uint8Array> {
    let size = 0;
    while (size < count) {
      const next = await this.#rest.next();
      if (next.done) break;
      this.#held.push(next.value.slice());
      size += next.value.length;
    }
    return Buffer.concat(this.#held);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#held.splice(0);
      for (;;) {
        const next = await this.#rest.next();
        if (next.done) return;
        yield next.value;
      }
    } finally {
      await this.#rest.return?.();
    }
  }
}
