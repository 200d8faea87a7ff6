import { findText } from './text';

/** Longest id that is told by all of its bytes. */
const MOST_BYTES: usize = 64;

/** Letters, digits and `_.-`: what ids are made of. */
function isIdByte(byte: u8): bool {
  return byte - 48 < 10 || (byte | 32) - 97 < 26 || byte == 0x5f || byte == 0x2e || byte == 0x2d;
}

/** The bit, of `bits` (a power of two), of the id that begins at `at`. 64 bytes behind it can be read. */
export function idBit(at: usize, bits: u32): u32 {
  let hash: u32 = 0x811c9dc5;
  for (let i: usize = 0; i < MOST_BYTES; i++) {
    const byte = load<u8>(at + i);
    if (!isIdByte(byte)) break;
    hash = (hash ^ <u32>byte) * 0x01000193;
  }
  return (hash ^ (hash >>> 15)) & (bits - 1);
}

/** Sets the bit of each id that stands behind the text at `prefix` where that begins in [from, to). */
export function markIds(from: usize, to: usize, prefix: usize, length: usize, into: usize, bits: u32): void {
  memory.fill(into, 0, bits >>> 3);
  let at = from;
  for (;;) {
    const found = findText(at, to + length - 1, prefix, length);
    if (found == 0) return;
    const bit = idBit(found + length, bits);
    const place = into + (bit >>> 3);
    store<u8>(place, load<u8>(place) | ((<u8>1) << (<u8>(bit & 7))));
    at = found + 1;
  }
}
