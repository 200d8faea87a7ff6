import { sameBytes } from './bytes';

/** Longest id that is told by all of its bytes. */
const MOST_BYTES: usize = 64;

/** Letters, digits and `_.-+/`: what ids are made of. As in src/pipeline/needle.ts. */
@inline
function idBytes(bytes: v128): v128 {
  const lower = v128.or(bytes, i8x16.splat(32));
  // From 0x2d on: - . / and digits.
  const digits = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x2d)), i8x16.splat(13));
  const letters = i8x16.lt_u(i8x16.sub(lower, i8x16.splat(97)), i8x16.splat(26));
  const others = v128.or(i8x16.eq(bytes, i8x16.splat(0x5f)), i8x16.eq(bytes, i8x16.splat(0x2b)));
  return v128.or(v128.or(digits, letters), others);
}

/** An id's place among others: two bits of a segment are set for it. 64 bytes behind `at`, where it begins, can be read. */
export function idHash(at: usize): u32 {
  let hash: u64 = 0;
  for (let i: usize = 0; i < MOST_BYTES; i += 16) {
    const bytes = v128.load(at + i);
    const count = ctz(~i8x16.bitmask(idBytes(bytes)));
    const places = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const own = v128.and(bytes, i8x16.lt_u(places, i8x16.splat(<i8>count)));
    hash = (hash ^ i64x2.extract_lane(own, 0)) * 0x9e3779b97f4a7c15;
    hash = ((hash ^ (hash >>> 32)) ^ i64x2.extract_lane(own, 1)) * 0xbf58476d1ce4e5b9;
    hash ^= hash >>> 29;
    if (count < 16) break;
  }
  return <u32>(hash >>> 32);
}

/** Bits of a segment, which holds a few hundred ids at most: a power of two. As in src/pipeline/id-index.ts. */
const BITS: u32 = 16 * 1024;

@inline
function holdsBit(bits: usize, bit: u32): bool {
  return ((load<u8>(bits + (bit >>> 3)) >> <u8>(bit & 7)) & 1) != 0;
}

@inline
function setBit(bits: usize, bit: u32): void {
  const byte = bits + (bit >>> 3);
  store<u8>(byte, load<u8>(byte) | ((<u8>1) << (<u8>(bit & 7))));
}

@inline
function firstBit(hash: u32): u32 {
  return hash & (BITS - 1);
}

@inline
function secondBit(hash: u32): u32 {
  return hash >>> 18;
}

/**
 * The highest number in [first, last] of a segment that may hold the id, or whose ids are not known; -1 where there is none. Segment n
 * has slot n % `slots`: its bits stand at `bits`, and at `numbers` which segment they are of.
 */
export function lastSegment(bits: usize, numbers: usize, slots: u32, first: i32, last: i32, hash: u32): i32 {
  let slot = <u32>last % slots;
  for (let number = last; number >= first; number--) {
    const known = load<i32>(numbers + (<usize>slot << 2)) == number;
    const at = bits + <usize>slot * (BITS >>> 3);
    if (!known || (holdsBit(at, firstBit(hash)) && holdsBit(at, secondBit(hash)))) return number;
    slot = slot == 0 ? slots - 1 : slot - 1;
  }
  return -1;
}

/** Bytes that are looked at together. */
const BLOCK: usize = 64;

@inline
function bothAt(at: usize, a: usize, b: usize, bytesA: v128, bytesB: v128): v128 {
  return v128.and(i8x16.eq(v128.load(at + a), bytesA), i8x16.eq(v128.load(at + b), bytesB));
}

/**
 * Sets, of the bits at `into`, those of each id that stands behind the text at `prefix` where that begins in [from, to), and no others.
 * 128 bytes and the length of the text can be read behind `to`.
 */
export function markIds(from: usize, to: usize, prefix: usize, length: usize, into: usize): void {
  memory.fill(into, 0, BITS >>> 3);
  const a = rarest(prefix, length, length);
  const b = rarest(prefix, length, a);
  const bytesA = i8x16.splat(load<u8>(prefix + a));
  const bytesB = i8x16.splat(load<u8>(prefix + b));
  for (let block = from; block < to; block += BLOCK) {
    const first = bothAt(block, a, b, bytesA, bytesB);
    const second = bothAt(block + 16, a, b, bytesA, bytesB);
    const third = bothAt(block + 32, a, b, bytesA, bytesB);
    const fourth = bothAt(block + 48, a, b, bytesA, bytesB);
    if (!v128.any_true(v128.or(v128.or(first, second), v128.or(third, fourth)))) continue;
    let mask =
      <u64>(<u32>i8x16.bitmask(first) | (<u32>i8x16.bitmask(second) << 16)) |
      (<u64>(<u32>i8x16.bitmask(third) | (<u32>i8x16.bitmask(fourth) << 16)) << 32);
    for (; mask != 0; mask &= mask - 1) {
      const place = block + <usize>ctz(mask);
      if (place >= to || !sameBytes(place, prefix, <u32>length)) continue;
      const hash = idHash(place + length);
      setBit(into, firstBit(hash));
      setBit(into, secondBit(hash));
    }
  }
}

/** Which byte of a text that is no id is met least in logs, but for one of them. */
function rarest(text: usize, length: usize, not: usize): usize {
  let best: usize = 0;
  let least = 100;
  for (let i: usize = 0; i < length; i++) {
    if (i == not) continue;
    const byte = load<u8>(text + i);
    // Capitals, then letters, digits, and signs between them last.
    const common = byte - 65 < 26 ? 0 : byte == 0x5f ? 1 : byte - 97 < 26 ? (byte == 0x65 ? 3 : 2) : 4;
    if (common >= least) continue;
    least = common;
    best = i;
  }
  return best;
}
