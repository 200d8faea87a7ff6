// Comparing and hashing of bytes. Every place must have 16 bytes of memory behind it that may be read.
import { CAPITAL_AS, SPACES, TWENTY_SIXES } from './sixteens';

/** `bytes` with ASCII capitals made small. */
@inline
export function fold16(bytes: v128): v128 {
  const distance = i8x16.sub(bytes, v128.load(CAPITAL_AS));
  const isCapital = i8x16.lt_u(distance, v128.load(TWENTY_SIXES));
  return v128.or(bytes, v128.and(isCapital, v128.load(SPACES)));
}

/** The bits of the first `length` of 16 bytes. */
@inline
function firstBits(length: u32): i32 {
  return (1 << length) - 1;
}

/** Are `length` bytes at both places the same? */
export function sameBytes(a: usize, b: usize, length: u32): bool {
  while (length >= 16) {
    if (i8x16.bitmask(i8x16.eq(v128.load(a), v128.load(b))) != 0xffff) return false;
    a += 16;
    b += 16;
    length -= 16;
  }
  if (length == 0) return true;
  const bits = firstBits(length);
  return (i8x16.bitmask(i8x16.eq(v128.load(a), v128.load(b))) & bits) == bits;
}

/** Are `length` bytes at `a`, capitals made small, those at `folded`? */
export function sameFolded(a: usize, folded: usize, length: u32): bool {
  while (length >= 16) {
    if (i8x16.bitmask(i8x16.eq(fold16(v128.load(a)), v128.load(folded))) != 0xffff) return false;
    a += 16;
    folded += 16;
    length -= 16;
  }
  if (length == 0) return true;
  const bits = firstBits(length);
  return (i8x16.bitmask(i8x16.eq(fold16(v128.load(a)), v128.load(folded))) & bits) == bits;
}

const FIRST: u64 = 0xff51afd7ed558ccd;
const SECOND: u64 = 0x9e3779b97f4a7c15;

/** A hash of `length` bytes, 32 bits. Two sums of eight bytes each go side by side; the last bytes may be in both. */
export function hashBytes(at: usize, length: u32, seed: u32): u32 {
  let a: u64 = (<u64>seed << 32) ^ ((<u64>length + 1) * SECOND);
  let b: u64 = a;
  if (length >= 16) {
    const last = at + length - 16;
    for (; at < last; at += 16) {
      a = (a ^ load<u64>(at)) * FIRST;
      b = (b ^ load<u64>(at, 8)) * SECOND;
    }
    a = (a ^ load<u64>(last)) * FIRST;
    b = (b ^ load<u64>(last, 8)) * SECOND;
  } else if (length >= 8) {
    a = (a ^ load<u64>(at)) * FIRST;
    b = (b ^ load<u64>(at + length - 8)) * SECOND;
  } else if (length > 0) {
    a = (a ^ (load<u64>(at) & (((<u64>1) << (length << 3)) - 1))) * FIRST;
  }
  a ^= (b >> 29) ^ (b << 35);
  a ^= a >> 32;
  a *= 0xc4ceb9fe1a85ec53;
  return <u32>(a >> 32);
}
