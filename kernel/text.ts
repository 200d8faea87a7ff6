import { LINE_FEEDS } from './sixteens';

/** How many line feeds [from, to) holds. 16 bytes beyond `to` are read and must be memory. */
export function countLineFeeds(from: usize, to: usize): i32 {
  const feed = v128.load(LINE_FEEDS);
  let total = 0;
  let at = from;
  while (at + 16 <= to) {
    // Counts of 8 bits overflow after 255 steps.
    let sums = i8x16.splat(0);
    const stop = min(to, at + 255 * 16);
    for (; at + 16 <= stop; at += 16) sums = i8x16.sub(sums, i8x16.eq(v128.load(at), feed));
    const wide = i16x8.extadd_pairwise_i8x16_u(sums);
    const wider = i32x4.extadd_pairwise_i16x8_u(wide);
    total +=
      i32x4.extract_lane(wider, 0) +
      i32x4.extract_lane(wider, 1) +
      i32x4.extract_lane(wider, 2) +
      i32x4.extract_lane(wider, 3);
  }
  for (; at < to; at++) total += i32(load<u8>(at) == 10);
  return total;
}

let feeds = 0;

/** How many line feeds the last call of `countRecords` met. */
export function feedsCounted(): i32 {
  return feeds;
}

/** After so many bytes each, and so often, `countRecords` notes how many line feeds it has met. */
const NOTED_BYTES: usize = 32768;
const MOST_NOTED: usize = 64;
const noted: usize = memory.data(256, 4);

/** Where it has noted that: u32 each, the first of them 0. */
export function feedsNoted(): usize {
  return noted;
}

/**
 * How many lines of [from, to) hold something else than blanks. The byte before `from` is a line feed, and so is the last
 * byte, or the line that it ends is counted as it stands. 64 bytes beyond `to` are read and must be memory.
 */
export function countRecords(from: usize, to: usize): i32 {
  const feed = v128.load(LINE_FEEDS);
  feeds = 0;
  let blanks = 0;
  let nextNote = from;
  let note = noted;
  for (let at = from; at < to; at += 64) {
    if (at == nextNote) {
      if (note < noted + (MOST_NOTED << 2)) store<u32>(note, feeds);
      note += 4;
      nextNote += NOTED_BYTES;
    }
    const one = i8x16.eq(v128.load(at), feed);
    const two = i8x16.eq(v128.load(at, 16), feed);
    const three = i8x16.eq(v128.load(at, 32), feed);
    const four = i8x16.eq(v128.load(at, 48), feed);
    if (!v128.any_true(v128.or(v128.or(one, two), v128.or(three, four)))) continue;
    let places =
      <u64>i8x16.bitmask(one) |
      (<u64>i8x16.bitmask(two) << 16) |
      (<u64>i8x16.bitmask(three) << 32) |
      (<u64>i8x16.bitmask(four) << 48);
    if (to - at < 64) places &= (<u64>1 << <u64>(to - at)) - 1;
    feeds += <i32>popcnt(places);
    while (places != 0) {
      const end = at + <usize>ctz(places);
      places &= places - 1;
      // A blank (or another line feed) before a line feed: perhaps the whole line is blank.
      if (load<u8>(end - 1) <= 0x20 && isBlankLine(end, from)) blanks++;
    }
  }
  const isOpen = to > from && load<u8>(to - 1) != 10 && !isBlankLine(to, from);
  return feeds - blanks + i32(isOpen);
}

/** Is the line that ends before `end` blank? */
function isBlankLine(end: usize, from: usize): bool {
  for (let at = end - 1; at >= from; at--) {
    const byte = load<u8>(at);
    if (byte == 10) return true;
    if (byte != 0x20 && byte != 0x09 && byte != 0x0d) return false;
  }
  return true;
}

/** The first place in [from, to) of the `length` bytes at `needle`, or 0. 64 bytes beyond `to` can be read. */
export function findText(from: usize, to: usize, needle: usize, length: usize): usize {
  if (to < from || to - from < length) return 0;
  const last = to - length;
  choose(needle, length);
  const a = place0;
  const b = place1;
  const c = place2;
  const bytesA = i8x16.splat(byte0);
  const bytesB = i8x16.splat(byte1);
  const bytesC = i8x16.splat(byte2);
  for (let at = from; at <= last; at += 32) {
    const one = candidates(at, a, b, c, bytesA, bytesB, bytesC);
    const two = candidates(at + 16, a, b, c, bytesA, bytesB, bytesC);
    if (!v128.any_true(v128.or(one, two))) continue;
    let mask = <u32>i8x16.bitmask(one) | (<u32>i8x16.bitmask(two) << 16);
    while (mask != 0) {
      const place = at + <usize>ctz(mask);
      mask &= mask - 1;
      if (place > last) return 0;
      if (memory.compare(place, needle, length) == 0) return place;
    }
  }
  return 0;
}

/** As `findText`, the last such place. 64 bytes before `from` can be read. */
export function findLastText(from: usize, to: usize, needle: usize, length: usize): usize {
  if (to < from || to - from < length) return 0;
  choose(needle, length);
  const a = place0;
  const b = place1;
  const c = place2;
  const bytesA = i8x16.splat(byte0);
  const bytesB = i8x16.splat(byte1);
  const bytesC = i8x16.splat(byte2);
  for (let end = to - length + 1; end > from; end -= 32) {
    const at = end - 32;
    const one = candidates(at, a, b, c, bytesA, bytesB, bytesC);
    const two = candidates(at + 16, a, b, c, bytesA, bytesB, bytesC);
    if (v128.any_true(v128.or(one, two))) {
      let mask = <u32>i8x16.bitmask(one) | (<u32>i8x16.bitmask(two) << 16);
      while (mask != 0) {
        const bit = 31 - clz(mask);
        mask ^= 1 << bit;
        const place = at + <usize>bit;
        if (place < from) return 0;
        if (memory.compare(place, needle, length) == 0) return place;
      }
    }
    if (end - from <= 32) break;
  }
  return 0;
}

/** Three bytes of the text, toward its end, where an id differs from others: together they are hardly ever met. */
let place0: usize = 0;
let place1: usize = 0;
let place2: usize = 0;
let byte0: u8 = 0;
let byte1: u8 = 0;
let byte2: u8 = 0;

function choose(needle: usize, length: usize): void {
  place0 = length < 2 ? 0 : length - 2;
  place1 = length < 3 ? 0 : length - 3;
  place2 = length < 5 ? 0 : length - 5;
  byte0 = load<u8>(needle + place0);
  byte1 = load<u8>(needle + place1);
  byte2 = load<u8>(needle + place2);
}

@inline
function candidates(at: usize, a: usize, b: usize, c: usize, bytesA: v128, bytesB: v128, bytesC: v128): v128 {
  return v128.and(
    v128.and(i8x16.eq(v128.load(at + a), bytesA), i8x16.eq(v128.load(at + b), bytesB)),
    i8x16.eq(v128.load(at + c), bytesC),
  );
}
