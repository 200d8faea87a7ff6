/**
 * Looks for sparks: places of raw bytes without which no rule can match. Tables of nibbles (three bytes at a time, eight buckets of
 * patterns) pass over what cannot be one; what is left is verified byte by byte (spark-checks.ts). src/prefilter builds the tables
 * and says what the kinds mean.
 *
 * Memory the caller provides: `from - 64` to `to + 64` can be read; the byte before `from` and the byte at `to` are line
 * feeds (or `to` follows one).
 */
import {
  AMPERSANDS,
  BRACKETS,
  EQUALS,
  FIFTEENS,
  highNibbles,
  LINE_FEEDS,
  NUMBER_SIGNS,
  QUOTES,
  SLASHES,
} from './sixteens';
import {
  beginChecks,
  isAlphanumeric,
  isBehindEscape,
  isBroken,
  isClean,
  isEntity,
  isFoldEscape,
  isPiece,
  LITERAL_BYTES,
  needsOf,
  tellingEscape,
} from './spark-checks';

const CLEAN: u8 = 1;
const ESCAPE: u8 = 3;
const FOLD: u8 = 4;
const MARK: u8 = 5;
const FOLDING: u8 = 6;

/**
 * A table: nibbles for each of four sets of marks known (6 x 16 bytes: low and high ones of each byte), the same of two letters
 * before a quote (4 x 16 bytes), 9 x u16 where the patterns of a bucket begin, what stands before quotes, keys of audit values,
 * patterns of 12 bytes: kind, literal, index, none; what four bytes are with the bit 0x20 set (u32), which bits of those
 * count (u32); a bit for the three bytes that a pattern may begin with, five bits of each; how many sets of needs are enough,
 * and those (u32 each); (literal, index) of what may be broken.
 */
const NIBBLES: usize = 96;
const PAIRS: usize = 384;
const BUCKETS: usize = 448;
/** A bit for each three letters (five bits of each) that a sign holds before it may be broken by a quote. */
const THREES: usize = 512;
/** The same for two letters that begin a sign, and for the letter that does. */
const TWOS: usize = 4608;
const FIRSTS: usize = 4736;
/** A bit for the last two letters of each key whose value an audit record may write in hexadecimal. */
const KEYS: usize = 4752;
/** By letter: where the (literal, index) begin that may be broken behind it, as 33 x u16. */
const LETTERS: usize = 4880;
/** Nibbles of those two letters, which pass over most keys. */
const KEY_PAIRS: usize = 4960;
const PATTERNS: usize = 5024;
const PATTERN_BYTES: usize = 12;
const GRAMS: usize = 8096;
const ENOUGH: usize = 12192;
const BROKEN: usize = 12324;

/** The last two buckets are for a quote behind a letter; they have no patterns. */
const OTHER_BUCKETS: i8 = 0x3f;

const FOUND_XML: i32 = 1;
const FOUND_AUDIT: i32 = 2;
const ALL_NEEDS: u32 = 0xffffffff;

let table: usize = 0;
let literals: usize = 0;
/** Memory for one value decoded from hexadecimal, with 64 bytes around it. */
let decoded: usize = 0;
let decodedBytes: usize = 0;

/** Tables for what follows. `into`: memory for values that are decoded, `bytes` long, with 64 more on both sides. */
export function setSparks(tableAt: usize, literalsAt: usize, into: usize, bytes: usize): void {
  table = tableAt;
  literals = literalsAt;
  decoded = into;
  decodedBytes = bytes;
}

let found: i32 = 0;
let count = 0;
let most = 0;
let output: usize = 0;
/** Before it, the line is known to hold a spark. */
let skipTo: usize = 0;
/** One past the bytes at hand. */
let limit: usize = 0;
/** All sparks are looked at, for the needs that they meet. */
let isCollecting = false;
let needs: u32 = 0;
/** Within a value that was decoded a spark tells of the whole of it. */
let isInner = false;
let innerFound = false;

