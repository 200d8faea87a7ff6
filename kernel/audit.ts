// Records of auditd, the lines of one event: copied as JSON in which values stand where the shape of such events says
// (src/shapes/auditd.ts), to be looked at as any line of JSON is. What is out of the ordinary is left to the caller, who reads it
// in full. The copy may say more than the event does (a key that is given twice, say), never less.
import { findByte, findPair, isNested, isQuoted, isText, isTitle, keyFrom, keyLength, numberAt } from './audit-pairs';
import { pairEnd, valueFrom, valueTo } from './audit-pairs';
import { idFrom, idTo, nodeFrom, nodeTo, readStamp, typeFrom, typeTo } from './audit-stamp';
import {
  AARCH64,
  ARCH,
  ARGC,
  ARGV,
  beginsWith,
  CALL,
  CWD,
  D_CLOSE,
  DERIVED,
  DIRECTORY,
  EOE,
  EXE,
  EXEC,
  EXECVE,
  I386,
  ID,
  IMAGE,
  isWord,
  KEY,
  LINE,
  LINES,
  NO,
  NODE,
  PROCTITL,
  RECORDS,
  SPACE_DELETE,
  SUCCESS,
  SYSCALL,
  TITLE,
  TYPE,
  UID,
  USER,
  X86_64,
  ZERO_X,
} from './audit-words';
import {
  AROUND,
  begin,
  BLANKS,
  hasRoom,
  isHex,
  isLeft,
  leave,
  place,
  put,
  putBytes,
  putHex,
  putName,
  putNumber,
  putString,
  putText,
  STRINGS,
  WHOLE,
} from './json-text';
import { LINE_FEEDS } from './sixteens';
import { NO_ROOM, SLOW } from './tokens';

/** What an event is: one that starts a process, or not. */
export const OTHER: i32 = 1;
export const START: i32 = 2;

const QUOTE: u8 = 0x22;
const COMMA: u8 = 0x2c;
const OPEN: u8 = 0x7b;
const CLOSE: u8 = 0x7d;
const OPEN_LIST: u8 = 0x5b;
const CLOSE_LIST: u8 = 0x5d;

const MOST_LINES: i32 = 48;
const MOST_ARGUMENTS: i32 = 8192;
const LONGEST_TYPE: usize = 64;
const LONGEST_NODE: usize = 255;

/** For each record where the name of its type begins, and its length (u32 each). */
const TYPES: usize = memory.data(48 * 8, 16);

/**
 * Names of system calls on three machines (x86-64, aarch64, i386), for each MOST_CALLS words (u32): where the name begins, from
 * here, in the upper 24 bits, and its length below; 0: none.
 */
let calls: usize = 0;
const MOST_CALLS: i32 = 512;
export function setCalls(at: usize): void {
  calls = at;
}

/** Kinds of records of which more is asked than their pairs. */
const PLAIN: i32 = 0;
const OF_CALL: i32 = 1;
const OF_DIRECTORY: i32 = 2;
const OF_TITLE: i32 = 3;

/** Where values of the first record of a kind were written, or, of the title, where it stands; `To` is 0 where there is none. */
let imageFrom: usize = 0;
let imageTo: usize = 0;
let userFrom: usize = 0;
let userTo: usize = 0;
let machineFrom: usize = 0;
let machineTo: usize = 0;
let callFrom: usize = 0;
let callTo: usize = 0;
let namedFrom: usize = 0;
let namedTo: usize = 0;
let directoryFrom: usize = 0;
let directoryTo: usize = 0;
let titleFrom: usize = 0;
let titleTo: usize = 0;
let isTitleQuoted: bool = false;
/** Was it said whether the system call succeeded, and that it failed? */
let hasSuccess: bool = false;
let failed: bool = false;
/** The record of the arguments. */
let argumentsFrom: usize = 0;
let argumentsTo: usize = 0;

