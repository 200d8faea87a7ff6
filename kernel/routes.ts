// Which rules a line is for. The caller says which nodes decide that (`flags`); lines with the same values there share a
// route. The whole of what decides is compared, so no collision of hashes can mislead.
import { hashBytes, sameBytes } from './bytes';
import { lineKind } from './lines';
import { ANGLES, PARENTHESES } from './sixteens';

/** Flags of nodes: its presence and kind decide; its value does too; whether its text may be a record of its own does; what it begins as, as a path. */
const BY_VALUE: u32 = 2;
const BY_PLAINNESS: u32 = 4;
const BY_ROOT: u32 = 8;
const FIRST_SCALAR: u32 = 1;
const LAST_SCALAR: u32 = 6;

/** With the kind of a line that is no JSON: all that decides its route. Nothing that tokens say is written so. */
const BY_LINE: u32 = 0xffffff00;

/** Longest text of what decides a route. */
const LONGEST: usize = 4096;

/** An entry is hash, length, bytes, route + 1 (u32 each). */
const ENTRY: usize = 16;
let table: usize = 0;
let mask: u32 = 0;
let flags: usize = 0;
/** LONGEST bytes and 16 more. */
let scratch: usize = 0;

export function setRoutes(tableAt: usize, tableMask: u32, flagsAt: usize, scratchAt: usize): void {
  table = tableAt;
  mask = tableMask;
  flags = flagsAt;
  scratch = scratchAt;
  lastEntry = 0;
}

let lastEntry: usize = 0;

/**
 * Is this text certainly no record: no JSON object, no audit record (`audit(`), no event in XML (`<Event`)? Where in
 * doubt it is not plain.
 */
function isPlain(start: usize, end: usize): bool {
  let at = start;
  while (at < end) {
    const byte = load<u8>(at);
    if (byte == 0x20) at++;
    else if (byte == 0x5c && load<u8>(at, 1) != 0x22 && load<u8>(at, 1) != 0x5c) at += 2;
    else break;
  }
  if (at < end && (load<u8>(at) == 0x7b || load<u8>(at) >= 0x80)) return false;
  const angle = v128.load(ANGLES);
  const paren = v128.load(PARENTHESES);
  for (at = start; at < end; at += 16) {
    const bytes = v128.load(at);
    let found = i8x16.bitmask(v128.or(i8x16.eq(bytes, angle), i8x16.eq(bytes, paren)));
    while (found != 0) {
      const place = at + ctz(found);
      found &= found - 1;
      if (place >= end) break;
      if (load<u8>(place) == 0x3c ? load<u32>(place, 1) == 0x6e657645 : load<u32>(place - 4) == 0x74696475)
        return false;
    }
  }
  return true;
}

const ROOT_NONE: u32 = 0;
const ROOT_WINDOWS: u32 = 1;
const ROOT_MACOS: u32 = 2;
const ROOT_POSIX: u32 = 3;

@inline
function isLetter(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26;
}

/**
 * What the text begins as, as src/event/path-root.ts tells it. A quote stands behind its last byte. Of the escapes that are left in
 * tokens only that of a backslash can be the beginning of a path.
 */
function rootOf(at: usize, end: usize): u32 {
  const first = <u32>load<u8>(at);
  if (at >= end) return ROOT_NONE;
  if (first == 0x5c) return load<u8>(at, 1) == 0x5c ? ROOT_WINDOWS : ROOT_NONE;
  if (first != 0x2f) {
    if (!isLetter(first) || load<u8>(at, 1) != 0x3a) return ROOT_NONE;
    const third = load<u8>(at, 2);
    return third == 0x2f || (third == 0x5c && load<u8>(at, 3) == 0x5c) ? ROOT_WINDOWS : ROOT_NONE;
  }
  for (let i: usize = 1; i < 14; i++) {
    const byte = load<u8>(at + i);
    if (byte == 0x2f) return isMacRoot(at, i + 1) ? ROOT_MACOS : ROOT_POSIX;
    if (at + i >= end) return ROOT_POSIX;
  }
  return ROOT_POSIX;
}

