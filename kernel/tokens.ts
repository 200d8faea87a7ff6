// A strict walker over one line of JSON: an object whose values become tokens. Whatever it does not expect it leaves to
// the caller, who reads the line with JSON.parse: it never guesses.
import { hashBytes, sameBytes } from './bytes';
import { BAD_ESCAPE, anyIn, hasBackslash, hasHigh, indexBytes, indexLine } from './index-line';
import { BACKSLASHES, QUOTES, SPACES } from './sixteens';

/**
 * A token: node in bits 0–15, depth in 16–23, kind in 24–30, whether a byte is not ASCII in 31; first byte; one past the last
 * byte; the number of its value, or 0 as long as nobody has asked (kernel/names.ts).
 */
const TOKEN_BYTES: usize = 16;

/** Kinds of tokens. A string's bytes are those between its quotes. */
const STRING: u32 = 1;
const ESCAPED: u32 = 2;
/** A number whose text is that of the number as ECMAScript writes it. */
const PLAIN: u32 = 3;
const NUMBER: u32 = 4;
const BOOLEAN: u32 = 5;
const NULL: u32 = 6;
const OBJECT: u32 = 7;
const ARRAY: u32 = 8;
const NOT_ASCII: u32 = 0x80;

/** `:"` and `,"`, as two bytes in memory: between members where there are no blanks. */
const COLON_QUOTE: u16 = 0x223a;
const COMMA_QUOTE: u16 = 0x222c;

/** What `tokenise` gives instead of a count. */
export const SLOW: i32 = -1;
export const NO_ROOM: i32 = -2;

const DEEPEST: u32 = 104;
const NOWHERE: u32 = 0;
const ROOT: u32 = 1;
/** More digits may not be kept by a number. */
const MOST_DIGITS: usize = 15;

/**
 * Keys that lead somewhere, and some that do not. An entry is hash, node of the object, length, bytes, node of the value
 * (0: nowhere), entry that came next the last time, two unused (u32 each).
 */
const KEY_ENTRY: usize = 32;
let keyTable: usize = 0;
let keyMask: u32 = 0;
/** Slots from where a key should be to where it is, at most, of those that lead somewhere. */
let farthest: u32 = 0;
/** Other keys are kept so near. Whoever knows the hash could write keys that all belong into one place. */
const FARTHEST_OTHER: u32 = 16;
/** Room for keys that lead nowhere, in slots of KEY_SLOT. */
let keyBytes: usize = 0;
let keyBytesEnd: usize = 0;
const KEY_SLOT: usize = 64;
const LONGEST_KEPT: u32 = 48;
/** For each node the number of the line that had it last (u32): a key given twice is left to JSON.parse. */
let seenTable: usize = 0;
let line: u32 = 0;
/** Two u32 for each open object or array: its node, and whether it is an array. */
let stack: usize = 0;
/** Room for what kernel/index-line.ts says of a line; behind it an entry that stands before the first key of every line. */
let index: usize = 0;
let before: usize = 0;

/** `bytes` to `bytesEnd`: for keys that lead nowhere; there must be far fewer of them than the table has room for. */
export function setKeys(
  table: usize,
  mask: u32,
  bytes: usize,
  bytesEnd: usize,
  seen: usize,
  stackAt: usize,
  indexAt: usize,
): void {
  keyTable = table;
  keyMask = mask;
  farthest = 0;
  keyBytes = bytes;
  keyBytesEnd = bytesEnd;
  seenTable = seen;
  stack = stackAt;
  index = indexAt;
  before = indexAt + indexBytes();
  store<u32>(before, 0, 20);
}

/** Bytes that are left for keys that lead nowhere. */
export function keyBytesLeft(): usize {
  return keyBytesEnd - keyBytes;
}

/** Adds a key; its bytes stay where they are. The table must have room. */
export function addKey(parent: u32, at: usize, length: u32, child: u32): usize {
  const hash = hashBytes(at, length, parent);
  let slot = hash & keyMask;
  let steps: u32 = 0;
  for (; load<u32>(keyTable + <usize>slot * KEY_ENTRY, 4) != 0; steps++) slot = (slot + 1) & keyMask;
  if (child != NOWHERE) farthest = max(farthest, steps);
  const entry = keyTable + <usize>slot * KEY_ENTRY;
  store<u32>(entry, hash);
  store<u32>(entry, parent, 4);
  store<u32>(entry, length, 8);
  store<u32>(entry, <u32>at, 12);
  store<u32>(entry, child, 16);
  store<u32>(entry, 0, 20);
  return entry;
}