let copyEnd: usize = 0;
/** One past the copy that was made last. */
export function auditEnd(): usize {
  return copyEnd;
}

/**
 * Copies the event whose records are the lines of [start, end) to [out, outEnd); gives OTHER or START, or SLOW, or NO_ROOM.
 * 64 bytes behind the lines may be read.
 */
export function auditLine(start: usize, end: usize, out: usize, outEnd: usize): i32 {
  if (out + ((end - start) << 2) + (AROUND << 2) > outEnd) return NO_ROOM;
  begin(out, outEnd);
  imageTo = userTo = machineTo = callTo = namedTo = directoryTo = titleTo = argumentsTo = 0;
  hasSuccess = failed = false;
  let hasCall = false;
  let hasDirectory = false;
  let records: usize = 0;
  let lines: i32 = 0;
  for (let at = start; at < end; ) {
    const lineEnd = findByte(at, end, LINE_FEEDS);
    const body = readStamp(at, lineEnd);
    at = lineEnd + 1;
    if (body == 0 || ++lines > MOST_LINES || !hasRoom(LONGEST_NODE)) return SLOW;
    if (lines == 1) putHead();
    if (isType(EOE, 3)) continue;
    const type = TYPES + (records << 3);
    store<u32>(type, <u32>typeFrom);
    store<u32>(type, <u32>(typeTo - typeFrom), 4);
    if (records++ > 0) put(COMMA);
    put(OPEN);
    if (isType(EXECVE, 6)) {
      if (argumentsTo != 0) return SLOW;
      argumentsFrom = body;
      argumentsTo = lineEnd;
      putName(ARGV, 4);
      put(OPEN_LIST);
      const count = putArguments(body, lineEnd, false);
      put(CLOSE_LIST);
      putName(ARGC, 4);
      put(QUOTE);
      putNumber(count);
      put(QUOTE);
    } else if (isType(SYSCALL, 7)) {
      putPairs(body, lineEnd, hasCall ? PLAIN : OF_CALL, true);
      hasCall = true;
    } else if (isType(CWD, 3)) {
      putPairs(body, lineEnd, hasDirectory ? PLAIN : OF_DIRECTORY, true);
      hasDirectory = true;
    } else putPairs(body, lineEnd, isTypeOfTitle() ? OF_TITLE : PLAIN, true);
    put(CLOSE);
    if (isLeft()) return SLOW;
  }
  // A start is also told by its title alone, where the record of the arguments is lost.
  if (lines == 0 || (argumentsTo == 0 && isExec())) return SLOW;
  put(CLOSE_LIST);
  putName(LINES, 5);
  putNumber(lines);
  putDerived(records);
  put(CLOSE);
  copyEnd = place();
  if (isLeft()) return SLOW;
  return argumentsTo != 0 && !failed ? START : OTHER;
}

function putHead(): void {
  put(OPEN);
  putName(ID, 2);
  putString(idFrom, idTo);
  if (nodeTo != 0) {
    putName(NODE, 4);
    putString(nodeFrom, nodeTo);
  }
  putName(RECORDS, 7);
  put(OPEN_LIST);
}

@inline
function isType(word: u64, letters: usize): bool {
  return isWord(typeFrom, typeTo - typeFrom, word, letters);
}

function isTypeOfTitle(): bool {
  return typeTo - typeFrom == 9 && load<u64>(typeFrom) == PROCTITL && load<u8>(typeFrom, 8) == 0x45;
}

/** Pairs of a record as members of an object. */
function putPairs(from: usize, end: usize, kind: i32, nested: bool): void {
  for (let at = from; !isLeft() && at < end && findPair(at, end, nested); ) {
    at = pairEnd;
    if (isNested) putPairs(valueFrom, valueTo, kind, false);
    else if (keyLength > 0) putPair(kind, at >= end);
  }
}