/** `/Users/`, `/System/`, `/Library/`, `/private/`, `/Applications/`. */
function isMacRoot(at: usize, length: usize): bool {
  const eight = load<u64>(at);
  if (length == 7) return (eight & 0x00ffffffffffffff) == 0x002f73726573552f;
  if (length == 8) return eight == 0x2f6d65747379532f;
  if (length == 9)
    return load<u8>(at, 8) == 0x2f && (eight == 0x7972617262694c2f || eight == 0x657461766972702f);
  return length == 14 && eight == 0x6163696c7070412f && load<u32>(at, 8) == 0x6e6f6974 && load<u8>(at, 12) == 0x73;
}

/** Writes what decides, of the line that was read last, to `scratch`; gives its length, or -1 where it is too long. */
export function routeKey(tokens: usize, count: i32): i32 {
  if (lineKind() != 0) {
    store<u32>(scratch, BY_LINE | lineKind());
    return 4;
  }
  let to = scratch;
  const limit = scratch + LONGEST;
  for (let i = 0; i < count; i++) {
    const token = tokens + ((<usize>i) << 4);
    // Whether a byte is not ASCII is no part of what decides.
    const head = load<u32>(token) & 0x7fffffff;
    const flag = load<u8>(flags + (head & 0xffff));
    if (flag == 0) continue;
    if (to + 8 > limit) return -1;
    const kind = head >> 24;
    // A string is one thing, with escapes or without.
    store<u32>(to, kind == 2 ? (head & 0xffffff) | (1 << 24) : head);
    to += 4;
    if (flag & BY_PLAINNESS && kind <= 2) {
      if (to + 4 > limit) return -1;
      store<u32>(to, <u32>isPlain(load<u32>(token, 4), load<u32>(token, 8)));
      to += 4;
    }
    if (flag & BY_ROOT && kind <= 2) {
      if (to + 4 > limit) return -1;
      store<u32>(to, rootOf(load<u32>(token, 4), load<u32>(token, 8)));
      to += 4;
    }
    if (flag & BY_VALUE && kind >= FIRST_SCALAR && kind <= LAST_SCALAR) {
      const from = load<u32>(token, 4);
      const length = load<u32>(token, 8) - from;
      if (to + 4 + length > limit) return -1;
      store<u32>(to, length);
      to += 4;
      // Mostly short: sixteen bytes at a time, what is too much is written over by what follows.
      for (let done: u32 = 0; done < length; done += 16) v128.store(to + done, v128.load(from + done));
      to += length;
    }
  }
  return <i32>(to - scratch);
}

/** The route of the key in `scratch`, or -1. */
export function findRoute(length: u32): i32 {
  if (lastEntry != 0 && load<u32>(lastEntry, 4) == length && sameBytes(scratch, load<u32>(lastEntry, 8), length))
    return <i32>load<u32>(lastEntry, 12) - 1;
  const hash = hashBytes(scratch, length, 7);
  let slot = hash & mask;
  for (;;) {
    const entry = table + <usize>slot * ENTRY;
    const route = load<u32>(entry, 12);
    if (route == 0) return -1;
    if (load<u32>(entry) == hash && load<u32>(entry, 4) == length && sameBytes(scratch, load<u32>(entry, 8), length)) {
      lastEntry = entry;
      return <i32>route - 1;
    }
    slot = (slot + 1) & mask;
  }
  return -1;
}

/** Adds the key in `scratch`, copied to `at`. The table must have room. */
export function addRoute(length: u32, at: usize, route: u32): void {
  memory.copy(at, scratch, length);
  const hash = hashBytes(at, length, 7);
  let slot = hash & mask;
  while (load<u32>(table + <usize>slot * ENTRY, 12) != 0) slot = (slot + 1) & mask;
  const entry = table + <usize>slot * ENTRY;
  store<u32>(entry, hash);
  store<u32>(entry, length, 4);
  store<u32>(entry, <u32>at, 8);
  store<u32>(entry, route + 1, 12);
}