/** What the last calls met, as bits: 1 an XML event, 2 an audit record. */
export function sparkMarks(): i32 {
  return found;
}

function begin(from: usize, to: usize, into: usize, atMost: i32): void {
  count = 0;
  most = atMost;
  output = into;
  skipTo = from;
  limit = to;
  isCollecting = false;
  isInner = false;
  beginChecks(false);
}

/**
 * Writes to `into` (u32 each, at most `most`) an offset in each line of [from, to) that holds a spark. Gives how many, or
 * `most + 1` where there are more. A line may be given twice, and lines in a row of 32 bytes out of order.
 */
export function findSparks(from: usize, to: usize, into: usize, most: i32): i32 {
  begin(from, to, into, most);
  found = 0;
  return look(from, to) ? count : most + 1;
}

/** The same for what only events in XML hold: other quotes, and entities. */
export function findMarkupSparks(from: usize, to: usize, into: usize, most: i32): i32 {
  begin(from, to, into, most);
  return lookAtMarkup(from, to) ? count : most + 1;
}

/** The same for what only audit records hold: values in hexadecimal, arguments in pieces. */
export function findAuditSparks(from: usize, to: usize, into: usize, most: i32): i32 {
  begin(from, to, into, most);
  return lookAtValues(from, to) ? count : most + 1;
}

/**
 * The needs that the line [from, to) meets, of a block in which marks were found, with those met `before`. Looks no further than
 * until they are enough.
 */
export function needsMet(from: usize, to: usize, marks: i32, before: u32): u32 {
  begin(from, to, 0, 0);
  isCollecting = true;
  needs = before;
  found = 0;
  if (!look(from, to)) return needs;
  if (((marks | found) & FOUND_XML) != 0 && !lookAtMarkup(from, to)) return needs;
  if (((marks | found) & FOUND_AUDIT) != 0) lookAtValues(from, to);
  return needs;
}

function isEnough(): bool {
  if (needs == ALL_NEEDS) return true;
  const end = table + ENOUGH + 4 + ((<usize>load<u32>(table + ENOUGH)) << 2);
  for (let at = table + ENOUGH + 4; at < end; at += 4) {
    const wanted = load<u32>(at);
    if ((needs & wanted) == wanted) return true;
  }
  return false;
}

/** Something is at `place` that meets these needs. False: no more is asked for. */
function put(place: usize, met: u32): bool {
  if (isCollecting) {
    if ((needs | met) == needs) return true;
    needs |= met;
    return !isEnough();
  }
  if (isInner) {
    innerFound = true;
    return false;
  }
  if (count == most) return false;
  store<u32>(output + ((<usize>count) << 2), <u32>place);
  count++;
  skipTo = lineEnd(place);
  return true;
}

/** Where the line feed behind `at` stands, or the end. */
function lineEnd(at: usize): usize {
  const feed = v128.load(LINE_FEEDS);
  for (let place = at; place < limit; place += 16) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(place), feed));
    if (mask != 0) return min(place + <usize>ctz(mask), limit);
  }
  return limit;
}