function putPair(kind: i32, isLast: bool): void {
  const key = keyFrom;
  const length = keyLength;
  if (!hasRoom(length)) return;
  if (kind == OF_TITLE && isTitle(key, length)) {
    if (titleTo == 0) {
      titleFrom = valueFrom;
      titleTo = valueTo;
      isTitleQuoted = isQuoted;
    }
    putName(ARGV, 4);
    putParts(0, isLast);
    return;
  }
  if (load<u8>(place() - 1) != OPEN) put(COMMA);
  putString(key, key + length);
  put(0x3a);
  if (isWord(key, length, KEY, 3)) {
    // Of a key that several rules have set, each.
    putParts(1, isLast);
    return;
  }
  put(QUOTE);
  const from = place();
  putValue(valueFrom, valueTo, isQuoted, isText(key, length), isLast, 0, WHOLE);
  const end = place();
  put(QUOTE);
  if (kind == OF_CALL) noteCall(key, length, from, end);
  else if (kind == OF_DIRECTORY && directoryTo == 0 && isWord(key, length, DIRECTORY, 3)) {
    directoryFrom = from;
    directoryTo = end;
  }
}

/** The parts of the value at hand, which a byte parts, as a list. */
function putParts(parting: u32, isLast: bool): void {
  put(OPEN_LIST);
  put(QUOTE);
  putValue(valueFrom, valueTo, isQuoted, true, isLast, parting, STRINGS);
  put(QUOTE);
  put(CLOSE_LIST);
}

/** A value within its quotes, hexadecimal read where `mayBeHex`. `isLast`: the line ends with it, and may be cut. */
function putValue(
  from: usize,
  end: usize,
  quoted: bool,
  mayBeHex: bool,
  isLast: bool,
  parting: u32,
  how: i32,
): void {
  if (!quoted && mayBeHex && isHex(from, end)) {
    const length = end - from;
    if ((length & 1) == 0) return putHex(from, end, parting, how);
    if (isLast && length >= 3) leave();
  }
  // What parts a value is written in hexadecimal.
  if (how != WHOLE) for (let at = from; at < end; at++) if (load<u8>(at) == parting) leave();
  putText(from, end);
}

/** Keeps what the first record of the system call says. `from` to `end`: the value as it was written. */
function noteCall(key: usize, length: usize, from: usize, end: usize): void {
  if (isWord(key, length, EXE, 3)) {
    if (imageTo != 0) return;
    imageFrom = from;
    imageTo = end;
  } else if (isWord(key, length, UID, 3)) {
    if (userTo != 0) return;
    userFrom = from;
    userTo = end;
  } else if (isWord(key, length, ARCH, 4)) {
    if (machineTo != 0) return;
    machineFrom = from;
    machineTo = end;
  } else if (isWord(key, length, CALL, 7)) {
    if (callTo != 0) return;
    callFrom = from;
    callTo = end;
  } else if (isWord(key, length, SYSCALL, 7)) {
    if (namedTo != 0) return;
    namedFrom = from;
    namedTo = end;
  } else if (isWord(key, length, SUCCESS, 7)) {
    if (hasSuccess) return;
    hasSuccess = true;
    failed = isWord(from, end - from, NO, 2);
  }
}

/** Arguments of an exec that stand whole and in order, as nearly always: strings, or `joined` by blanks; gives how many. */
function putArguments(from: usize, end: usize, joined: bool): i32 {
  let count: i32 = 0;
  let said: i32 = -1;
  for (let at = from; !isLeft() && at < end && findPair(at, end, true); ) {
    at = pairEnd;
    if (isWord(keyFrom, keyLength, ARGC, 4) && !isQuoted && said < 0) {
      said = numberAt(valueFrom, valueTo);
      continue;
    }
    // `a0`, `a1`, …
    if (isNested || count > MOST_ARGUMENTS || !hasRoom(0)) leave();
    if (keyLength < 2 || load<u8>(keyFrom) != 0x61 || numberAt(keyFrom + 1, keyFrom + keyLength) != count) leave();
    if (count > 0) put(joined ? 0x20 : COMMA);
    if (!joined) put(QUOTE);
    putValue(valueFrom, valueTo, isQuoted, true, at >= end, 0, WHOLE);
    if (!joined) put(QUOTE);
    count++;
  }
  if (said != count) leave();
  return count;
}