/** The entry of a key, made where it leads nowhere and is new; 0 where there is no room for it, or none near enough. */
function findKey(parent: u32, at: usize, length: u32): usize {
  const hash = hashBytes(at, length, parent);
  let slot = hash & keyMask;
  for (let steps: u32 = 0; ; steps++) {
    if (steps > farthest && steps > FARTHEST_OTHER) return 0;
    const entry = keyTable + <usize>slot * KEY_ENTRY;
    const found = load<u32>(entry, 4);
    if (found == 0) break;
    if (
      load<u32>(entry) == hash &&
      found == parent &&
      load<u32>(entry, 8) == length &&
      sameBytes(at, load<u32>(entry, 12), length)
    )
      return entry;
    slot = (slot + 1) & keyMask;
  }
  if (length > LONGEST_KEPT || keyBytes >= keyBytesEnd) return 0;
  memory.copy(keyBytes, at, length);
  const entry = addKey(parent, keyBytes, length, NOWHERE);
  keyBytes += KEY_SLOT;
  return entry;
}

let badEscape: bool = false;
/** Was the last line left to the caller because of an escape that is not read? */
export function metEscape(): bool {
  return badEscape;
}

let escaped: bool = false;
/** Bytes that are not ASCII: in the string, in the line. */
let high: i32 = 0;
let highInLine: i32 = 0;

/** The closing quote of the string whose first byte is at `at`; 0 where there is none, or where it has what we do not read. */
function stringEnd(at: usize, end: usize, allowU: bool): usize {
  escaped = false;
  high = 0;
  const quote = v128.load(QUOTES);
  const backslash = v128.load(BACKSLASHES);
  const control = v128.load(SPACES);
  while (at < end) {
    const bytes = v128.load(at);
    const special = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)), i8x16.lt_u(bytes, control)),
    );
    const highs = i8x16.bitmask(bytes);
    if (special == 0) {
      high |= highs;
      at += 16;
      continue;
    }
    const skip = ctz(special);
    high |= highs & ((1 << skip) - 1);
    at += skip;
    const found = load<u8>(at);
    if (found == 0x22) return at < end ? at : 0;
    if (found != 0x5c) return 0;
    const next = load<u8>(at, 1);
    if (
      next == 0x5c ||
      next == 0x22 ||
      next == 0x6e ||
      next == 0x72 ||
      next == 0x74 ||
      next == 0x62 ||
      next == 0x66 ||
      (allowU && next == 0x75)
    ) {
      escaped = true;
      at += 2;
    } else {
      badEscape = true;
      return 0;
    }
  }
  return 0;
}

@inline
function isDigit(byte: u32): bool {
  return byte - 0x30 < 10;
}

let numberKind: u32 = 0;

/** One past the number that begins at `at`; 0 where it is none. */
function numberEnd(at: usize): usize {
  const start = at;
  if (load<u8>(at) == 0x2d) at++;
  const digits = at;
  const first = load<u8>(at);
  if (!isDigit(first)) return 0;
  at++;
  if (first != 0x30) while (isDigit(load<u8>(at))) at++;
  // -0 is 0 as text.
  numberKind = at - digits > MOST_DIGITS || (first == 0x30 && digits != start) ? NUMBER : PLAIN;
  if (load<u8>(at) == 0x2e) {
    const point = at;
    at++;
    if (!isDigit(load<u8>(at))) return 0;
    while (isDigit(load<u8>(at))) at++;
    // No zero at the end, none that would be written with an exponent.
    if (at - digits > MOST_DIGITS || load<u8>(at - 1) == 0x30 || (first == 0x30 && load<u32>(point, 1) == 0x30303030))
      numberKind = NUMBER;
  }
  if ((load<u8>(at) | 0x20) == 0x65) {
    numberKind = NUMBER;
    at++;
    const sign = load<u8>(at);
    if (sign == 0x2b || sign == 0x2d) at++;
    if (!isDigit(load<u8>(at))) return 0;
    while (isDigit(load<u8>(at))) at++;
  }
  return at;
}

@inline
function skipBlanks(at: usize): usize {
  while (true) {
    const byte = load<u8>(at);
    if (byte != 0x20 && byte != 0x09) return at;
    at++;
  }
  return at;
}