/** False: enough was found. */
function look(from: usize, to: usize): bool {
  const nibble = v128.load(FIFTEENS);
  let nibbles = table + NIBBLES * <usize>found;
  let low0 = v128.load(nibbles);
  let high0 = v128.load(nibbles, 16);
  let low1 = v128.load(nibbles, 32);
  let high1 = v128.load(nibbles, 48);
  let low2 = v128.load(nibbles, 64);
  let high2 = v128.load(nibbles, 80);
  // Results of the 16 bytes before, of which the first two places are still open.
  let first = i8x16.splat(0);
  let second = first;
  for (let at = from; at < to + 2; at += 32) {
    const one = v128.load(at);
    const oneLow = v128.and(one, nibble);
    const oneHigh = highNibbles(one, nibble);
    const two = v128.load(at, 16);
    const twoLow = v128.and(two, nibble);
    const twoHigh = highNibbles(two, nibble);
    const first1 = v128.and(i8x16.relaxed_swizzle(low0, oneLow), i8x16.relaxed_swizzle(high0, oneHigh));
    const second1 = v128.and(i8x16.relaxed_swizzle(low1, oneLow), i8x16.relaxed_swizzle(high1, oneHigh));
    const third1 = v128.and(i8x16.relaxed_swizzle(low2, oneLow), i8x16.relaxed_swizzle(high2, oneHigh));
    const bits1 = v128.and(v128.and(behind2(first, first1), behind1(second, second1)), third1);
    first = v128.and(i8x16.relaxed_swizzle(low0, twoLow), i8x16.relaxed_swizzle(high0, twoHigh));
    second = v128.and(i8x16.relaxed_swizzle(low1, twoLow), i8x16.relaxed_swizzle(high1, twoHigh));
    const third = v128.and(i8x16.relaxed_swizzle(low2, twoLow), i8x16.relaxed_swizzle(high2, twoHigh));
    const bits2 = v128.and(v128.and(behind2(first1, first), behind1(second1, second)), third);
    const any = v128.or(bits1, bits2);
    if (v128.any_true(any)) {
      // The two buckets of quotes are the two highest bits.
      if (
        i8x16.bitmask(v128.or(any, i16x8.shl(any, 1))) != 0 &&
        !verifyQuotes(at, bits1, bits2)
      )
        return false;
      if (v128.any_true(v128.and(any, i8x16.splat(OTHER_BUCKETS)))) {
        const known = found;
        if (!verify(at - 2, bits1, bits2)) return false;
        if (found != known) {
          // The mark is known now, and is no longer looked for.
          nibbles = table + NIBBLES * <usize>found;
          low0 = v128.load(nibbles);
          high0 = v128.load(nibbles, 16);
          low1 = v128.load(nibbles, 32);
          high1 = v128.load(nibbles, 48);
          low2 = v128.load(nibbles, 64);
          high2 = v128.load(nibbles, 80);
        }
      }
    }
  }
  return true;
}

