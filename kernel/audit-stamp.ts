// What a line of auditd begins with: `[node=NAME ]type=NAME [msg=]audit(SECONDS[.MILLISECONDS]:SERIAL):`.
import { AUDIT_OPEN, beginsWith, MESSAGE_EQUALS, NODE_EQUALS, TYPE_EQUALS } from './audit-words';

/** As shapes read them (src/shapes/audit-line.ts, src/shapes/auditd.ts). */
const LONGEST_NODE: usize = 255;
const LONGEST_TYPE: usize = 64;
const MOST_SECONDS: usize = 12;
const MOST_PARTS: usize = 9;
const MOST_SERIAL: usize = 20;
const LONGEST_ID: usize = 39;

/** Where the name of the type lies, the number of the event, and the name of the machine (`nodeTo` is 0 where there is none). */
export let typeFrom: usize = 0;
export let typeTo: usize = 0;
export let idFrom: usize = 0;
export let idTo: usize = 0;
export let nodeFrom: usize = 0;
export let nodeTo: usize = 0;

@inline
function isDigit(byte: u32): bool {
  return byte - 0x30 < 10;
}

/** One past the digits at `at`. */
function digitsEnd(at: usize, end: usize): usize {
  while (at < end && isDigit(load<u8>(at))) at++;
  return at;
}

/** Reads the stamp of the line [at, end); gives where its pairs begin, or 0 where it has none, or not an ordinary one. */
export function readStamp(at: usize, end: usize): usize {
  nodeTo = 0;
  if (beginsWith(at, NODE_EQUALS)) {
    nodeFrom = at + 5;
    for (at = nodeFrom; at < end; at++) {
      const byte = <u32>load<u8>(at);
      if (byte == 0x20) break;
      // Neither what JSON escapes, nor another stamp.
      if (byte < 0x21 || byte > 0x7e || byte == 0x22 || byte == 0x5c || byte == 0x3d || byte == 0x28) return 0;
    }
    nodeTo = at;
    if (nodeTo == nodeFrom || nodeTo - nodeFrom > LONGEST_NODE) return 0;
    at++;
  }
  if (!beginsWith(at, TYPE_EQUALS)) return 0;
  typeFrom = at + 5;
  for (at = typeFrom; at < end; at++) {
    const byte = <u32>load<u8>(at);
    const isLetter = byte - 0x41 < 26 || byte == 0x5f;
    // Numbers of types have names.
    if (!isLetter && (at == typeFrom || !isDigit(byte))) break;
  }
  typeTo = at;
  if (typeTo == typeFrom || typeTo - typeFrom > LONGEST_TYPE || at >= end || load<u8>(at) != 0x20) return 0;
  at++;
  if (beginsWith(at, MESSAGE_EQUALS)) at += 4;
  if (!beginsWith(at, AUDIT_OPEN)) return 0;
  return readId(at + 6, end);
}

function readId(from: usize, end: usize): usize {
  idFrom = from;
  let at = digitsEnd(from, end);
  if (at == from || at - from > MOST_SECONDS) return 0;
  if (load<u8>(at) == 0x2e) {
    const parts = at + 1;
    at = digitsEnd(parts, end);
    if (at == parts || at - parts > MOST_PARTS) return 0;
  }
  if (at >= end || load<u8>(at) != 0x3a) return 0;
  const serial = at + 1;
  at = digitsEnd(serial, end);
  if (at == serial || at - serial > MOST_SERIAL || at - from > LONGEST_ID) return 0;
  if (at >= end || load<u8>(at) != 0x29) return 0;
  idTo = at;
  at++;
  return at < end && load<u8>(at) == 0x3a ? at + 1 : at;
}
