// Where the quotes of a line are, 64 bytes at a time, so that the walker (kernel/tokens.ts) goes from one to the next.
import { BACKSLASHES, LAST_CONTROLS, QUOTES as QUOTE_BYTES } from './sixteens';

/** Longer lines are walked without. */
const LONGEST: usize = 32768;
/**
 * What is written: for each 64 bytes of the line, counted from its start, which are backslashes and which are not ASCII (u64 each);
 * then the places of the quotes (u32 each), with two zeros behind them.
 */
const QUOTES: usize = (LONGEST / 64) * 16;
export const BAD_ESCAPE: usize = 1;

let anyBackslash: bool = false;
let anyHigh: bool = false;
/** Are there backslashes in the line that was indexed last? */
export function hasBackslash(): bool {
  return anyBackslash;
}
/** Are there bytes that are not ASCII? */
export function hasHigh(): bool {
  return anyHigh;
}

/** Room that `indexLine` needs. */
export function indexBytes(): usize {
  return QUOTES + (LONGEST + 8) * 4;
}

@inline
function bits(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(a) | (<u32>i8x16.bitmask(b) << 16)) |
    (<u64>(<u32>i8x16.bitmask(c) | (<u32>i8x16.bitmask(d) << 16)) << 32)
  );
}

/** Which bytes are letters that may stand behind a backslash: `b f n r t`, and `u` where that is allowed. */
function escapeLetters(at: usize, allowU: bool): u64 {
  // Bytes 0x60 to 0x6f by bit 0 of their lower half, 0x70 to 0x7f by bit 1.
  const low = allowU
    ? i8x16(0, 0, 3, 0, 2, 2, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0)
    : i8x16(0, 0, 3, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0);
  return bits(
    letters(v128.load(at), low),
    letters(v128.load(at, 16), low),
    letters(v128.load(at, 32), low),
    letters(v128.load(at, 48), low),
  );
}

@inline
function letters(bytes: v128, low: v128): v128 {
  const high = i8x16(0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0);
  const both = v128.and(
    i8x16.relaxed_swizzle(low, v128.and(bytes, i8x16.splat(15))),
    i8x16.relaxed_swizzle(high, i8x16.shr_u(bytes, 4)),
  );
  return i8x16.ne(both, i8x16.splat(0));
}

/** Bytes below a space; `last`: the last of them. */
@inline
function controls(bytes: v128, last: v128): v128 {
  return i8x16.eq(i8x16.min_u(bytes, last), bytes);
}

/**
 * Writes the index of [start, end) to `into`; gives where its quotes are that no backslash precedes. 0: the line is too long, or
 * has controls (perhaps between values, where a tab is a blank); BAD_ESCAPE: there is an escape that is not read. 64 bytes beyond
 * `end` can be read.
 */
export function indexLine(start: usize, end: usize, into: usize, allowU: bool): usize {
  if (end - start > LONGEST) return 0;
  const quote = v128.load(QUOTE_BYTES);
  const backslash = v128.load(BACKSLASHES);
  const control = v128.load(LAST_CONTROLS);
  let to = into + QUOTES;
  let word = into;
  /** Is the first byte of the block escaped? */
  let carried: u64 = 0;
  let backslashes: u64 = 0;
  let highs: u64 = 0;
  for (let at = start; at < end; at += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    // What lies behind the line is another one.
    const inLine: u64 = end - at >= 64 ? ~(<u64>0) : ((<u64>1) << (<u64>(end - at))) - 1;
    let quoted = bits(i8x16.eq(a, quote), i8x16.eq(b, quote), i8x16.eq(c, quote), i8x16.eq(d, quote)) & inLine;
    const slashed =
      bits(i8x16.eq(a, backslash), i8x16.eq(b, backslash), i8x16.eq(c, backslash), i8x16.eq(d, backslash)) & inLine;
    const least = i8x16.min_u(i8x16.min_u(a, b), i8x16.min_u(c, d));
    if (
      v128.any_true(controls(least, control)) &&
      (bits(controls(a, control), controls(b, control), controls(c, control), controls(d, control)) & inLine) != 0
    )
      return 0;
    let high: u64 = 0;
    if (i8x16.bitmask(v128.or(v128.or(a, b), v128.or(c, d))) != 0) high = bits(a, b, c, d) & inLine;
    store<u64>(word, slashed);
    store<u64>(word, high, 8);
    word += 16;
    highs |= high;
    if ((slashed | carried) != 0) {
      backslashes |= slashed;
      // Of a run of backslashes every second one is escaped by the one before it.
      const odd: u64 = 0xaaaaaaaaaaaaaaaa;
      const potential = slashed & ~carried;
      const series = (((potential << 1) | odd) - potential) ^ odd;
      const escaped = (series ^ (slashed | carried)) & inLine;
      carried = (series & slashed) >> 63;
      const letter = escaped & ~(slashed | quoted);
      if (letter != 0 && (letter & ~escapeLetters(at, allowU)) != 0) return BAD_ESCAPE;
      quoted &= ~escaped;
    }
    if (quoted == 0) continue;
    const count = <u32>popcnt(quoted);
    // Mostly there are no more than four: those are written whether they are there or not.
    store<u32>(to, <u32>at + <u32>ctz(quoted));
    quoted &= quoted - 1;
    store<u32>(to, <u32>at + <u32>ctz(quoted), 4);
    quoted &= quoted - 1;
    store<u32>(to, <u32>at + <u32>ctz(quoted), 8);
    quoted &= quoted - 1;
    store<u32>(to, <u32>at + <u32>ctz(quoted), 12);
    if (count > 4) {
      quoted &= quoted - 1;
      let more = to + 16;
      do {
        store<u32>(more, <u32>at + <u32>ctz(quoted));
        quoted &= quoted - 1;
        more += 4;
      } while (quoted != 0);
    }
    to += <usize>count << 2;
  }
  store<u64>(to, 0);
  anyBackslash = backslashes != 0;
  anyHigh = highs != 0;
  return into + QUOTES;
}

/** Is a bit set of those from place `from` to `to` of the line? `words`: the first of its words, every second one. */
@inline
export function anyIn(words: usize, from: u32, to: u32): bool {
  let word = words + (<usize>(from >> 6) << 4);
  const lastWord = words + (<usize>(to >> 6) << 4);
  const first = load<u64>(word) >> (<u64>(from & 63));
  if (word == lastWord) return (first & (((<u64>1) << (<u64>(to - from))) - 1)) != 0;
  if (first != 0) return true;
  for (word += 16; word < lastWord; word += 16) if (load<u64>(word) != 0) return true;
  return (load<u64>(lastWord) & (((<u64>1) << (<u64>(to & 63))) - 1)) != 0;
}
