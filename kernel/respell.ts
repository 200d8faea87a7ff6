// Lines with escapes by number (`\u0026`, as writers of JSON in Go, Python and PowerShell spell `&`): copied with the characters
// themselves, as JSON.stringify would have written them, so that what rules look for stands there as it does everywhere else.
import { BACKSLASHES, QUOTES } from './sixteens';

/** `room` that `respell` needs beyond the length of the line. */
export const RESPELL_BEYOND: usize = 32;

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;

/** The four hexadecimal digits at `at`, or -1. */
function unitAt(at: usize): i32 {
  let value: i32 = 0;
  for (let i: usize = 0; i < 4; i++) {
    const byte = <u32>load<u8>(at + i);
    const letter = (byte | 0x20) - 0x61;
    if (byte - 0x30 < 10) value = (value << 4) | <i32>(byte - 0x30);
    else if (letter < 6) value = (value << 4) | <i32>(letter + 10);
    else return -1;
  }
  return value;
}

@inline
function isHalf(unit: i32, first: i32): bool {
  return (unit & 0xfc00) == first;
}

/** The letter of the short escape of a control, or 0. */
function shortEscape(unit: i32): u8 {
  switch (unit) {
    case 8:
      return 0x62;
    case 9:
      return 0x74;
    case 10:
      return 0x6e;
    case 12:
      return 0x66;
    case 13:
      return 0x72;
    default:
      return 0;
  }
}

@inline
function hexDigit(value: i32): u8 {
  return <u8>(value < 10 ? 0x30 + value : 0x57 + value);
}

/** Writes what stays an escape: a control, or half of a surrogate pair. */
export function writeUnit(unit: i32, to: usize): usize {
  store<u16>(to, 0x755c);
  store<u8>(to, hexDigit(unit >> 12), 2);
  store<u8>(to, hexDigit((unit >> 8) & 15), 3);
  store<u8>(to, hexDigit((unit >> 4) & 15), 4);
  store<u8>(to, hexDigit(unit & 15), 5);
  return to + 6;
}

/** Writes the character in UTF-8. */
function writeCharacter(code: i32, to: usize): usize {
  if (code < 0x80) {
    store<u8>(to, <u8>code);
    return to + 1;
  }
  if (code < 0x800) {
    store<u8>(to, <u8>(0xc0 | (code >> 6)));
    store<u8>(to, <u8>(0x80 | (code & 63)), 1);
    return to + 2;
  }
  if (code < 0x10000) {
    store<u8>(to, <u8>(0xe0 | (code >> 12)));
    store<u8>(to, <u8>(0x80 | ((code >> 6) & 63)), 1);
    store<u8>(to, <u8>(0x80 | (code & 63)), 2);
    return to + 3;
  }
  store<u8>(to, <u8>(0xf0 | (code >> 18)));
  store<u8>(to, <u8>(0x80 | ((code >> 12) & 63)), 1);
  store<u8>(to, <u8>(0x80 | ((code >> 6) & 63)), 2);
  store<u8>(to, <u8>(0x80 | (code & 63)), 3);
  return to + 4;
}

function writeEscaped(unit: i32, to: usize): usize {
  const letter = unit == <i32>QUOTE ? <u8>QUOTE : unit == <i32>BACKSLASH ? <u8>BACKSLASH : shortEscape(unit);
  if (letter == 0) return unit < 0x20 ? writeUnit(unit, to) : writeCharacter(unit, to);
  store<u8>(to, <u8>BACKSLASH);
  store<u8>(to, letter, 1);
  return to + 2;
}

/**
 * Copies the line [start, end) to `into`; gives one past its last byte, which is never further from `into` than `end` from
 * `start`, or 0 where an escape is none. Only within strings; whether all else is JSON the walker says, of the copy as of
 * the line. 16 bytes beyond `end` can be read, and RESPELL_BEYOND bytes beyond the copy written.
 */
export function respell(start: usize, end: usize, into: usize): usize {
  const quote = v128.load(QUOTES);
  const backslash = v128.load(BACKSLASHES);
  let isInString = false;
  let to = into;
  for (let at = start; at < end;) {
    const bytes = v128.load(at);
    v128.store(to, bytes);
    const special = i8x16.bitmask(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)));
    const skip: usize = special == 0 ? 16 : ctz(special);
    if (at + skip >= end) return to + (end - at);
    at += skip;
    to += skip;
    if (special == 0) continue;
    if (load<u8>(at) == QUOTE) {
      isInString = !isInString;
      at++;
      to++;
      continue;
    }
    const next = load<u8>(at, 1);
    if (!isInString || at + 1 >= end) return 0;
    if (next == 0x75) {
      const unit = at + 6 <= end ? unitAt(at + 2) : -1;
      if (unit < 0) return 0;
      at += 6;
      if (!isHalf(unit, 0xd800) && !isHalf(unit, 0xdc00)) {
        to = writeEscaped(unit, to);
        continue;
      }
      const second = isHalf(unit, 0xd800) && at + 6 <= end && load<u16>(at) == 0x755c ? unitAt(at + 2) : -1;
      if (second >= 0 && isHalf(second, 0xdc00)) {
        at += 6;
        to = writeCharacter(0x10000 + ((unit & 0x3ff) << 10) + (second & 0x3ff), to);
      } else to = writeUnit(unit, to);
      continue;
    }
    if (next == 0x2f) {
      store<u8>(to, 0x2f);
      at += 2;
      to++;
      continue;
    }
    store<u8>(to, <u8>BACKSLASH);
    store<u8>(to, next, 1);
    at += 2;
    to += 2;
  }
  return to;
}
