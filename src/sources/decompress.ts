import { constants, crc32, createInflateRaw, createZstdDecompress, inflateRawSync } from 'node:zlib';

import { Decoding } from './decoding.ts';
import { checkGzipTrailer, isGzip, nextGzipMember } from './gzip-members.ts';
import { HeldBytes } from './held-bytes.ts';
import { ZstdFrames } from './zstd-frames.ts';

/** Decoded bytes a decoder gives at once. When it meets damage, at most this much before the place is lost. */
const CHUNK_BYTES = 32 * 1024;

/** A member of so few bytes, which decode to no more than that, is decoded at once. */
const SMALL_BYTES = 16 * 1024;
const MOST_OF_SMALL = 256 * 1024;

/** Do these first bytes say gzip or zstd? */
export function isCompressed(head: Uint8Array): boolean {
  return isGzip(head) || ZstdFrames.isMagic(head);
}

/**
 * Decompresses by what the first bytes say, not by a file's name: gzip (any number of members), zstd (any number of
 * frames, skippable ones too), else the bytes as they are. Each member and frame has a decoder of its own: whatever follows,
 * what is whole comes out. Throws `SourceError` `input-cut` where the compressed data stops early and `input-corrupt` where
 * they are damaged, after giving out what could be decoded, but for at most 32 KiB before damage.
 */
export async function* decompress(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const input = new HeldBytes(source);
  try {
    await input.fill(4);
    if (isGzip(input.held)) yield* decodeGzip(input);
    else if (ZstdFrames.isMagic(input.held)) yield* decodeZstd(input);
    else yield* input;
  } finally {
    await input.close();
  }
}

async function* decodeGzip(input: HeldBytes): AsyncGenerator<Uint8Array> {
  while (await nextGzipMember(input)) {
    const small = smallMember(input.held.subarray(0, SMALL_BYTES));
    if (small !== undefined) {
      input.take(small.used);
      yield small.decoded;
      await checkGzipTrailer(input, crc32(small.decoded), small.decoded.length);
      continue;
    }
    const decoder = createInflateRaw({ flush: constants.Z_SYNC_FLUSH, chunkSize: CHUNK_BYTES });
    const decoding = new Decoding(decoder, 'gzip');
    let crc = 0;
    let size = 0;
    for await (const chunk of decoding.decode(input)) {
      crc = crc32(chunk, crc);
      size += chunk.length;
      yield chunk;
    }
    input.giveBack(decoding.left);
    await checkGzipTrailer(input, crc, size);
  }
}

/**
 * What the member that begins here decodes to, and of how many bytes; `undefined` where it is longer than what is there, or damaged.
 * Where each line is a member, to make a decoder takes a hundred times as long as what it then does.
 */
function smallMember(bytes: Uint8Array): { readonly decoded: Buffer; readonly used: number } | undefined {
  try {
    const result: unknown = inflateRawSync(bytes, { info: true, maxOutputLength: MOST_OF_SMALL });
    return isInfo(result) ? { decoded: result.buffer, used: result.engine.bytesWritten } : undefined;
  } catch {
    return undefined;
  }
}

/** With `info` zlib gives the decoder too, which the types do not tell. */
function isInfo(
  result: unknown,
): result is { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } } {
  return typeof result === 'object' && result !== null && 'buffer' in result && 'engine' in result;
}

async function* decodeZstd(input: HeldBytes): AsyncGenerator<Uint8Array> {
  const frames = new ZstdFrames(input);
  while (await frames.next()) {
    const decoder = createZstdDecompress({ chunkSize: CHUNK_BYTES });
    yield* new Decoding(decoder, 'zstd').decode(frames.bytes());
  }
}
