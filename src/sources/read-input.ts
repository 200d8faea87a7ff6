import { readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';

import { isEvtx } from '../evtx/read-chunk.ts';
import { decompress, isCompressed } from './decompress.ts';
import type { Input } from './list-inputs.ts';
import { evtxToJson } from './evtx.ts';
import type { SourceProblem } from './evtx.ts';
import { SourceError, systemCode } from './source-error.ts';
import { isUtf8Already, toUtf8 } from './to-utf8.ts';

const READ_BYTES = 1024 * 1024;
/** The first read is short: it tells what the input is, and the stages that look at it copy it. */
const FIRST_BYTES = 128 * 1024;

/**
 * The decoded bytes of an input: decompressed where its first bytes say gzip or zstd, UTF-16 turned into UTF-8, the
 * byte-order mark gone. A chunk is only good until the next is asked for (its memory is used again). Throws
 * `SourceError` where reading stops early; all that could be decoded has been given out by then.
 * `progress` is told of every run of raw bytes taken from the input. `room` is asked, before each read of a file that needs no
 * decoding, where to put its bytes.
 */
export async function* readInput(
  input: Input,
  progress: (bytes: number) => void,
  report: (problem: SourceProblem) => void = () => undefined,
  room: () => Uint8Array | undefined = () => undefined,
): AsyncGenerator<Uint8Array> {
  yield* toUtf8(evtxToJson(decompress(raw(input, progress, room)), report));
}

async function* raw(
  input: Input,
  progress: (bytes: number) => void,
  room: () => Uint8Array | undefined,
): AsyncGenerator<Uint8Array> {
  if (input.path === null) {
    // A wrapper of its own, so that ending early does not close the process's standard input.
    for await (const chunk of Readable.from(process.stdin)) {
      const bytes: unknown = chunk;
      if (!(bytes instanceof Uint8Array)) continue;
      progress(bytes.length);
      yield bytes;
    }
    return;
  }
  const file = await open(input.path).catch((cause: unknown) => {
    throw new SourceError('input-unreadable', `cannot open ${input.name} (${systemCode(cause) || 'unknown error'})`, {
      cause,
    });
  });
  try {
    let own = new Uint8Array(FIRST_BYTES);
    let isPlain: boolean | undefined;
    for (;;) {
      const place = isPlain === true ? room() : undefined;
      if (place === undefined && isPlain !== undefined && own.length < READ_BYTES) own = new Uint8Array(READ_BYTES);
      const buffer = place ?? own;
      const failed = (cause: unknown): never => {
        const code = systemCode(cause);
        throw new SourceError('input-unreadable', `reading ${input.name} failed (${code || 'unknown error'})`, {
          cause,
          retryable: code === 'EIO' || code === 'EAGAIN',
        });
      };
      const bytesRead =
        place === undefined
          ? (await file.read(buffer, 0, buffer.length).catch(failed)).bytesRead
          : readNow(file.fd, place, failed);
      if (bytesRead === 0) return;
      progress(bytesRead);
      isPlain ??= isPassedThrough(buffer.subarray(0, bytesRead));
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Who gives room looks at the bytes before anything else happens: waiting for another thread would cost more than reading. */
function readNow(fd: number, into: Uint8Array, failed: (cause: unknown) => never): number {
  try {
    return readSync(fd, into, 0, into.length, null);
  } catch (cause) {
    return failed(cause);
  }
}

/** Do the stages above hand chunks on as they are? Told from the first read, which is never shorter than their marks. */
function isPassedThrough(head: Uint8Array): boolean {
  return head.length >= 16 && !isCompressed(head) && !isEvtx(head) && isUtf8Already(head);
}
