/**
 * Looks for sparks: places of raw bytes without which no rule can match. A table of nibbles (four bytes at a time, eight
 * buckets of patterns) passes over what cannot be one; what is left is verified byte by byte. src/prefilter builds the
 * tables and says what the kinds mean.
 *
 * Memory the caller provides: `from - 8` to `to + 64` can be read; the byte before `from` and the byte at `to` are line
 * feeds (or `to` follows one).
 */
const CLEAN: u8 = 1;
const BROKEN: u8 = 2;
const ESCAPE: u8 = 3;
const FOLD: u8 = 4;
const XML: u8 = 5;
const AUDIT: u8 = 6;
const ENTITY: u8 = 7;
const PIECE: u8 = 8;
const HEX_CLEAN: u8 = 9;
const HEX_BROKEN: u8 = 10;
const HEX_FOLD: u8 = 11;

/** A literal in memory: length, flags, what may stand before, what after, then its bytes (lower case where case does not count). */
const LITERAL_BYTES: usize = 64;
const TEXT: usize = 4;
const IGNORE_CASE: u8 = 1;
const ENCODED: u8 = 2;

/** A table: 4 x 32 bytes of nibbles, 9 x u16 where the patterns of a bucket begin, then patterns of 4 bytes. */
const BUCKETS: usize = 128;
const PATTERNS: usize = 160;

const FOUND_XML: i32 = 1;
const FOUND_AUDIT: i32 = 2;

let found: i32 = 0;
/** The literals at hand. */
let literals: usize = 0;
/** In this stretch of a line no flag of an encoded command stands. */
let plainFrom: usize = 0;
let plainTo: usize = 0;

/** What the last call met, as bits: 1 an XML event, 2 an audit record. */
export function sparkMarks(): i32 {
  return found;
}

/**
 * Writes to `into` (u32 each, at most `most`) an offset in each line of [from, to) that holds a spark of `table`, or of
 * `quoted`, a table whose patterns all end in one of a few bytes: its last place holds those bytes exactly, not by buckets.
 * Gives how many, or `most + 1` where there are more. A line may be given twice, and lines in a row of 64 bytes out of order.
 */
export function findSparks(
  from: usize,
  to: usize,
  table: usize,
  quoted: usize,
  literalsAt: usize,
  into: usize,
  most: i32,
): i32 {
  begin(from, literalsAt, into);
  const low0 = v128.load(table);
  const high0 = v128.load(table, 16);
  const low1 = v128.load(table, 32);
  const high1 = v128.load(table, 48);
  const low2 = v128.load(table, 64);
  const high2 = v128.load(table, 80);
  const low3 = v128.load(table, 96);
  const high3 = v128.load(table, 112);
  const lowQuote = v128.load(quoted, 96);
  const highQuote = v128.load(quoted, 112);
  const nibble = i8x16.splat(15);
  // Results of the 16 bytes before, of which the first three places are still open.
  let first = i8x16.splat(0);
  let second = first;
  let third = first;
  for (let at = from; at < to + 3; at += 32) {
    const one = v128.load(at);
    const oneLow = v128.and(one, nibble);
    const oneHigh = i8x16.shr_u(one, 4);
    const two = v128.load(at, 16);
    const twoLow = v128.and(two, nibble);
    const twoHigh = i8x16.shr_u(two, 4);
    const first1 = v128.and(i8x16.relaxed_swizzle(low0, oneLow), i8x16.relaxed_swizzle(high0, oneHigh));
    const second1 = v128.and(i8x16.relaxed_swizzle(low1, oneLow), i8x16.relaxed_swizzle(high1, oneHigh));
    const third1 = v128.and(i8x16.relaxed_swizzle(low2, oneLow), i8x16.relaxed_swizzle(high2, oneHigh));
    const fourth1 = v128.and(i8x16.relaxed_swizzle(low3, oneLow), i8x16.relaxed_swizzle(high3, oneHigh));
    const bits1 = v128.and(
      v128.and(behind3(first, first1), behind2(second, second1)),
      v128.and(behind1(third, third1), fourth1),
    );
    first = v128.and(i8x16.relaxed_swizzle(low0, twoLow), i8x16.relaxed_swizzle(high0, twoHigh));
    second = v128.and(i8x16.relaxed_swizzle(low1, twoLow), i8x16.relaxed_swizzle(high1, twoHigh));
    third = v128.and(i8x16.relaxed_swizzle(low2, twoLow), i8x16.relaxed_swizzle(high2, twoHigh));
    const fourth = v128.and(i8x16.relaxed_swizzle(low3, twoLow), i8x16.relaxed_swizzle(high3, twoHigh));
    const bits2 = v128.and(
      v128.and(behind3(first1, first), behind2(second1, second)),
      v128.and(behind1(third1, third), fourth),
    );
    if (v128.any_true(v128.or(bits1, bits2))) {
      if (!verify(at - 3, bits1, table, to, most) || !verify(at + 13, bits2, table, to, most)) return most + 1;
    }
    const quotes = v128.or(
      v128.and(i8x16.relaxed_swizzle(lowQuote, oneLow), i8x16.relaxed_swizzle(highQuote, oneHigh)),
      v128.and(i8x16.relaxed_swizzle(lowQuote, twoLow), i8x16.relaxed_swizzle(highQuote, twoHigh)),
    );
    if (v128.any_true(quotes)) {
      if (!verifyQuoted(at - 3, quoted, to, most) || !verifyQuoted(at + 13, quoted, to, most)) return most + 1;
    }
    // Bytes beyond ASCII: U+212A and U+017F have ASCII for lower case.
    const high = i8x16.bitmask(v128.or(one, two));
    if (high != 0) {
      if (!verifyFolds(at, i8x16.bitmask(one), to, most) || !verifyFolds(at + 16, i8x16.bitmask(two), to, most))
        return most + 1;
    }
  }
  return count;
}

