/**
 * What stands at one place of raw bytes: a sign, however a format or a shell may have written it, or something that could hide
 * one. Nothing here looks for places; see sparks.ts.
 */

/** A literal in memory: length, flags, what may stand before, what after, its bytes (lower case where case does not count), and at 40 (u32) the needs that it meets. */
export const LITERAL_BYTES: usize = 64;
const TEXT: usize = 4;
const NEEDS: usize = 40;
const IGNORE_CASE: u8 = 1;
const ENCODED: u8 = 2;

/** The bytes at hand were decoded from hexadecimal digits: one value, without the line around it. */
let isDecoded = false;
/** In this stretch of a line no flag of an encoded command stands. */
let plainFrom: usize = 0;
let plainTo: usize = 0;

/** Other bytes are looked at than before. */
export function beginChecks(decoded: bool): void {
  isDecoded = decoded;
  plainFrom = 0;
  plainTo = 0;
}

/** The needs that a literal meets, as bits. */
export function needsOf(literal: usize): u32 {
  return load<u32>(literal, NEEDS);
}

function lower(byte: u8): u8 {
  return byte - 65 < 26 ? byte | 32 : byte;
}

function sameByte(byte: u8, wanted: u8, ignoreCase: bool): bool {
  return (ignoreCase ? lower(byte) : byte) == wanted;
}

function ignoresCase(literal: usize): bool {
  return (load<u8>(literal, 1) & IGNORE_CASE) != 0;
}

/** The literal as it is. */
export function isClean(start: usize, literal: usize, to: usize): bool {
  const length = <usize>load<u8>(literal);
  const ignoreCase = ignoresCase(literal);
  for (let i: usize = 0; i < length; i++)
    if (!sameByte(load<u8>(start + i), load<u8>(literal + i, TEXT), ignoreCase)) return false;
  return mayStand(start, start + length, literal, to);
}

/** Quotes that are looked through for one sign: with more, it is taken to be there. */
const MOST_QUOTES = 512;
let quotesLeft = 0;

/** The literal's first `index + 1` bytes together, then with quotes between them that a shell takes away. */
export function isBroken(start: usize, literal: usize, index: usize, to: usize): bool {
  const ignoreCase = ignoresCase(literal);
  for (let i: usize = 0; i <= index; i++)
    if (!sameByte(load<u8>(start + i), load<u8>(literal + i, TEXT), ignoreCase)) return false;
  quotesLeft = MOST_QUOTES;
  return isRest(start + index + 1, literal, index + 1, start, to) || quotesLeft < 0;
}

/** Do the literal's bytes from `from` on stand at `at` or behind quotes, so that all of it, from `start`, may? */
function isRest(at: usize, literal: usize, from: usize, start: usize, to: usize): bool {
  const length = <usize>load<u8>(literal);
  const ignoreCase = ignoresCase(literal);
  for (let i = from; i < length; i++) {
    const wanted = load<u8>(literal + i, TEXT);
    for (;;) {
      const isLetter = sameByte(load<u8>(at), wanted, ignoreCase);
      const behind = pastQuote(at);
      if (behind == at) {
        if (isLetter) break;
        return false;
      }
      if (--quotesLeft < 0) return false;
      // The n of an escaped line feed, or the letter itself.
      if (isLetter && isRest(at + 1, literal, i + 1, start, to)) return true;
      at = behind;
    }
    at++;
  }
  return mayStand(start, at, literal, to);
}

/** What may be taken away between two letters: a quote, an escape, or the spelling of one; `at` where there is none. */
function pastQuote(at: usize): usize {
  const byte = load<u8>(at);
  // \ ' " ^ $
  if (byte == 0x5c || byte == 0x27 || byte == 0x22 || byte == 0x5e || byte == 0x24) return at + 1;
  // A line feed that is escaped, spelled as JSON does; \u0027 and the like.
  if (load<u8>(at - 1) == 0x5c) {
    if (byte == 0x6e || byte == 0x72 || (isDecoded && byte == 0x0a)) return at + 1;
    if (
      byte == 0x75 &&
      isHex(load<u8>(at, 1)) &&
      isHex(load<u8>(at, 2)) &&
      isHex(load<u8>(at, 3)) &&
      isHex(load<u8>(at, 4))
    )
      return at + 5;
  }
  // &quot; &apos; &#34;
  if (byte == 0x26 || byte == 0x3b) return at + 1;
  if (load<u8>(at - 1) == 0x26) {
    if (load<u32>(at) == 0x746f7571 || load<u32>(at) == 0x736f7061) return at + 4;
    if (byte == 0x23) {
      let end = at + 1;
      while (end < at + 9 && (isHex(load<u8>(end)) || load<u8>(end) == 0x78)) end++;
      return end;
    }
  }
  return at;
}

function isHex(byte: u8): bool {
  return byte - 48 < 10 || (byte | 32) - 97 < 6;
}

export function isAlphanumeric(byte: u8): bool {
  return byte - 48 < 10 || (byte | 32) - 97 < 26;
}

/** Does what stands before and behind let this be the word or the name it must be? See `Bound` in src/prefilter. */
function mayStand(start: usize, end: usize, literal: usize, to: usize): bool {
  const before = load<u8>(literal, 2);
  const after = load<u8>(literal, 3);
  if (before != 0 && isWordByte(load<u8>(start - 1), before) && !isBehindEscape(start - 1)) return false;
  if (after != 0 && isWordByte(load<u8>(end), after)) return false;
  if ((load<u8>(literal, 1) & ENCODED) != 0) return mayBeEncoded(end, to);
  return true;
}

