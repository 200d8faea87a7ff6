/**
 * Text without regard to case, for comparing: Unicode's simple case folding (CaseFolding.txt, C and S), which turns one
 * character into one, so that places in a folded text are places in the text. `K` (Kelvin) is `k`, `ſ` is `s`, `ς` is
 * `σ`, as in RE2 and in ECMAScript's `iu`; `İ`, `ı` and `ß` have no such folding and match only themselves (and `ẞ`).
 */
export function fold(text: string): string {
  if (text.length <= SHORT && isFolded(text)) return text;
  // eslint-disable-next-line no-control-regex
  if (!/[^\u0000-\u007f]/.test(text)) return text.toLowerCase();
  table ??= buildTable();
  return text.length > CHUNK ? foldLong(text, table) : foldShort(text, table);
}

/** UTF-16 units of a text that are gathered one by one. */
const CHUNK = 4096;
/** UTF-16 units of a text that is looked through first: words are short, and in lower case already. */
const SHORT = 32;

/** ASCII without capitals. */
function isFolded(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f || (unit >= 0x41 && unit <= 0x5a)) return false;
  }
  return true;
}

/** Units are gathered, and the text made of all: a text built character by character is a tree, slow to make and to search. */
function foldShort(text: string, folds: Uint16Array): string {
  const units: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (isHigh(unit) && i + 1 < text.length) {
      const pair = foldPair(text.slice(i, i + 2));
      units.push(pair.charCodeAt(0), pair.charCodeAt(1));
      i++;
    } else {
      units.push(folds[unit] ?? unit);
    }
  }
  return String.fromCharCode(...units);
}

/** The same over units as they stand in memory. */
function foldLong(text: string, folds: Uint16Array): string {
  const units = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (isHigh(unit) && i + 1 < text.length) {
      const pair = foldPair(text.slice(i, i + 2));
      units[i] = pair.charCodeAt(0);
      units[++i] = pair.charCodeAt(1);
    } else units[i] = folds[unit] ?? unit;
  }
  const parts: string[] = [];
  for (let from = 0; from < units.length; from += CHUNK)
    parts.push(String.fromCharCode(...units.subarray(from, from + CHUNK)));
  return parts.join('');
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

/** Folding of each UTF-16 unit; built when the first text beyond ASCII comes. */
let table: Uint16Array | undefined;

/** Two that upper and lower case do not tell: `ı` has the upper case `I`, but folds to it in Turkish only. */
const EXCEPTIONS = new Map([
  [0x131, 0x131],
  [0x1fd3, 0x390],
  [0x1fe3, 0x3b0],
  [0xfb05, 0xfb06],
]);

function buildTable(): Uint16Array {
  const built = new Uint16Array(0x10000);
  for (let unit = 0; unit < built.length; unit++) {
    const character = String.fromCharCode(unit);
    const upper = character.toUpperCase();
    const lower = (upper.length === 1 ? upper : character).toLowerCase();
    built[unit] = EXCEPTIONS.get(unit) ?? (lower.length === 1 ? lower.charCodeAt(0) : unit);
  }
  return built;
}

/** A character beyond the Basic Multilingual Plane (or a stray surrogate with its neighbour). */
function foldPair(pair: string): string {
  const folded = pair.toUpperCase().toLowerCase();
  return folded.length === 2 ? folded : pair;
}
