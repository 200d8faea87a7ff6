import type { HeldBytes } from './held-bytes.ts';
import { SourceError } from './source-error.ts';

/** RFC 1952, 2.3: the fixed part of a member's header, and what its flags announce behind it. */
const MAGIC = [0x1f, 0x8b];
const HEADER_BYTES = 10;
const HAS_HEADER_CHECK = 0x02;
const HAS_EXTRA = 0x04;
const HAS_NAME = 0x08;
const HAS_COMMENT = 0x10;
const RESERVED = 0xe0;
const DEFLATE = 8;
/** CRC-32 of the decoded bytes and their number modulo 2³². */
const TRAILER_BYTES = 8;

export function isGzip(head: Uint8Array): boolean {
  return head[0] === MAGIC[0] && head[1] === MAGIC[1];
}

/**
 * Reads up to the deflated data of the next member; `false`: there is none. Zeros behind the last one are padding, of tapes
 * and blocks.
 */
export async function nextGzipMember(input: HeldBytes): Promise<boolean> {
  let isPadding = false;
  while (await input.fill(1)) {
    const { held } = input;
    const end = held.findIndex((byte) => byte !== 0);
    if (end === 0) break;
    isPadding = true;
    input.take(end === -1 ? held.length : end);
  }
  if (!(await input.fill(1))) return false;
  await input.fill(2);
  const [first, second] = input.held;
  if (isPadding || first !== MAGIC[0] || (second ?? MAGIC[1]) !== MAGIC[1])
    throw corrupt('are followed by bytes that begin no gzip member; what precedes has been read');
  if (!(await input.fill(HEADER_BYTES))) throw cut();
  const method = input.uint(2, 1);
  const flags = input.uint(3, 1);
  if (method !== DEFLATE || (flags & RESERVED) !== 0)
    throw corrupt('have a member whose header is not of this format; what precedes has been read');
  input.take(HEADER_BYTES);
  if ((flags & HAS_EXTRA) !== 0) {
    if (!(await input.fill(2))) throw cut();
    if (!(await input.skip(2 + input.uint(0, 2)))) throw cut();
  }
  if ((flags & HAS_NAME) !== 0) await skipText(input);
  if ((flags & HAS_COMMENT) !== 0) await skipText(input);
  if ((flags & HAS_HEADER_CHECK) !== 0 && !(await input.skip(2))) throw cut();
  return true;
}

/** What stands behind the deflated data of a member must be true of what they decoded to. */
export async function checkGzipTrailer(input: HeldBytes, crc: number, size: number): Promise<void> {
  if (!(await input.fill(TRAILER_BYTES))) throw cut();
  const isRight = input.uint(0, 4) === crc && input.uint(4, 4) === size % 2 ** 32;
  input.take(TRAILER_BYTES);
  if (!isRight) throw corrupt('have a member that is not what its checksum says; it has been read as it is');
}

/** A text that a zero ends. */
async function skipText(input: HeldBytes): Promise<void> {
  while (await input.fill(1)) {
    const end = input.held.indexOf(0);
    input.take(end === -1 ? input.held.length : end + 1);
    if (end !== -1) return;
  }
  throw cut();
}

function cut(): SourceError {
  return new SourceError('input-cut', 'the gzip data stop early; what was there has been read');
}

function corrupt(what: string): SourceError {
  return new SourceError('input-corrupt', `the gzip data ${what}`);
}