/**
 * Is the line UTF-8 (RFC 3629), without U+017F and U+212A, which fold to `s` and `k`? Other lines are read in full: with
 * replacement characters, or as they fold.
 */
export function isPlainUtf8(at: usize, end: usize): bool {
  while (at < end) {
    const byte = <u32>load<u8>(at);
    if (byte < 0x80) {
      at++;
      continue;
    }
    const second = <u32>load<u8>(at, 1);
    let length: usize;
    if (byte < 0xc2) return false;
    if (byte < 0xe0) {
      length = 2;
      if (byte == 0xc5 && second == 0xbf) return false;
    } else if (byte < 0xf0) {
      length = 3;
      if (byte == 0xe0 && second < 0xa0) return false;
      if (byte == 0xed && second > 0x9f) return false;
      if (byte == 0xe2 && second == 0x84 && load<u8>(at, 2) == 0xaa) return false;
    } else if (byte < 0xf5) {
      length = 4;
      if (byte == 0xf0 && second < 0x90) return false;
      if (byte == 0xf4 && second > 0x8f) return false;
    } else return false;
    if (at + length > end) return false;
    for (let i: usize = 1; i < length; i++) if ((<u32>load<u8>(at + i) & 0xc0) != 0x80) return false;
    at += length;
  }
  return true;
}

/** Is the key of `length` bytes at `key` that of the entry? */
@inline
function isKeyOf(entry: usize, parent: u32, key: usize, length: u32): bool {
  if (load<u64>(entry, 4) != (<u64>parent | (<u64>length << 32))) return false;
  const bytes: usize = load<u32>(entry, 12);
  if (length > 16) return sameBytes(key, bytes, length);
  const same = i8x16.bitmask(i8x16.eq(v128.load(key), v128.load(bytes)));
  const bits = (1 << length) - 1;
  return (same & bits) == bits;
}

/**
 * Writes the tokens of the object in [start, end) to [out, outEnd); gives how many, or SLOW or NO_ROOM.
 * `allowU`: escapes by number are only left where JSON.stringify writes them so; else they are not read. `trusted`: the bytes are
 * UTF-8, with no character that folds to ASCII.
 */