/** Bounds: 1 letters and digits, 2 those and `_.:`, 3 those and `-/`, 4 only `/`, 5 letters, digits and `_-/:=`. */
function isWordByte(byte: u8, bound: u8): bool {
  if (bound == 4) return byte == 0x2f;
  if (isAlphanumeric(byte)) return true;
  if (bound == 1) return false;
  if (byte == 0x5f || byte == 0x3a) return true;
  if (byte == 0x2e) return bound != 5;
  if (bound == 2) return false;
  if (byte == 0x3d) return bound == 5 || bound == 6;
  return byte == 0x2d || byte == 0x2f;
}

/** The letter or digit at `at` ends an escape: `\n`, `\t`, `\u0022`. */
export function isBehindEscape(at: usize): bool {
  const byte = load<u8>(at);
  if (load<u8>(at - 1) == 0x5c) return byte == 0x6e || byte == 0x74 || byte == 0x72 || byte == 0x62 || byte == 0x66;
  return isHex(byte) && load<u8>(at - 4) == 0x75 && load<u8>(at - 5) == 0x5c;
}

/**
 * The value of `\u00XX`, if no writer of JSON spells that so: a character that a literal or a mark is made of; else -1. A word
 * of two letters behind it would be looked for behind a separator as it is: then it counts whatever it says.
 */
export function tellingEscape(at: usize): i32 {
  const value = hexAt(at + 4);
  const isShortWord =
    isAlphanumeric(load<u8>(at, 6)) && isAlphanumeric(load<u8>(at, 7)) && !isAlphanumeric(load<u8>(at, 8));
  return isTelling(value) || isShortWord ? value : -1;
}

/** Letters, digits, and `# ( - . / ; =` and what lies between letters. */
function isTelling(value: i32): bool {
  if (value < 0) return false;
  return (
    value == 0x23 ||
    value == 0x28 ||
    (value >= 0x2d && value <= 0x39) ||
    value == 0x3b ||
    value == 0x3d ||
    (value >= 0x40 && value < 0x80)
  );
}

/** The value of two hexadecimal digits, or -1. */
export function hexAt(at: usize): i32 {
  const high = hexDigit(load<u8>(at));
  const low = hexDigit(load<u8>(at, 1));
  return high < 0 || low < 0 ? -1 : (high << 4) | low;
}

function hexDigit(byte: u8): i32 {
  if (byte - 48 < 10) return <i32>byte - 48;
  const letter = (byte | 32) - 97;
  return letter < 6 ? <i32>letter + 10 : -1;
}

/** `\u212a` or `\u017f`: characters whose lower case is ASCII. */
export function isFoldEscape(at: usize): bool {
  const high = hexAt(at + 2);
  const low = hexAt(at + 4);
  return (high == 0x21 && low == 0x2a) || (high == 0x01 && low == 0x7f);
}

/** `&#107;` or `&#x6b;`; in JSON the ampersand may be spelled \u0026. */
export function isEntity(at: usize): bool {
  const before = load<u8>(at - 1);
  if (before != 0x26 && before != 0x36) return false;
  let place = at + 1;
  let value: i32 = 0;
  if ((load<u8>(place) | 32) == 0x78) {
    place++;
    for (let i = 0; i < 6; i++) {
      const digit = hexDigit(load<u8>(place));
      if (digit < 0) break;
      value = (value << 4) | digit;
      place++;
    }
  } else {
    for (let i = 0; i < 7; i++) {
      const digit = <i32>load<u8>(place) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      place++;
    }
  }
  return isTelling(value) || value == 0x212a || value == 0x17f;
}

/** `a10[1]=`: an argument that auditd has cut to pieces, anywhere; `at` is before the bracket. */
export function isPiece(at: usize): bool {
  let place = at;
  while (place > at - 6 && load<u8>(place) - 48 < 10) place--;
  if (place == at || load<u8>(place) != 0x5b) return false;
  place--;
  const digits = place;
  while (place > digits - 6 && load<u8>(place) - 48 < 10) place--;
  return place < digits && load<u8>(place) == 0x61;
}

/**
 * Behind a PowerShell's name: does the line give it a flag that may be `-EncodedCommand` (or `/e`, `–enc`)? In a line that
 * is no JSON arguments may stand in any order, so there it is assumed.
 */
function mayBeEncoded(from: usize, to: usize): bool {
  if (isDecoded) return true;
  if (from >= plainFrom && from < plainTo) return false;
  let at = from;
  for (; at < to; at++) {
    const byte = load<u8>(at);
    if (byte == 10) break;
    if ((byte | 32) != 0x65 || !isBehindDash(at)) continue;
    let next = at + 1;
    for (;;) {
      const behind = pastQuote(next);
      if (behind == next) break;
      next = behind;
    }
    const letter = load<u8>(next) | 32;
    if (letter == 0x63 || letter == 0x6e || !isAlphanumeric(letter)) return true;
  }
  let start = from;
  while (load<u8>(start - 1) != 10) start--;
  while (load<u8>(start) == 0x20 || load<u8>(start) == 0x09) start++;
  const first = load<u8>(start);
  if (first != 0x7b && first != 0x5b) return true;
  plainFrom = from;
  plainTo = at;
  return false;
}

/** `-`, `/`, or a typographic dash, with quotes between it and `at`. */
function isBehindDash(at: usize): bool {
  let place = at - 1;
  let byte = load<u8>(place);
  while (byte == 0x5c || byte == 0x27 || byte == 0x22 || byte == 0x5e || byte == 0x24) byte = load<u8>(--place);
  if (byte == 0x2d || byte == 0x2f || (byte >= 0x93 && byte <= 0x95)) return true;
  // \u2013 to \u2015, \u0027 and the like.
  return isBehindEscape(place);
}
