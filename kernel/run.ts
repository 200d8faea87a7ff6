// The lines of a block, one after another: tokens, route, witnesses. Only lines that somebody must look at leave a trace.
import { lineFrom, lineTo, lineTokens, readLine } from './lines';
import { findRoute, routeKey } from './routes';
import { NO_ROOM } from './tokens';
import { findWitnesses, foundOddNumber } from './witnesses';

/** Why `run` stopped. */
const DONE: i32 = 0;
const STOPPED_ROUTE: i32 = 1;
const STOPPED_FULL: i32 = 2;

/** What is kept of a line (u32 each): line, tokens, count (0xffffffff: slow), route, witnesses found; then these. */
const HEAD: usize = 20;
const SLOW_LINE: u32 = 0xffffffff;
const ALL_SLOW: u32 = 2;

/** For each route (u32 each): its tables; 0, or 1: every line is wanted, or 2: every line is slow; lines so far; unused. */
let routes: usize = 0;
let tokensAt: usize = 0;
let tokensEnd: usize = 0;
let outAt: usize = 0;
let outEnd: usize = 0;
let witnessesMost: i32 = 0;

export function setRun(routesAt: usize, tokens: usize, tokensTo: usize, out: usize, outTo: usize, most: i32): void {
  routes = routesAt;
  tokensAt = tokens;
  tokensEnd = tokensTo;
  outAt = out;
  outEnd = outTo;
  witnessesMost = most;
}

let line: i32 = 0;
let written: usize = 0;
/** The line that `run` stopped at, which is still to be done. */
export function stoppedAt(): i32 {
  return line;
}
export function outputEnd(): usize {
  return written;
}

@inline
function slow(): void {
  store<u32>(written, line);
  store<u32>(written, SLOW_LINE, 8);
  store<u32>(written, 0, 16);
  written += HEAD;
}

/** Lines `from` to `to`: `starts` and `ends` are u32 for each, relative to `base`. */
export function run(base: usize, starts: usize, ends: usize, from: i32, to: i32): i32 {
  written = outAt;
  let tokens = tokensAt;
  for (line = from; line < to; line++) {
    if (written + HEAD + (<usize>witnessesMost << 2) > outEnd) return STOPPED_FULL;
    const place = <usize>line << 2;
    const start = base + load<u32>(starts + place);
    const end = base + load<u32>(ends + place);
    const count = readLine(start, end, tokens, tokensEnd);
    if (count < 0) {
      // A line with more tokens than all of the room is slow.
      if (count == NO_ROOM && tokens != tokensAt) return STOPPED_FULL;
      slow();
      continue;
    }
    const at = lineTokens();
    const length = routeKey(at, count);
    const route = length < 0 ? -1 : findRoute(length);
    if (route < 0) {
      if (length >= 0) return STOPPED_ROUTE;
      slow();
      continue;
    }
    const entry = routes + (<usize>route << 4);
    if (load<u32>(entry, 4) == ALL_SLOW) {
      slow();
      continue;
    }
    const tables = <usize>load<u32>(entry);
    const found =
      tables == 0 ? 0 : findWitnesses(at, count, tables, lineFrom(), lineTo(), written + HEAD, witnessesMost);
    if (tables != 0 && foundOddNumber()) {
      slow();
      continue;
    }
    store<u32>(entry, load<u32>(entry, 8) + 1, 8);
    if (found == 0 && load<u32>(entry, 4) == 0) continue;
    store<u32>(written, line);
    store<u32>(written, <u32>at, 4);
    store<u32>(written, count, 8);
    store<u32>(written, route, 12);
    store<u32>(written, found, 16);
    written += HEAD + (<usize>min(found, witnessesMost) << 2);
    tokens = at + (<usize>count << 4);
  }
  return DONE;
}
