// One line as tokens, however its strings are spelled.
import { RESPELL_BEYOND, respell } from './respell';
import { metEscape, NO_ROOM, SLOW, tokenise } from './tokens';

let from: usize = 0;
let to: usize = 0;
let tokens: usize = 0;
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

/** As `tokenise`, to [out, outEnd), where a copy of the line may stand before its tokens. */
export function readLine(start: usize, end: usize, out: usize, outEnd: usize): i32 {
  from = start;
  to = end;
  tokens = out;
  const count = tokenise(start, end, out, outEnd, false, false);
  if (count != SLOW || !metEscape()) return count;
  // Behind the copy another 64 bytes are read.
  const room = (end - start + RESPELL_BEYOND + 64 + 15) & ~15;
  if (out + room > outEnd) return NO_ROOM;
  const copied = respell(start, end, out);
  if (copied == 0) return SLOW;
  from = out;
  to = copied;
  tokens = out + room;
  return tokenise(from, to, tokens, outEnd, true, false);
}