export function tokenise(start: usize, end: usize, out: usize, outEnd: usize, allowU: bool, trusted: bool): i32 {
  line++;
  highInLine = 0;
  badEscape = false;
  // Quotes of lines that are not too long are found beforehand.
  let quotes = indexLine(start, end, index, allowU);
  if (quotes == BAD_ESCAPE) {
    badEscape = true;
    return SLOW;
  }
  const isIndexed = quotes != 0;
  const backslashes = isIndexed && hasBackslash();
  const highs = isIndexed && hasHigh();
  if (highs) highInLine = 1;
  let at = skipBlanks(start);
  if (load<u8>(at) != 0x7b) return SLOW;
  at++;
  let depth: u32 = 1;
  let parent: u32 = ROOT;
  let isArray = false;
  let arrays: u32 = 0;
  let to = out;
  let last: usize = before;
  let isFirst = true;
  // At the quote of a key.
  let isAtKey = false;

  for (;;) {
    let node = parent;
    let byte: u32 = 0x22;
    if (isAtKey) isAtKey = false;
    else {
      at = skipBlanks(at);
      byte = load<u8>(at);
      if (at >= end) return SLOW;
    }
    const closes: u32 = isArray ? 0x5d : 0x7d;
    if (byte != closes || !isFirst) {
      if (!isArray) {
        if (byte != 0x22) return SLOW;
        const key = at + 1;
        let keyEnd: usize;
        if (isIndexed) {
          if (load<u32>(quotes) != <u32>at) return SLOW;
          keyEnd = load<u32>(quotes, 4);
          quotes += 8;
          if (keyEnd == 0) return SLOW;
        } else {
          keyEnd = stringEnd(key, end, allowU);
          if (keyEnd == 0) return SLOW;
          highInLine |= high;
        }
        const length = <u32>(keyEnd - key);
        // No path that anybody asks for has a character that must be escaped.
        if (parent == NOWHERE) node = NOWHERE;
        else {
          let entry: usize = load<u32>(last, 20);
          if (entry == 0 || !isKeyOf(entry, parent, key, length)) {
            if (isIndexed ? backslashes && anyIn(index, <u32>(key - start), <u32>(keyEnd - start)) : escaped) entry = 0;
            else entry = findKey(parent, key, length);
            if (entry != 0) store<u32>(last, <u32>entry, 20);
          }
          if (entry != 0) {
            last = entry;
            node = load<u32>(entry, 16);
          } else node = NOWHERE;
          if (node != NOWHERE && arrays == 0) {
            const seen = seenTable + (<usize>node << 2);
            if (load<u32>(seen) == line) return SLOW;
            store<u32>(seen, line);
          }
        }
        if (load<u16>(keyEnd, 1) == COLON_QUOTE) {
          at = keyEnd + 2;
          byte = 0x22;
        } else {
          at = skipBlanks(keyEnd + 1);
          if (load<u8>(at) != 0x3a) return SLOW;
          at = skipBlanks(at + 1);
          byte = load<u8>(at);
        }
      }
      if (to >= outEnd) return NO_ROOM;
      let kind: u32;
      let from = at;
      let until: usize;
      if (byte == 0x22) {
        from = at + 1;
        if (isIndexed) {
          if (load<u32>(quotes) != <u32>at) return SLOW;
          until = load<u32>(quotes, 4);
          quotes += 8;
          if (until == 0) return SLOW;
          kind = backslashes && anyIn(index, <u32>(from - start), <u32>(until - start)) ? ESCAPED : STRING;
          if (highs && anyIn(index + 8, <u32>(from - start), <u32>(until - start))) kind |= NOT_ASCII;
        } else {
          until = stringEnd(from, end, allowU);
          if (until == 0) return SLOW;
          highInLine |= high;
          kind = escaped ? ESCAPED : STRING;
          if (high != 0) kind |= NOT_ASCII;
        }
        at = until + 1;
      } else if (byte == 0x7b || byte == 0x5b) {
        store<u32>(to, node | (depth << 16) | ((byte == 0x7b ? OBJECT : ARRAY) << 24));
        store<u32>(to, <u32>at, 4);
        store<u32>(to, <u32>at, 8);
        store<u32>(to, 0, 12);
        to += TOKEN_BYTES;
        if (depth >= DEEPEST) return SLOW;
        store<u32>(stack + (<usize>depth << 3), parent);
        store<u32>(stack + (<usize>depth << 3), <u32>isArray, 4);
        depth++;
        parent = node;
        isArray = byte == 0x5b;
        if (isArray) arrays++;
        isFirst = true;
        at++;
        continue;
      } else if (byte == 0x2d || isDigit(byte)) {
        until = numberEnd(at);
        if (until == 0) return SLOW;
        kind = numberKind;
        at = until;
      } else if (byte == 0x74 && load<u32>(at) == 0x65757274) {
        until = at + 4;
        kind = BOOLEAN;
        at = until;
      } else if (byte == 0x66 && load<u32>(at, 1) == 0x65736c61) {
        until = at + 5;
        kind = BOOLEAN;
        at = until;
      } else if (byte == 0x6e && load<u32>(at) == 0x6c6c756e) {
        until = at + 4;
        kind = NULL;
        at = until;
      } else return SLOW;
      store<u64>(to, <u64>(node | (depth << 16) | (kind << 24)) | ((<u64>from) << 32));
      store<u64>(to, <u64>until, 8);
      to += TOKEN_BYTES;
      if (!isArray && load<u16>(at) == COMMA_QUOTE && at + 1 < end) {
        at++;
        isFirst = false;
        isAtKey = true;
        continue;
      }
      at = skipBlanks(at);
      byte = load<u8>(at);
      isFirst = false;
    }
    // Behind a value, or in an object or array that is empty.
    while (byte == (isArray ? <u32>0x5d : <u32>0x7d)) {
      if (at >= end) return SLOW;
      at++;
      if (isArray) arrays--;
      depth--;
      if (depth == 0) {
        at = skipBlanks(at);
        // A line feed ends the line, or stands where `end` is.
        if (at < end) return SLOW;
        if (highInLine != 0 && !trusted && !isPlainUtf8(start, end)) return SLOW;
        return <i32>((to - out) / TOKEN_BYTES);
      }
      parent = load<u32>(stack + (<usize>depth << 3));
      isArray = load<u32>(stack + (<usize>depth << 3), 4) != 0;
      at = skipBlanks(at);
      byte = load<u8>(at);
      isFirst = false;
    }
    if (byte != 0x2c || at >= end) return SLOW;
    at++;
    isFirst = false;
  }
  return SLOW;
}
