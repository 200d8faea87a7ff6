/** How many line feeds [from, to) holds. 16 bytes beyond `to` are read and must be memory. */
export function countLineFeeds(from: usize, to: usize): i32 {
  const feed = i8x16.splat(10);
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

/**
 * How many lines of [from, to) hold something else than blanks. The byte before `from` is a line feed, and so is the last
 * byte, or the line that it ends is counted as it stands. 64 bytes beyond `to` are read and must be memory.
 */
export function countRecords(from: usize, to: usize): i32 {
  const feed = i8x16.splat(10);
  const blank = i8x16.splat(33);
  feeds = countLineFeeds(from, to);
  let blanks = 0;
  for (let at = from; at < to; at += 64) {
    // A blank (or another line feed) before a line feed: perhaps the whole line is blank.
    const one = v128.and(i8x16.eq(v128.load(at), feed), i8x16.lt_u(v128.load(at - 1), blank));
    const two = v128.and(i8x16.eq(v128.load(at, 16), feed), i8x16.lt_u(v128.load(at, 15), blank));
    const three = v128.and(i8x16.eq(v128.load(at, 32), feed), i8x16.lt_u(v128.load(at, 31), blank));
    const four = v128.and(i8x16.eq(v128.load(at, 48), feed), i8x16.lt_u(v128.load(at, 47), blank));
    if (!v128.any_true(v128.or(v128.or(one, two), v128.or(three, four)))) continue;
    let doubtful =
      <u64>i8x16.bitmask(one) |
      (<u64>i8x16.bitmask(two) << 16) |
      (<u64>i8x16.bitmask(three) << 32) |
      (<u64>i8x16.bitmask(four) << 48);
    while (doubtful != 0) {
      const end = at + <usize>ctz(doubtful);
      doubtful &= doubtful - 1;
      if (end < to && isBlankLine(end, from)) blanks++;
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

/** The first place in [from, to) of the `length` bytes at `needle`, or 0. 16 bytes beyond `to` can be read. */
export function findText(from: usize, to: usize, needle: usize, length: usize): usize {
  if (to < from || to - from < length) return 0;
  const last = to - length;
  choose(needle, length);
  for (let at = from; at <= last; at += 16) {
    let mask = candidates(at);
    while (mask != 0) {
      const place = at + <usize>ctz(mask);
      mask &= mask - 1;
      if (place > last) return 0;
      if (memory.compare(place, needle, length) == 0) return place;
    }
  }
  return 0;
}

/** As `findText`, the last such place. */
export function findLastText(from: usize, to: usize, needle: usize, length: usize): usize {
  if (to < from || to - from < length) return 0;
  choose(needle, length);
  let end = to - length + 1;
  while (end > from) {
    const at = end - from >= 16 ? end - 16 : from;
    let mask = candidates(at);
    if (end - at < 16) mask &= (1 << (<i32>(end - at))) - 1;
    while (mask != 0) {
      const bit = 31 - clz(mask);
      mask ^= 1 << bit;
      const place = at + <usize>bit;
      if (memory.compare(place, needle, length) == 0) return place;
    }
    end = at;
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

function candidates(at: usize): i32 {
  return i8x16.bitmask(
    v128.and(
      v128.and(
        i8x16.eq(v128.load(at + place0), i8x16.splat(byte0)),
        i8x16.eq(v128.load(at + place1), i8x16.splat(byte1)),
      ),
      i8x16.eq(v128.load(at + place2), i8x16.splat(byte2)),
    ),
  );
}
