// JSON on its way into memory. What cannot be written, for lack of room or because it is left to others, is noted: whoever writes
// asks in the end, not at each step.
import { lettersOf } from './audit-words';
import { writeUnit } from './respell';
import { BACKSLASHES, QUOTES, SPACES } from './sixteens';

const QUOTE: u8 = 0x22;
const COMMA: u8 = 0x2c;
const OPEN: u8 = 0x7b;
const BACKSLASH: u8 = 0x5c;

/** Bytes that a byte takes at most, as an escape by number. */
const MOST_PER_BYTE: usize = 6;
/** Room for what is written around a value, and behind it where 16 bytes are stored at once. */
export const AROUND: usize = 512;

let to: usize = 0;
let limit: usize = 0;
let odd: bool = false;

/** Writes to [out, outEnd). */
export function begin(out: usize, outEnd: usize): void {
  to = out;
  limit = outEnd;
  odd = false;
}

/** Where what comes next will stand. */
@inline
export function place(): usize {
  return to;
}

/** What is being written will not do. */
@inline
export function leave(): void {
  odd = true;
}

@inline
export function isLeft(): bool {
  return odd;
}

/** Is there room for so many bytes, each as long as can be? */
@inline
export function hasRoom(bytes: usize): bool {
  if (to + bytes * MOST_PER_BYTE + AROUND <= limit) return true;
  odd = true;
  return false;
}

@inline
export function put(byte: u8): void {
  store<u8>(to, byte);
  to++;
}

/** A byte as JSON.stringify writes it within a string. */
function putEscaped(byte: u32): void {
  if (byte >= 0x20 && byte != QUOTE && byte != BACKSLASH) return put(<u8>byte);
  let letter: u8 = 0;
  if (byte == QUOTE || byte == BACKSLASH) letter = <u8>byte;
  else if (byte == 8) letter = 0x62;
  else if (byte == 9) letter = 0x74;
  else if (byte == 10) letter = 0x6e;
  else if (byte == 12) letter = 0x66;
  else if (byte == 13) letter = 0x72;
  if (letter == 0) {
    to = writeUnit(byte, to);
    return;
  }
  put(BACKSLASH);
  put(letter);
}

/** [from, end) as it stands within a string. */
export function putText(from: usize, end: usize): void {
  if (!hasRoom(end - from)) return;
  const quote = v128.load(QUOTES);
  const backslash = v128.load(BACKSLASHES);
  const control = v128.load(SPACES);
  while (from < end) {
    const bytes = v128.load(from);
    v128.store(to, bytes);
    const special = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)), i8x16.lt_u(bytes, control)),
    );
    const plain: usize = special == 0 ? 16 : ctz(special);
    if (plain >= end - from) {
      to += end - from;
      return;
    }
    from += plain;
    to += plain;
    if (special != 0) putEscaped(load<u8>(from++));
  }
}

/** Bytes as they are: of JSON, or a name. */
export function putBytes(from: usize, end: usize): void {
  if (!hasRoom(end - from)) return;
  memory.copy(to, from, end - from);
  to += end - from;
}

/** A string of bytes that need no escapes, or have them. */
export function putString(from: usize, end: usize): void {
  put(QUOTE);
  putBytes(from, end);
  put(QUOTE);
}

/** `"name":`, and a comma before it unless it is the first of its object. */
export function putName(word: u64): void {
  if (load<u8>(to - 1) != OPEN) put(COMMA);
  put(QUOTE);
  store<u64>(to, word);
  to += lettersOf(word);
  put(QUOTE);
  put(0x3a);
}

/** A whole number that is not negative. */
export function putNumber(value: i32): void {
  let power = 1;
  while (value / power >= 10) power *= 10;
  for (; power > 0; power /= 10) put(<u8>(0x30 + ((value / power) % 10)));
}

/** How a value that one byte parts is written: whole, as several strings, or with blanks between, empty parts left out. */
export const WHOLE: i32 = 0;
export const STRINGS: i32 = 1;
export const BLANKS: i32 = 2;

/** Value of a hexadecimal digit, or more than 15. */
@inline
function hexValue(byte: u32): u32 {
  const letter = (byte | 0x20) - 0x61;
  return letter < 6 ? letter + 10 : byte - 0x30 < 10 ? byte - 0x30 : 16;
}

export function isHex(from: usize, end: usize): bool {
  if (from >= end) return false;
  for (; from < end; from++) if (hexValue(load<u8>(from)) > 15) return false;
  return true;
}

/** The text that hexadecimal digits stand for; one that is not ASCII is left. */
export function putHex(from: usize, end: usize, parting: u32, how: i32): void {
  if (!hasRoom(end - from)) return;
  const start = to;
  let isParted = false;
  for (; from < end; from += 2) {
    const byte = (hexValue(load<u8>(from)) << 4) | hexValue(load<u8>(from, 1));
    if (byte > 0x7f) return leave();
    if (how != WHOLE && byte == parting) {
      if (how == BLANKS) isParted = true;
      else {
        put(QUOTE);
        put(COMMA);
        put(QUOTE);
      }
      continue;
    }
    if (isParted && to != start) put(0x20);
    isParted = false;
    putEscaped(byte);
  }
}
