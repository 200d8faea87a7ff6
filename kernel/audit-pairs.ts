// The pairs of a record of auditd: `key=value key="value" msg='key=value …'`, as src/shapes/audit/audit-record.ts reads them.
import { ACCT, CMD, COMM, DATA, DIR, DIRECTORY, EXE, FILE, KEY, NAME, NEW_DISK, OCOMM, OLD_DISK, PATH, SW, TITL, VM, WATCH } from './audit-words';
import { leave } from './json-text';
import { QUOTES } from './sixteens';

const LONGEST_KEY: usize = 64;
const EQUALS: u32 = 0x3d;
const SINGLE_QUOTE: u32 = 0x27;
const DOUBLE_QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;

/** The pair that was found last. */
export let keyFrom: usize = 0;
export let keyLength: usize = 0;
export let valueFrom: usize = 0;
export let valueTo: usize = 0;
/** Its value stands in double quotes: literal, never hexadecimal. */
export let isQuoted: bool = false;
/** Its value stands in single quotes: pairs of its own. */
export let isNested: bool = false;
/** Where what follows it begins. */
export let pairEnd: usize = 0;

/** 0x1d parts what the kernel wrote from the names that auditd's ENRICHED format adds. */
@inline
function isBlank(byte: u32): bool {
  return byte == 0x20 || byte == 0x1d || byte == 0x09 || byte == 0x0d;
}

/** The first byte of [from, end) that is the one of `sixteen` (kernel/sixteens.ts), or `end`. */
export function findByte(from: usize, end: usize, sixteen: usize): usize {
  const bytes = v128.load(sixteen);
  while (from < end) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(from), bytes));
    if (found != 0) return min(from + ctz(found), end);
    from += 16;
  }
  return end;
}

@inline
function wordEnd(at: usize, end: usize): usize {
  while (at < end && !isBlank(load<u8>(at))) at++;
  return at;
}

/** Finds the pair that comes first in [at, end); false: there is none. `nested`: there may be pairs within it. */
export function findPair(at: usize, end: usize, nested: bool): bool {
  for (;;) {
    while (at < end && isBlank(load<u8>(at))) at++;
    keyFrom = at;
    for (; at < end; at++) {
      const byte = <u32>load<u8>(at);
      if (byte == EQUALS || isBlank(byte)) break;
      // Such a key would have to be escaped.
      if (byte < 0x20 || byte == DOUBLE_QUOTE || byte == BACKSLASH || byte > 0x7e) leave();
    }
    if (at >= end) return false;
    if (load<u8>(at) == EQUALS) break;
  }
  keyLength = at - keyFrom;
  if (keyLength > LONGEST_KEY) leave();
  at++;
  const quote = at < end ? <u32>load<u8>(at) : 0;
  isNested = nested && quote == SINGLE_QUOTE;
  isQuoted = quote == DOUBLE_QUOTE;
  valueFrom = at;
  if (isQuoted) {
    valueFrom++;
    valueTo = findByte(valueFrom, end, QUOTES);
    pairEnd = valueTo + 1;
  } else if (isNested) {
    valueFrom++;
    // A cut line lacks the last quote.
    valueTo = end;
    for (let last = end - 1; last > at; last--) {
      if (load<u8>(last) != SINGLE_QUOTE) continue;
      valueTo = last;
      break;
    }
    pairEnd = valueTo + 1;
  } else {
    valueTo = wordEnd(at, end);
    pairEnd = valueTo;
  }
  return true;
}

/** Is it a field that the kernel writes as a string, in hexadecimal where it must? STRING_FIELDS in src/shapes/audit/audit-values.ts. */
export function isText(key: usize, length: usize): bool {
  if (length > 9) return false;
  const word = length >= 8 ? load<u64>(key) : load<u64>(key) & (((<u64>1) << (length << 3)) - 1);
  switch (<i32>length) {
    case 2:
      return word == VM || word == SW;
    case 3:
      return word == EXE || word == DIRECTORY || word == CMD || word == KEY || word == DIR;
    case 4:
      return word == COMM || word == NAME || word == ACCT || word == PATH || word == DATA || word == FILE;
    case 5:
      return word == OCOMM || word == WATCH;
    case 8:
      return word == NEW_DISK || word == OLD_DISK;
    default:
      return isTitle(key, length);
  }
}

/** Is it `proctitle`? */
export function isTitle(key: usize, length: usize): bool {
  return length == 9 && load<u64>(key) == TITL && load<u8>(key, 8) == 0x65;
}

/** A number of one to five digits, without zeros before it, or -1. */
export function numberAt(from: usize, end: usize): i32 {
  if (from >= end || end - from > 5 || (load<u8>(from) == 0x30 && end - from > 1)) return -1;
  let value: i32 = 0;
  for (; from < end; from++) {
    const digit = <u32>load<u8>(from) - 0x30;
    if (digit > 9) return -1;
    value = value * 10 + <i32>digit;
  }
  return value;
}