/** The 16 bytes that end three before the end of `here`. */
function behind3(before: v128, here: v128): v128 {
  return i8x16.shuffle(before, here, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28);
}

function behind2(before: v128, here: v128): v128 {
  return i8x16.shuffle(before, here, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
}

function behind1(before: v128, here: v128): v128 {
  return i8x16.shuffle(before, here, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
}

/** Looks for patterns of `quoted` that begin in the 16 bytes at `at`. */
function verifyQuoted(at: usize, quoted: usize, to: usize, most: i32): bool {
  const last = passes(v128.load(at, 3), v128.load(quoted, 96), v128.load(quoted, 112));
  if (!v128.any_true(last)) return true;
  const bits = v128.and(
    v128.and(
      passes(v128.load(at), v128.load(quoted), v128.load(quoted, 16)),
      passes(v128.load(at, 1), v128.load(quoted, 32), v128.load(quoted, 48)),
    ),
    v128.and(passes(v128.load(at, 2), v128.load(quoted, 64), v128.load(quoted, 80)), i8x16.ne(last, i8x16.splat(0))),
  );
  return !v128.any_true(bits) || verify(at, bits, quoted, to, most);
}

function passes(bytes: v128, low: v128, high: v128): v128 {
  return v128.and(
    i8x16.relaxed_swizzle(low, v128.and(bytes, i8x16.splat(15))),
    i8x16.relaxed_swizzle(high, i8x16.shr_u(bytes, 4)),
  );
}

let count = 0;
let output: usize = 0;
/** Before it, the line is known to hold a spark. */
let skipTo: usize = 0;

function begin(from: usize, literalsAt: usize, into: usize): void {
  found = 0;
  literals = literalsAt;
  plainFrom = 0;
  plainTo = 0;
  count = 0;
  output = into;
  skipTo = from;
}

/** Looks at each place of 16 that has a bucket. False: there are more sparks than asked for. */
function verify(at: usize, bits: v128, table: usize, to: usize, most: i32): bool {
  let places = i8x16.bitmask(i8x16.ne(bits, i8x16.splat(0)));
  store<v128>(scratch, bits);
  while (places != 0) {
    const lane = <usize>ctz(places);
    places &= places - 1;
    const place = at + lane;
    if (place < skipTo) continue;
    if (place >= to) break;
    if (!isSpark(place, load<u8>(scratch + lane), table, to)) continue;
    if (!put(place, to, most)) return false;
  }
  return true;
}

function verifyFolds(at: usize, high: i32, to: usize, most: i32): bool {
  let places = high;
  while (places != 0) {
    const place = at + <usize>ctz(places);
    places &= places - 1;
    if (place < skipTo) continue;
    if (place >= to) break;
    const first = load<u16>(place);
    const isFold = first == 0xbfc5 || (first == 0x84e2 && load<u8>(place, 2) == 0xaa);
    if (isFold && !put(place, to, most)) return false;
  }
  return true;
}

function put(place: usize, to: usize, most: i32): bool {
  if (count == most) return false;
  store<u32>(output + ((<usize>count) << 2), <u32>place);
  count++;
  skipTo = lineEnd(place, to);
  return true;
}

/** 16 bytes for the buckets of one step. */
const scratch: usize = memory.data(16, 16);

/** Where the line feed behind `at` stands, or `to`. */
function lineEnd(at: usize, to: usize): usize {
  const feed = i8x16.splat(10);
  for (let place = at; place < to; place += 16) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(place), feed));
    if (mask != 0) return min(place + <usize>ctz(mask), to);
  }
  return to;
}

