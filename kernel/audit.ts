// Records of auditd, the lines of one event: copied as JSON in which values stand where the shape of such events says
// (src/shapes/auditd.ts), to be looked at like every line of JSON. What is out of the ordinary is left to the caller, who reads it
// in full. The copy may say more than the event does (a key that is given twice, say), never less.
import { callName, callNameEnd, isExec } from './audit-calls';
import { clearNotes, isNoted, note, noteEnd, noteFrom } from './audit-notes';
import { OF_ARGUMENTS, OF_CALL, OF_CALL_NAME, OF_DIRECTORY, OF_IMAGE } from './audit-notes';
import { OF_MACHINE, OF_SUCCESS, OF_TITLE, OF_USER } from './audit-notes';
import { findByte, findPair, isNested, isQuoted, isText, isTitle, keyFrom, keyLength, numberAt } from './audit-pairs';
import { pairEnd, valueFrom, valueTo } from './audit-pairs';
import { idFrom, idTo, nodeFrom, nodeTo, readStamp, typeFrom, typeTo } from './audit-stamp';
import { ARCH, ARGC, ARGV, CALL, CWD, D_CLOSE, DERIVED, DIRECTORY, EOE, EXE, EXECVE, ID, IMAGE, isWord } from './audit-words';
import { KEY, LINE, LINES, NO, NODE, PROCTITL, RECORDS, SPACE_DELETE, SUCCESS, SYSCALL } from './audit-words';
import { TITLE, TYPE, UID, USER } from './audit-words';
import { AROUND, begin, BLANKS, hasRoom, isHex, isLeft, leave, place, put, putHex, putName } from './json-text';
import { putNumber, putString, putText, STRINGS, WHOLE } from './json-text';
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

/** Records of an event that are copied. */
export const MOST_LINES: i32 = 48;
const MOST_ARGUMENTS: i32 = 8192;
const LONGEST_TYPE: usize = 64;
const LONGEST_NODE: usize = 255;

/** For each record where the name of its type begins, and its length (u32 each). */
const TYPES: usize = memory.data(48 * 8, 16);

/** Kinds of records of which more is asked than their pairs. */
const PLAIN: i32 = 0;
const CALLING: i32 = 1;
const PLACED: i32 = 2;
const TITLED: i32 = 3;

let isTitleQuoted: bool = false;

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
  clearNotes();
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
    if (isType(EOE)) continue;
    const type = TYPES + (records << 3);
    store<u32>(type, <u32>typeFrom);
    store<u32>(type, <u32>(typeTo - typeFrom), 4);
    if (records++ > 0) put(COMMA);
    put(OPEN);
    if (isType(EXECVE)) {
      if (isNoted(OF_ARGUMENTS)) return SLOW;
      note(OF_ARGUMENTS, body, lineEnd);
      putName(ARGV);
      put(OPEN_LIST);
      const count = putArguments(body, lineEnd, false);
      put(CLOSE_LIST);
      putName(ARGC);
      put(QUOTE);
      putNumber(count);
      put(QUOTE);
    } else if (isType(SYSCALL)) {
      putPairs(body, lineEnd, hasCall ? PLAIN : CALLING, true);
      hasCall = true;
    } else if (isType(CWD)) {
      putPairs(body, lineEnd, hasDirectory ? PLAIN : PLACED, true);
      hasDirectory = true;
    } else putPairs(body, lineEnd, isTypeOfTitle() ? TITLED : PLAIN, true);
    put(CLOSE);
    if (isLeft()) return SLOW;
  }
  // A start is also told by its title alone, where the record of the arguments is lost.
  if (lines == 0 || (!isNoted(OF_ARGUMENTS) && isExec())) return SLOW;
  put(CLOSE_LIST);
  putName(LINES);
  putNumber(lines);
  putDerived(records);
  put(CLOSE);
  copyEnd = place();
  if (isLeft()) return SLOW;
  return isNoted(OF_ARGUMENTS) && !hasFailed() ? START : OTHER;
}

function putHead(): void {
  put(OPEN);
  putName(ID);
  putString(idFrom, idTo);
  if (nodeTo != 0) {
    putName(NODE);
    putString(nodeFrom, nodeTo);
  }
  putName(RECORDS);
  put(OPEN_LIST);
}