/** The 16 bytes that end two before the end of `here`. */
function behind2(before: v128, here: v128): v128 {
  return i8x16.shuffle(before, here, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
}

function behind1(before: v128, here: v128): v128 {
  return i8x16.shuffle(before, here, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
}

/** Looks at each quote behind a letter among the 32 bytes at `at`. */
function verifyQuotes(at: usize, bits1: v128, bits2: v128): bool {
  let places = <u32>pairsAt(at, bits1) | (<u32>pairsAt(at + 16, bits2) << 16);
  while (places != 0) {
    const place = at + <usize>ctz(places);
    places &= places - 1;
    if (mayBreak(place) && !verifyBroken(place)) return false;
  }
  return true;
}

/** Of the quotes among 16 bytes, those behind two letters that may stand there in a sign; another quote is no letter. */
function pairsAt(at: usize, bits: v128): i32 {
  const last = v128.load(at - 1);
  const pairs = v128.and(passes(v128.load(at - 2), table + PAIRS), passes(last, table + PAIRS + 32));
  const quotes = v128.andnot(v128.or(bits, i16x8.shl(bits, 1)), i8x16.eq(last, i8x16.splat(0x5c)));
  // The highest bit is that of a quote.
  return i8x16.bitmask(v128.and(i8x16.ne(pairs, i8x16.splat(0)), quotes));
}

function passes(bytes: v128, nibbles: usize): v128 {
  return v128.and(
    i8x16.relaxed_swizzle(v128.load(nibbles), v128.and(bytes, i8x16.splat(15))),
    i8x16.relaxed_swizzle(v128.load(nibbles, 16), i8x16.shr_u(bytes, 4)),
  );
}

/** 32 bytes for the buckets of one step. */
const scratch: usize = memory.data(32, 16);

/** Looks at each place of 32 at which a pattern may begin. */
function verify(at: usize, bits1: v128, bits2: v128): bool {
  const others = i8x16.splat(OTHER_BUCKETS);
  const none = i8x16.splat(0);
  let places =
    <u32>i8x16.bitmask(i8x16.ne(v128.and(bits1, others), none)) |
    (<u32>i8x16.bitmask(i8x16.ne(v128.and(bits2, others), none)) << 16);
  store<v128>(scratch, bits1);
  store<v128>(scratch, bits2, 16);
  while (places != 0) {
    const lane = <usize>ctz(places);
    places &= places - 1;
    const bytes = load<u32>(at + lane);
    // The nibbles of many signs together let most bytes through.
    if (!bit(table + GRAMS, ((bytes & 31) << 10) | ((bytes >> 3) & 0x3e0) | ((bytes >> 16) & 31))) continue;
    const word = bytes | 0x20202020;
    let rest = <u32>load<u8>(scratch + lane) & 0x3f;
    while (rest != 0) {
      const bucket = table + BUCKETS + (<usize>ctz(rest) << 1);
      rest &= rest - 1;
      const end = table + PATTERNS + <usize>load<u16>(bucket, 2) * PATTERN_BYTES;
      for (
        let pattern = table + PATTERNS + <usize>load<u16>(bucket) * PATTERN_BYTES;
        pattern < end;
        pattern += PATTERN_BYTES
      ) {
        if ((word & load<u32>(pattern, 8)) != load<u32>(pattern, 4)) continue;
        if (!verifyPlace(at + lane, pattern)) return false;
      }
    }
  }
  return true;
}

function bit(bits: usize, index: u32): bool {
  return ((load<u8>(bits + (index >> 3)) >> (index & 7)) & 1) != 0;
}

/** May the letters before `quote` begin a sign? Cheap, and asked of every quote behind a letter. */
function mayBreak(quote: usize): bool {
  const three = load<u32>(quote - 3);
  const last = (three >> 16) & 31;
  const two = (three >> 3) & 0x3e0;
  if (bit(table + THREES, ((three & 31) << 10) | two | last)) return true;
  return (
    (((load<u32>(table + FIRSTS) >> last) & 1) != 0 && isLimit(quote - 2)) ||
    (bit(table + TWOS, two | last) && isLimit(quote - 3))
  );
}

/** Not a letter or digit, or one that ends an escape. */
function isLimit(at: usize): bool {
  return !isAlphanumeric(load<u8>(at)) || isBehindEscape(at);
}

/** Looks for signs of which the beginning stands before `quote`. */
function verifyBroken(quote: usize): bool {
  if (quote < skipTo || quote > limit) return true;
  const letter = (<usize>load<u8>(quote - 1) & 31) << 1;
  const end = <usize>load<u16>(table + LETTERS + letter, 2);
  for (let i = <usize>load<u16>(table + LETTERS + letter); i < end; i++) {
    const literal = literals + <usize>load<u8>(table + BROKEN + (i << 1)) * LITERAL_BYTES;
    const index = <usize>load<u8>(table + BROKEN + (i << 1), 1);
    const start = quote - 1 - index;
    if (!isBroken(start, literal, index, limit)) continue;
    if (!put(start, needsOf(literal))) return false;
    if (!isCollecting) return true;
  }
  return true;
}

function verifyPlace(at: usize, pattern: usize): bool {
  const kind = load<u8>(pattern);
  // A mark counts in a line that is known to hold a spark, too.
  if (at >= limit || (at < skipTo && kind != MARK)) return true;
  const literal = literals + <usize>load<u8>(pattern, 1) * LITERAL_BYTES;
  const met = holds(at, kind, literal, <usize>load<u8>(pattern, 2));
  return met == 0 || put(at, met);
}

/** The needs that are met where a pattern stands; 0: it does not. */
function holds(at: usize, kind: u8, literal: usize, index: usize): u32 {
  switch (kind) {
    case CLEAN:
      return isClean(at - index, literal, limit) ? needsOf(literal) : 0;
    case ESCAPE: {
      if (load<u16>(at) != 0x755c || load<u8>(at, 2) != 0x30) return 0;
      // \u017f
      if (load<u8>(at, 3) != 0x30) return isFoldEscape(at) ? ALL_NEEDS : 0;
      const value = tellingEscape(at);
      if (value == 0x3c && load<u32>(at + 6) == 0x6e657645) found |= FOUND_XML;
      return value >= 0 ? ALL_NEEDS : 0;
    }
    case FOLD:
      return load<u16>(at) == 0x755c && isFoldEscape(at) ? ALL_NEEDS : 0;
    case FOLDING:
      // U+212A and U+017F have ASCII for lower case.
      return load<u16>(at, 1) == 0xbfc5 || (load<u16>(at) == 0x84e2 && load<u8>(at, 2) == 0xaa) ? ALL_NEEDS : 0;
    case MARK:
      if (load<u32>(at) == 0x6576453c) found |= FOUND_XML;
      if (load<u32>(at - 1) == 0x28746964) found |= FOUND_AUDIT;
      return 0;
    default:
      return 0;
  }
}

/** In XML a quote stands as it is, or as an entity. */
function lookAtMarkup(from: usize, to: usize): bool {
  const quote = v128.load(QUOTES);
  const ampersand = v128.load(AMPERSANDS);
  const number = v128.load(NUMBER_SIGNS);
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    let places = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, ampersand)), i8x16.eq(bytes, number)),
    );
    while (places != 0) {
      const place = at + <usize>ctz(places);
      places &= places - 1;
      if (place >= to) break;
      if (place < skipTo) continue;
      if (load<u8>(place) == 0x23) {
        if (isEntity(place) && !put(place, ALL_NEEDS)) return false;
      } else if (mayBreak(place) && !verifyBroken(place)) return false;
    }
  }
  return true;
}