function isSpark(at: usize, buckets: u8, table: usize, to: usize): bool {
  let rest = <u32>buckets;
  while (rest != 0) {
    const bucket = <usize>ctz(rest);
    rest &= rest - 1;
    const end = <usize>load<u16>(table + BUCKETS + (bucket << 1), 2);
    for (let i = <usize>load<u16>(table + BUCKETS + (bucket << 1)); i < end; i++) {
      const pattern = table + PATTERNS + (i << 2);
      if (
        holds(
          at,
          load<u8>(pattern),
          literals + <usize>load<u8>(pattern, 1) * LITERAL_BYTES,
          <usize>(<isize>load<i8>(pattern, 2)),
          to,
        )
      )
        return true;
    }
  }
  return false;
}

function holds(at: usize, kind: u8, literal: usize, index: usize, to: usize): bool {
  switch (kind) {
    case CLEAN:
      return isClean(at - index, literal, to);
    case BROKEN:
      return isBroken(at + 2 - index, literal, index, to);
    case ESCAPE:
      return isEscape(at);
    case FOLD:
      return isFoldEscape(at);
    case XML:
      if (load<u32>(at) == 0x6576453c) found |= FOUND_XML;
      return false;
    case AUDIT:
      if (load<u32>(at) == 0x28746964) found |= FOUND_AUDIT;
      return false;
    case ENTITY:
      return isEntity(at + 3);
    case PIECE:
      return isPiece(at);
    case HEX_CLEAN:
      return isHexadecimal(at - (index << 1), literal, 255);
    case HEX_BROKEN:
      return isHexadecimal(at - (index << 1), literal, index);
    case HEX_FOLD:
      return (
        (hexAt(at) == 0xe2 && hexAt(at + 2) == 0x84 && hexAt(at + 4) == 0xaa) ||
        (hexAt(at) == 0xc5 && hexAt(at + 2) == 0xbf)
      );
    default:
      return false;
  }
}

function lower(byte: u8): u8 {
  return byte - 65 < 26 ? byte | 32 : byte;
}

function sameByte(byte: u8, wanted: u8, ignoreCase: bool): bool {
  return (ignoreCase ? lower(byte) : byte) == wanted;
}

function ignoresCase(literal: usize): bool {
  return (load<u8>(literal, 1) & IGNORE_CASE) != 0;
}

function isClean(start: usize, literal: usize, to: usize): bool {
  const length = <usize>load<u8>(literal);
  const ignoreCase = ignoresCase(literal);
  for (let i: usize = 0; i < length; i++)
    if (!sameByte(load<u8>(start + i), load<u8>(literal + i, TEXT), ignoreCase)) return false;
  return mayStand(start, start + length, literal, to);
}

/** The literal's first `index + 1` bytes together, then with quotes between them that a shell takes away. */
function isBroken(start: usize, literal: usize, index: usize, to: usize): bool {
  const length = <usize>load<u8>(literal);
  const ignoreCase = ignoresCase(literal);
  for (let i: usize = 0; i <= index; i++)
    if (!sameByte(load<u8>(start + i), load<u8>(literal + i, TEXT), ignoreCase)) return false;
  let at = start + index + 1;
  for (let i = index + 1; i < length; i++) {
    const wanted = load<u8>(literal + i, TEXT);
    while (!sameByte(load<u8>(at), wanted, ignoreCase)) {
      const behind = pastQuote(at);
      if (behind == at) return false;
      at = behind;
    }
    at++;
  }
  return mayStand(start, at, literal, to);
}

