// Where records of one line each begin and end, for the framing of input (src/frame).
import { LINE_FEEDS } from './sixteens';

/** Why `findRecords` stopped: no line ends in what is left; a line that is the caller's (no object, or too long); no room. */
const NO_END: i32 = 0;
const ODD_LINE: i32 = 1;
const NO_ROOM: i32 = 2;

let reason: i32 = NO_END;
let next: usize = 0;
let oddEnd: usize = 0;
let lines: i32 = 0;

export function recordsStopped(): i32 {
  return reason;
}
/** Where the first line begins that was not dealt with. */
export function recordsNext(): usize {
  return next;
}
/** The line feed of the odd line. */
export function oddLineEnd(): usize {
  return oddEnd;
}
/** Lines that were dealt with, blank ones too. */
export function recordsLines(): i32 {
  return lines;
}

@inline
function feeds(at: usize, feed: v128): v128 {
  return i8x16.eq(v128.load(at), feed);
}

/**
 * Cuts [start, end) into lines and writes for each that is not blank (u32 each): its first byte that is no blank, one past its
 * last byte (without a carriage return), how many lines came before it, where it begins with its blanks. Gives how many, at
 * most `most`. A line that does not begin with a brace, or has more than `longest` bytes, is odd. 64 bytes beyond `end` can be read.
 */
export function findRecords(start: usize, end: usize, longest: usize, into: usize, most: i32): i32 {
  const feed = v128.load(LINE_FEEDS);
  let count = 0;
  let lineStart = start;
  lines = 0;
  reason = NO_END;
  for (let block = start; block < end; block += 64) {
    const a = feeds(block, feed);
    const b = feeds(block + 16, feed);
    const c = feeds(block + 32, feed);
    const d = feeds(block + 48, feed);
    if (!v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) continue;
    let mask =
      <u64>(<u32>i8x16.bitmask(a) | (<u32>i8x16.bitmask(b) << 16)) |
      (<u64>(<u32>i8x16.bitmask(c) | (<u32>i8x16.bitmask(d) << 16)) << 32);
    while (mask != 0) {
      const feed = block + <usize>ctz(mask);
      mask &= mask - 1;
      if (feed >= end) break;
      let first = lineStart;
      let last = feed;
      if (last > first && load<u8>(last - 1) == 13) last--;
      while (first < last) {
        const byte = load<u8>(first);
        if (byte != 0x20 && byte != 0x09 && byte != 13) break;
        first++;
      }
      if (first < last) {
        if (load<u8>(first) != 0x7b || last - first > longest) {
          reason = ODD_LINE;
          next = lineStart;
          oddEnd = feed;
          return count;
        }
        if (count >= most) {
          reason = NO_ROOM;
          next = lineStart;
          return count;
        }
        const place = into + (<usize>count << 4);
        store<u32>(place, <u32>first);
        store<u32>(place, <u32>last, 4);
        store<u32>(place, lines, 8);
        store<u32>(place, <u32>lineStart, 12);
        count++;
      }
      lines++;
      lineStart = feed + 1;
    }
  }
  next = lineStart;
  return count;
}