/** Values of audit records: `key=`, and then digits of a text in hexadecimal, or a piece of one. */
function lookAtValues(from: usize, to: usize): bool {
  const equals = v128.load(EQUALS);
  const bracket = v128.load(BRACKETS);
  const below = v128.load(SLASHES);
  const none = i8x16.splat(0);
  const nibble = v128.load(FIFTEENS);
  const low0 = v128.load(table, KEY_PAIRS);
  const high0 = v128.load(table, KEY_PAIRS + 16);
  const low1 = v128.load(table, KEY_PAIRS + 32);
  const high1 = v128.load(table, KEY_PAIRS + 48);
  for (let at = from; at < to; at += 16) {
    const signs = i8x16.eq(v128.load(at), equals);
    if (!v128.any_true(signs)) continue;
    const before = v128.load(at - 2);
    const last = v128.load(at - 1);
    const keys = v128.and(
      v128.and(
        i8x16.relaxed_swizzle(low0, v128.and(before, nibble)),
        i8x16.relaxed_swizzle(high0, highNibbles(before, nibble)),
      ),
      v128.and(
        i8x16.relaxed_swizzle(low1, v128.and(last, nibble)),
        i8x16.relaxed_swizzle(high1, highNibbles(last, nibble)),
      ),
    );
    // A value that begins with a digit or a letter, or a piece of one: most are neither.
    let places = i8x16.bitmask(
      v128.and(
        signs,
        v128.or(
          v128.and(i8x16.gt_u(v128.load(at, 1), below), i8x16.ne(keys, none)),
          i8x16.eq(last, bracket),
        ),
      ),
    );
    while (places != 0) {
      const place = at + <usize>ctz(places);
      places &= places - 1;
      if (place >= to) break;
      if (place < skipTo) continue;
      if (load<u8>(place - 1) == 0x5d) {
        if (isPiece(place - 2) && !put(place, ALL_NEEDS)) return false;
        continue;
      }
      const key = ((<u32>load<u8>(place - 2) & 31) << 5) | (<u32>load<u8>(place - 1) & 31);
      if (!bit(table + KEYS, key)) continue;
      // `a0` to `a3` of a system call are numbers.
      if (load<u8>(place - 2) == 0x61 && isOfCall(place)) continue;
      if (!lookAtValue(place + 1, to)) return false;
    }
  }
  return true;
}