/** What may be taken away between two letters: a quote, an escape, or the spelling of one; `at` where there is none. */
function pastQuote(at: usize): usize {
  const byte = load<u8>(at);
  // \ ' " ^ $
  if (byte == 0x5c || byte == 0x27 || byte == 0x22 || byte == 0x5e || byte == 0x24) return at + 1;
  // A line feed that is escaped, spelled as JSON does; \u0027 and the like.
  if (load<u8>(at - 1) == 0x5c) {
    if (byte == 0x6e || byte == 0x72) return at + 1;
    if (
      byte == 0x75 &&
      isHex(load<u8>(at, 1)) &&
      isHex(load<u8>(at, 2)) &&
      isHex(load<u8>(at, 3)) &&
      isHex(load<u8>(at, 4))
    )
      return at + 5;
  }
  // &quot; &apos; &#34;
  if (byte == 0x26 || byte == 0x3b) return at + 1;
  if (load<u8>(at - 1) == 0x26) {
    if (load<u32>(at) == 0x746f7571 || load<u32>(at) == 0x736f7061) return at + 4;
    if (byte == 0x23) {
      let end = at + 1;
      while (end < at + 9 && (isHex(load<u8>(end)) || load<u8>(end) == 0x78)) end++;
      return end;
    }
  }
  return at;
}

function isHex(byte: u8): bool {
  return byte - 48 < 10 || (byte | 32) - 97 < 6;
}

function isAlphanumeric(byte: u8): bool {
  return byte - 48 < 10 || (byte | 32) - 97 < 26;
}

/** Does what stands before and behind let this be the word or the name it must be? See `Bound` in src/prefilter. */
function mayStand(start: usize, end: usize, literal: usize, to: usize): bool {
  const before = load<u8>(literal, 2);
  const after = load<u8>(literal, 3);
  if (before != 0 && isWordByte(load<u8>(start - 1), before) && !isBehindEscape(start - 1)) return false;
  if (after != 0 && isWordByte(load<u8>(end), after)) return false;
  if ((load<u8>(literal, 1) & ENCODED) != 0) return mayBeEncoded(end, to);
  return true;
}

/** Bounds: 1 letters and digits, 2 those and `_.:`, 3 those and `-/`, 4 only `/`, 5 letters, digits and `_-/:=`. */
function isWordByte(byte: u8, bound: u8): bool {
  if (bound == 4) return byte == 0x2f;
  if (isAlphanumeric(byte)) return true;
  if (bound == 1) return false;
  if (byte == 0x5f || byte == 0x3a) return true;
  if (byte == 0x2e) return bound != 5;
  if (bound == 2) return false;
  if (byte == 0x3d) return bound == 5 || bound == 6;
  return byte == 0x2d || byte == 0x2f;
}

/** The letter or digit at `at` ends an escape: `\n`, `\t`, `\u0022`. */
function isBehindEscape(at: usize): bool {
  const byte = load<u8>(at);
  if (load<u8>(at - 1) == 0x5c) return byte == 0x6e || byte == 0x74 || byte == 0x72 || byte == 0x62 || byte == 0x66;
  return isHex(byte) && load<u8>(at - 4) == 0x75 && load<u8>(at - 5) == 0x5c;
}

/** An escape for a character that a literal or a mark is made of: no writer of JSON spells those so. */
function isEscape(at: usize): bool {
  const value = hexAt(at + 4);
  if (value == 0x3c && load<u32>(at + 6) == 0x6e657645) found |= FOUND_XML;
  // A word of two letters behind it would be looked for behind a separator as it is.
  return isTelling(value) || (lower(load<u8>(at, 6)) == 0x6f && lower(load<u8>(at, 7)) == 0x63);
}

/** Letters, digits, and `# ( - . / ;` and what lies between letters. */
function isTelling(value: i32): bool {
  if (value < 0) return false;
  return (
    value == 0x23 ||
    value == 0x28 ||
    (value >= 0x2d && value <= 0x39) ||
    value == 0x3b ||
    (value >= 0x40 && value < 0x80)
  );
}

/** The value of two hexadecimal digits, or -1. */
function hexAt(at: usize): i32 {
  const high = hexDigit(load<u8>(at));
  const low = hexDigit(load<u8>(at, 1));
  return high < 0 || low < 0 ? -1 : (high << 4) | low;
}

function hexDigit(byte: u8): i32 {
  if (byte - 48 < 10) return <i32>byte - 48;
  const letter = (byte | 32) - 97;
  return letter < 6 ? <i32>letter + 10 : -1;
}

