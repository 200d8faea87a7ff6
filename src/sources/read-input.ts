import { fstatSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';

import { isEvtx } from '../evtx/read-chunk.ts';
import { decompress, isCompressed } from './decompress.ts';
import type { Input } from './list-inputs.ts';
import { evtxToJson } from './evtx.ts';
import type { SourceProblem } from './evtx.ts';
import { SourceError, systemCode } from './source-error.ts';
import { isUtf8Already, toUtf8 } from './to-utf8.ts';

const READ_BYTES = 1024 * 1024;
/** The first bytes of an input are copied by each stage that looks for its mark in them. */
const FIRST_READ_BYTES = 16 * 1024;

/**
 * The decoded bytes of an input: decompressed where its first bytes say gzip or zstd, UTF-16 turned into UTF-8, the
 * byte-order mark gone. A chunk is only good until the next is asked for (its memory is used again). Throws
 * `SourceError` where reading stops early; all that could be decoded has been given out by then.
 * `progress` is told of every run of raw bytes taken from the input. `plain` is asked before each read of a file that needs no
 * decoding.
 */
export async function* readInput(
  input: Input,
  progress: (bytes: number) => void,
  report: (problem: SourceProblem) => void = () => undefined,
  plain: PlainFileReader = {},
): AsyncGenerator<Uint8Array> {
  yield* toUtf8(evtxToJson(decompress(raw(input, progress, plain)), report));
}

/** What is asked before each read of a file whose bytes need no decoding. */
export interface PlainFileReader {
  /** Reads the rest by itself, until `read` gives 0; or says `false`. */
  readonly drain?: (read: ReadNext) => Promise<boolean>;
  /** Takes over the file, of which `read` bytes have been read, and closes it; or says `false`. */
  readonly take?: (file: FileHandle, read: number) => Promise<boolean>;
}

/** Reads the next bytes of a file; gives how many there were. */
export type ReadNext = (into: Uint8Array) => number;

/** The buffer of an input that was read to its end, for the next: many small files would leave many to the collector. */
let idle: Uint8Array | undefined;

async function* raw(
  input: Input,
  progress: (bytes: number) => void,
  { drain, take }: PlainFileReader,
): AsyncGenerator<Uint8Array> {
  const failed = (cause: unknown): never => {
    const code = systemCode(cause);
    throw new SourceError('input-unreadable', `reading ${input.name} failed (${code || 'unknown error'})`, {
      cause,
      retryable: code === 'EIO' || code === 'EAGAIN',
    });
  };
  if (input.path === null) {
    // Node reads nothing from one, and says nothing.
    if (isDirectory(process.stdin)) throw new SourceError('input-unreadable', `${input.name} is a folder`);
    // A wrapper of its own, so that ending early does not close the process's standard input.
    const chunks: AsyncIterator<unknown> = Readable.from(process.stdin)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { done, value } = await chunks.next().catch(failed);
        if (done === true) return;
        if (!(value instanceof Uint8Array)) continue;
        progress(value.length);
        yield value;
      }
    } finally {
      await chunks.return?.();
    }
  }
  const file = await open(input.path).catch((cause: unknown) => {
    throw new SourceError('input-unreadable', `cannot open ${input.name} (${systemCode(cause) || 'unknown error'})`, {
      cause,
    });
  });
  let isTaken = false;
  try {
    const own = idle ?? new Uint8Array(READ_BYTES);
    idle = undefined;
    const isFile = await isRegular(file);
    let isPlain: boolean | undefined;
    let read = 0;
    const readNext: ReadNext = (into) => {
      const bytesRead = readNow(file.fd, into, failed);
      if (bytesRead > 0) progress(bytesRead);
      return bytesRead;
    };
    for (;;) {
      isTaken = isPlain === true && take !== undefined && (await take(file, read));
      if (isTaken) break;
      const isRead = isPlain === true && isFile;
      if (isRead && drain !== undefined && (await drain(readNext))) break;
      const buffer = isPlain === undefined ? own.subarray(0, FIRST_READ_BYTES) : own;
      const bytesRead = isRead
        ? readNow(file.fd, buffer, failed)
        : (await file.read(buffer, 0, buffer.length).catch(failed)).bytesRead;
      if (bytesRead === 0) break;
      progress(bytesRead);
      read += bytesRead;
      isPlain ??= isPassedThrough(buffer.subarray(0, bytesRead));
      yield buffer.subarray(0, bytesRead);
    }
    idle = own;
  } finally {
    if (!isTaken) await file.close();
  }
}

function isDirectory({ fd }: { readonly fd?: number }): boolean {
  try {
    return fd !== undefined && fstatSync(fd).isDirectory();
  } catch {
    return false;
  }
}

async function isRegular(file: FileHandle): Promise<boolean> {
  try {
    return (await file.stat()).isFile();
  } catch {
    return false;
  }
}

/** The bytes of a file are mostly there: waiting for another thread would cost more than reading. */
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