/** Is `at` in a line that begins as auditd begins a record of type SYSCALL, `type=SYSCALL msg=audit(`? */
function isOfCall(at: usize): bool {
  const feed = v128.load(LINE_FEEDS);
  // Further from its beginning than any such record's arguments: taken as another.
  for (let end = at; end > at - 256; end -= 16) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(end - 16), feed));
    if (mask == 0) continue;
    const start = end - <usize>(clz(mask) - 16);
    return (
      load<u64>(start) == 0x5359533d65707974 &&
      load<u64>(start, 8) == 0x67736d204c4c4143 &&
      load<u64>(start, 15) == 0x2874696475613d67
    );
  }
  return false;
}

/** Ends a line, or a text in JSON, or a line in such a text? */
function isLineEnd(at: usize): bool {
  const byte = load<u8>(at);
  return byte == 10 || byte == 13 || byte == 0x22 || byte == 0x5c;
}

/** Only a value that is all of hexadecimal digits is read as such: an even number of them, but where a line was cut. */
function lookAtValue(at: usize, to: usize): bool {
  let end = at;
  while (end < to) {
    const digits = hexDigits(v128.load(end));
    if (digits == 0xffff) {
      end += 16;
      continue;
    }
    end += <usize>ctz(~digits);
    break;
  }
  end = min(end, to);
  const size = (end - at) >> 1;
  if (size < 2 || (((end - at) & 1) != 0 && end < to && !isLineEnd(end))) return true;
  if (size > decodedBytes) return put(at, ALL_NEEDS);
  for (let i: usize = 0; i < size; i += 8) decode8(at + (i << 1), decoded + i);
  store<u8>(decoded - 1, 10);
  store<u8>(decoded + size, 10);
  const outerSkip = skipTo;
  const outerLimit = limit;
  const outerMarks = found;
  skipTo = decoded;
  limit = decoded + size;
  isInner = true;
  innerFound = false;
  beginChecks(true);
  const isGoing = look(decoded, limit) && lookAtMarkup(decoded, limit);
  isInner = false;
  beginChecks(false);
  skipTo = outerSkip;
  limit = outerLimit;
  found = outerMarks;
  if (innerFound) {
    innerFound = false;
    return put(at, ALL_NEEDS);
  }
  return isGoing;
}

/** The bytes that 16 hexadecimal digits stand for; what is no digit gives anything. */
function decode8(from: usize, to: usize): void {
  const digits = v128.load(from);
  // A letter has the bit 0x40, and its low nibble counts from one.
  const letters = v128.and(i8x16.shr_u(digits, 6), i8x16.splat(1));
  const values = i8x16.add(
    v128.and(digits, i8x16.splat(15)),
    i8x16.add(i8x16.shl(letters, 3), letters),
  );
  const pairs = v128.and(v128.or(i16x8.shl(values, 4), i16x8.shr_u(values, 8)), i16x8.splat(255));
  v128.store64_lane(to, i8x16.narrow_i16x8_u(pairs, pairs), 0);
}

/** A bit for each of 16 bytes that is a hexadecimal digit. */
function hexDigits(bytes: v128): i32 {
  const digits = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(48)), i8x16.splat(10));
  const letters = i8x16.lt_u(i8x16.sub(v128.or(bytes, i8x16.splat(0x20)), i8x16.splat(97)), i8x16.splat(6));
  return i8x16.bitmask(v128.or(digits, letters));
}