@inline
function isType(word: u64): bool {
  return isWord(typeFrom, typeTo - typeFrom, word);
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
  if (kind == TITLED && isTitle(key, length)) {
    if (!isNoted(OF_TITLE)) isTitleQuoted = isQuoted;
    note(OF_TITLE, valueFrom, valueTo);
    putName(ARGV);
    putParts(0, isLast);
    return;
  }
  if (load<u8>(place() - 1) != OPEN) put(COMMA);
  putString(key, key + length);
  put(0x3a);
  if (isWord(key, length, KEY)) {
    // Of a key that several rules have set, each.
    putParts(1, isLast);
    return;
  }
  put(QUOTE);
  const from = place();
  putValue(valueFrom, valueTo, isQuoted, isText(key, length), isLast, 0, WHOLE);
  const end = place();
  put(QUOTE);
  if (kind == CALLING) noteCall(key, length, from, end);
  else if (kind == PLACED && isWord(key, length, DIRECTORY)) note(OF_DIRECTORY, from, end);
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

/** Notes what the first record of the system call says. `from` to `end`: the value as it was written. */
function noteCall(key: usize, length: usize, from: usize, end: usize): void {
  if (isWord(key, length, EXE)) note(OF_IMAGE, from, end);
  else if (isWord(key, length, UID)) note(OF_USER, from, end);
  else if (isWord(key, length, ARCH)) note(OF_MACHINE, from, end);
  else if (isWord(key, length, CALL)) note(OF_CALL, from, end);
  else if (isWord(key, length, SYSCALL)) note(OF_CALL_NAME, from, end);
  else if (isWord(key, length, SUCCESS)) note(OF_SUCCESS, from, end);
}

function hasFailed(): bool {
  const from = noteFrom(OF_SUCCESS);
  return isNoted(OF_SUCCESS) && isWord(from, noteEnd(OF_SUCCESS) - from, NO);
}

/** Arguments of an exec that stand whole and in order, as nearly always: strings, or `joined` by blanks; gives how many. */
function putArguments(from: usize, end: usize, joined: bool): i32 {
  let count: i32 = 0;
  let said: i32 = -1;
  for (let at = from; !isLeft() && at < end && findPair(at, end, true); ) {
    at = pairEnd;
    if (isWord(keyFrom, keyLength, ARGC) && !isQuoted && said < 0) {
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

/** What the shape makes of the records, under the names that it gives such fields. */
function putDerived(records: usize): void {
  if (!hasRoom(records * LONGEST_TYPE)) return;
  putName(DERIVED);
  put(OPEN);
  putName(TYPE);
  put(OPEN_LIST);
  for (let i: usize = 0; i < records; i++) {
    const type: usize = load<u32>(TYPES + (i << 3));
    if (i > 0) put(COMMA);
    putString(type, type + load<u32>(TYPES + (i << 3), 4));
  }
  put(CLOSE_LIST);
  putCall();
  if (isNoted(OF_TITLE) && hasRoom(0)) {
    putName(TITLE);
    put(QUOTE);
    putValue(noteFrom(OF_TITLE), noteEnd(OF_TITLE), isTitleQuoted, true, false, 0, BLANKS);
    put(QUOTE);
  }
  if (isNoted(OF_ARGUMENTS) && hasRoom(0)) {
    putName(LINE);
    put(QUOTE);
    putArguments(noteFrom(OF_ARGUMENTS), noteEnd(OF_ARGUMENTS), true);
    put(QUOTE);
  }
  if (isNoted(OF_IMAGE)) {
    putName(IMAGE);
    const end = noteEnd(OF_IMAGE);
    putString(noteFrom(OF_IMAGE), isDeleted(noteFrom(OF_IMAGE), end) ? end - 10 : end);
  }
  if (isNoted(OF_DIRECTORY)) {
    putName(DIRECTORY);
    putString(noteFrom(OF_DIRECTORY), noteEnd(OF_DIRECTORY));
  }
  if (isNoted(OF_USER)) {
    putName(USER);
    putString(noteFrom(OF_USER), noteEnd(OF_USER));
  }
  put(CLOSE);
}

/** Does it end with ` (deleted)`? */
function isDeleted(from: usize, end: usize): bool {
  return end - from >= 10 && load<u64>(end - 10) == SPACE_DELETE && load<u16>(end - 2) == D_CLOSE;
}

/** The system call by number and by name. */
function putCall(): void {
  const isNamed = isNoted(OF_CALL_NAME);
  if ((!isNoted(OF_CALL) && !isNamed) || !hasRoom(0)) return;
  putName(CALL);
  put(OPEN_LIST);
  if (isNoted(OF_CALL)) putString(noteFrom(OF_CALL), noteEnd(OF_CALL));
  if (isNamed) {
    if (isNoted(OF_CALL)) put(COMMA);
    putString(noteFrom(OF_CALL_NAME), noteEnd(OF_CALL_NAME));
  }
  const name = callName();
  if (name != 0) {
    put(COMMA);
    putString(name, callNameEnd());
  }
  put(CLOSE_LIST);
}
