// The lines of one event of auditd, where they stand together, as they mostly do: for the framing of input (src/frame).
import { findByte } from './audit-pairs';
import { idFrom, idTo, nodeFrom, nodeTo, readStamp, typeFrom, typeTo } from './audit-stamp';
import { EOE, isWord } from './audit-words';
import { sameBytes } from './bytes';
import { LINE_FEEDS } from './sixteens';

const CARRIAGE_RETURN: u8 = 13;

let lines: i32 = 0;
let firstEnd: usize = 0;
/** Lines of the event that was found last, and the line feed of its first. */
export function eventLines(): i32 {
  return lines;
}
export function firstLineEnd(): usize {
  return firstEnd;
}

let stopped: usize = 0;
/**
 * Where no event was found: the line that is none of its, or `end`. From no line before that is one found either: whoever asked of each would
 * read the lines of an event without an end over and over.
 */
export function eventStopped(): usize {
  return stopped;
}

/**
 * Gives the line feed of the last line of the event whose first line begins at `start`, if that line says that it is the last
 * (EOE), and all lines from the first to it are of the event; else 0.
 */
export function findEvent(start: usize, end: usize): usize {
  let id: usize = 0;
  let idLength: u32 = 0;
  let node: usize = 0;
  let nodeLength: u32 = 0;
  lines = 0;
  for (let at = start; at < end; ) {
    const lineEnd = findByte(at, end, LINE_FEEDS);
    stopped = max(at, start + 1);
    if (lineEnd == end || load<u8>(lineEnd - 1) == CARRIAGE_RETURN || readStamp(at, lineEnd) == 0) return 0;
    const ownLength = <u32>(idTo - idFrom);
    const ownNode = nodeTo == 0 ? 0 : <u32>(nodeTo - nodeFrom);
    if (lines++ == 0) {
      firstEnd = lineEnd;
      id = idFrom;
      idLength = ownLength;
      node = nodeFrom;
      nodeLength = ownNode;
    } else if (
      ownLength != idLength ||
      ownNode != nodeLength ||
      !sameBytes(idFrom, id, idLength) ||
      !sameBytes(nodeFrom, node, nodeLength)
    )
      return 0;
    if (isWord(typeFrom, typeTo - typeFrom, EOE)) return lineEnd;
    at = lineEnd + 1;
  }
  stopped = end;
  return 0;
}
