// One line as tokens, however its strings are spelled.
import { auditEnd, auditLine } from './audit';
import { beginsWith, NODE_EQUALS, TYPE_EQUALS } from './audit-words';
import { RESPELL_BEYOND, respell } from './respell';
import { isPlainUtf8, metEscape, NO_ROOM, SLOW, tokenise } from './tokens';

let from: usize = 0;
let to: usize = 0;
let tokens: usize = 0;
let kind: i32 = 0;
/** Where the line that was read last begins and ends: itself, or a copy before its tokens. */
export function lineFrom(): usize {
  return from;
}
export function lineTo(): usize {
  return to;
}
/** Where its tokens begin. */
export function lineTokens(): usize {
  return tokens;
}
/** 0: a line of JSON; else what event its records of auditd are, as in kernel/audit.ts. */
export function lineKind(): i32 {
  return kind;
}

/** As `tokenise`, to [out, outEnd), where a copy of the line may stand before its tokens. */
export function readLine(start: usize, end: usize, out: usize, outEnd: usize): i32 {
  from = start;
  to = end;
  tokens = out;
  kind = 0;
  if (beginsWith(start, TYPE_EQUALS) || beginsWith(start, NODE_EQUALS)) return readAudit(start, end, out, outEnd);
  const count = tokenise(start, end, out, outEnd, false, false);
  if (count != SLOW || !metEscape()) return count;
  const room = roomFor(end - start + RESPELL_BEYOND);
  if (out + room > outEnd) return NO_ROOM;
  const copied = respell(start, end, out);
  return copied == 0 ? SLOW : readCopy(copied, out, room, outEnd, false);
}

function readAudit(start: usize, end: usize, out: usize, outEnd: usize): i32 {
  // Not all of it is copied.
  if (!isAscii(start, end) && !isPlainUtf8(start, end)) return SLOW;
  const found = auditLine(start, end, out, outEnd);
  if (found < 0) return found;
  const room = roomFor(auditEnd() - out);
  if (out + room > outEnd) return NO_ROOM;
  kind = found;
  return readCopy(auditEnd(), out, room, outEnd, true);
}

/** Sixteen bytes at a time: those behind `end` are taken for the line's. */
function isAscii(at: usize, end: usize): bool {
  for (; at < end; at += 16) if (i8x16.bitmask(v128.load(at)) != 0) return false;
  return true;
}

/** Of a copy, behind which another 64 bytes are read. */
@inline
function roomFor(length: usize): usize {
  return (length + 64 + 15) & ~15;
}

function readCopy(end: usize, out: usize, room: usize, outEnd: usize, trusted: bool): i32 {
  from = out;
  to = end;
  tokens = out + room;
  return tokenise(from, to, tokens, outEnd, true, trusted);
}