/** The system call that starts a program, by name or by its number on any machine. */
function isExec(): bool {
  if (namedTo != 0 && beginsWith(namedFrom, EXEC, 4)) return true;
  if (callTo == 0) return false;
  if (beginsWith(callFrom, EXEC, 4)) return true;
  const number = numberAt(callFrom, callTo);
  return number == 59 || number == 322 || number == 221 || number == 281 || number == 11 || number == 358;
}

/** What the shape makes of the records, under the names that it gives such fields. */
function putDerived(records: usize): void {
  if (!hasRoom(records * LONGEST_TYPE)) return;
  putName(DERIVED, 7);
  put(OPEN);
  putName(TYPE, 4);
  put(OPEN_LIST);
  for (let i: usize = 0; i < records; i++) {
    const type: usize = load<u32>(TYPES + (i << 3));
    if (i > 0) put(COMMA);
    putString(type, type + load<u32>(TYPES + (i << 3), 4));
  }
  put(CLOSE_LIST);
  putCall();
  if (titleTo != 0 && hasRoom(0)) {
    putName(TITLE, 5);
    put(QUOTE);
    putValue(titleFrom, titleTo, isTitleQuoted, true, false, 0, BLANKS);
    put(QUOTE);
  }
  if (argumentsTo != 0 && hasRoom(0)) {
    putName(LINE, 4);
    put(QUOTE);
    putArguments(argumentsFrom, argumentsTo, true);
    put(QUOTE);
  }
  if (imageTo != 0) {
    putName(IMAGE, 5);
    putString(imageFrom, isDeleted(imageFrom, imageTo) ? imageTo - 10 : imageTo);
  }
  if (directoryTo != 0) {
    putName(DIRECTORY, 3);
    putString(directoryFrom, directoryTo);
  }
  if (userTo != 0) {
    putName(USER, 4);
    putString(userFrom, userTo);
  }
  put(CLOSE);
}

/** Does it end with ` (deleted)`? */
function isDeleted(from: usize, end: usize): bool {
  return end - from >= 10 && load<u64>(end - 10) == SPACE_DELETE && load<u16>(end - 2) == D_CLOSE;
}

/** The system call by number and by name. */
function putCall(): void {
  if ((callTo == 0 && namedTo == 0) || !hasRoom(0)) return;
  putName(CALL, 7);
  put(OPEN_LIST);
  if (callTo != 0) putString(callFrom, callTo);
  if (namedTo != 0) {
    if (callTo != 0) put(COMMA);
    putString(namedFrom, namedTo);
  }
  const name = callTo == 0 ? 0 : nameOfCall(numberAt(callFrom, callTo));
  if (name != 0) {
    put(COMMA);
    const at = calls + (name >> 8);
    putString(at, at + (name & 0xff));
  }
  put(CLOSE_LIST);
}

/** What the table says of a number on the machine of the system call; 0: nothing. */
function nameOfCall(number: i32): u32 {
  if (calls == 0 || machineTo == 0 || number < 0 || number >= MOST_CALLS) return 0;
  const hasPrefix = machineTo - machineFrom == 10 && load<u16>(machineFrom) == ZERO_X;
  const at = hasPrefix ? machineFrom + 2 : machineFrom;
  if (machineTo - at != 8) return 0;
  // Letters made small; digits have that bit.
  const machine = load<u64>(at) | 0x2020202020202020;
  const table = machine == X86_64 ? 0 : machine == AARCH64 ? 1 : machine == I386 ? 2 : -1;
  return table < 0 ? 0 : load<u32>(calls + ((table * MOST_CALLS + number) << 2));
}