/** `\u212a` or `\u017f`: characters whose lower case is ASCII. */
function isFoldEscape(at: usize): bool {
  const high = hexAt(at + 2);
  const low = hexAt(at + 4);
  return (high == 0x21 && low == 0x2a) || (high == 0x01 && low == 0x7f);
}

/** `&#107;` or `&#x6b;`; in JSON the ampersand may be spelled \u0026. */
function isEntity(at: usize): bool {
  const before = load<u8>(at - 1);
  if (before != 0x26 && before != 0x36) return false;
  let place = at + 1;
  let value: i32 = 0;
  if ((load<u8>(place) | 32) == 0x78) {
    place++;
    for (let i = 0; i < 6; i++) {
      const digit = hexDigit(load<u8>(place));
      if (digit < 0) break;
      value = (value << 4) | digit;
      place++;
    }
  } else {
    for (let i = 0; i < 7; i++) {
      const digit = <i32>load<u8>(place) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      place++;
    }
  }
  return isTelling(value) || value == 0x212a || value == 0x17f;
}

/** `a10[1]=`: an argument that auditd has cut to pieces, anywhere. */
function isPiece(at: usize): bool {
  let place = at;
  while (place > at - 6 && load<u8>(place) - 48 < 10) place--;
  if (place == at || load<u8>(place) != 0x5b) return false;
  place--;
  const digits = place;
  while (place > digits - 6 && load<u8>(place) - 48 < 10) place--;
  return place < digits && load<u8>(place) == 0x61;
}

/** The literal in hexadecimal digits, as auditd writes arguments; from byte `broken` on with quotes in between. */
function isHexadecimal(start: usize, literal: usize, broken: usize): bool {
  const length = <usize>load<u8>(literal);
  const ignoreCase = ignoresCase(literal);
  let at = start;
  for (let i: usize = 0; i < length; i++) {
    const wanted = load<u8>(literal + i, TEXT);
    let value = hexAt(at);
    while (value >= 0 && i > broken && isHexQuote(value) && <u8>value != wanted) {
      at += 2;
      value = hexAt(at);
    }
    if (value < 0 || !sameByte(<u8>value, wanted, ignoreCase)) return false;
    at += 2;
  }
  const before = load<u8>(literal, 2);
  const after = load<u8>(literal, 3);
  const left = hexAt(start - 2);
  if (before != 0 && left >= 0 && isWordByte(<u8>left, before)) return false;
  const right = hexAt(at);
  return !(after != 0 && right >= 0 && isWordByte(<u8>right, after));
}

/** ' " \ ^ $ and a line feed. */
function isHexQuote(value: i32): bool {
  return value == 0x27 || value == 0x22 || value == 0x5c || value == 0x5e || value == 0x24 || value == 0x0a;
}

/**
 * Behind a PowerShell's name: does the line give it a flag that may be `-EncodedCommand` (or `/e`, `–enc`)? In a line that
 * is no JSON arguments may stand in any order, so there it is assumed.
 */
function mayBeEncoded(from: usize, to: usize): bool {
  if (from >= plainFrom && from < plainTo) return false;
  let at = from;
  for (; at < to; at++) {
    const byte = load<u8>(at);
    if (byte == 10) break;
    if ((byte | 32) != 0x65 || !isBehindDash(at)) continue;
    let next = at + 1;
    for (;;) {
      const behind = pastQuote(next);
      if (behind == next) break;
      next = behind;
    }
    const letter = load<u8>(next) | 32;
    if (letter == 0x63 || letter == 0x6e || !isAlphanumeric(letter)) return true;
  }
  let start = from;
  while (load<u8>(start - 1) != 10) start--;
  while (load<u8>(start) == 0x20 || load<u8>(start) == 0x09) start++;
  const first = load<u8>(start);
  if (first != 0x7b && first != 0x5b) return true;
  plainFrom = from;
  plainTo = at;
  return false;
}

/** `-`, `/`, or a typographic dash, with quotes between it and `at`. */
function isBehindDash(at: usize): bool {
  let place = at - 1;
  let byte = load<u8>(place);
  while (byte == 0x5c || byte == 0x27 || byte == 0x22 || byte == 0x5e || byte == 0x24) byte = load<u8>(--place);
  if (byte == 0x2d || byte == 0x2f || (byte >= 0x93 && byte <= 0x95)) return true;
  // \u2013 to \u2015, \u0027 and the like.
  return isBehindEscape(place);
}
