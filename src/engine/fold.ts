import { lengthOf, unitAt } from '../base/text-units.ts';
import { UnitBuffer } from '../base/unit-buffer.ts';

/**
 * Text without regard to case, for comparing: Unicode's simple case folding (CaseFolding.txt, C and S), which turns one
 * character into one, so that places in a folded text are places in the text. `K` (Kelvin) is `k`, `ſ` is `s`, `ς` is
 * `σ`, as in RE2 and in ECMAScript's `iu`; `İ`, `ı` and `ß` have no such folding and match only themselves (and `ẞ`).
 */
export function fold(text: string): string {
  const length = lengthOf(text);
  if (length <= SHORT && isFolded(text, length)) return text;
  // Here the engine's own way is several times faster.
  if (!BEYOND_LATIN.test(text)) return text.toLowerCase();
  table ??= buildTable();
  return foldUnits(text, table);
}

/** UTF-16 units that are folded at once. */
const FEW = 32 * 1024;
const buffer = new UnitBuffer(FEW);
/** UTF-16 units of a text that is looked through first: words are short, and in lower case already. */
const SHORT = 32;

/** ASCII without capitals. */
function isFolded(text: string, length: number): boolean {
  for (let i = 0; i < length; i++) {
    const unit = unitAt(text, i);
    if (unit > 0x7f || (unit >= 0x41 && unit <= 0x5a)) return false;
  }
  return true;
}

/** Units are folded in memory, and the text made of many at once: one built character by character is slow to make and to search. */
function foldUnits(text: string, folds: Uint16Array): string {
  const length = lengthOf(text);
  if (length <= FEW) return foldPart(text, folds);
  let folded = '';
  for (let from = 0; from < length;) {
    let to = Math.min(length, from + FEW);
    // No pair is cut in two.
    if (to < length && isHigh(unitAt(text, to - 1))) to--;
    folded += foldPart(text.slice(from, to), folds);
    from = to;
  }
  return folded;
}

function foldPart(text: string, folds: Uint16Array): string {
  const length = buffer.load(text);
  const { units } = buffer;
  for (let i = 0; i < length; i++) {
    const unit = units[i] ?? 0;
    if (isHigh(unit) && i + 1 < length && isLow(units[i + 1] ?? 0)) foldPair(units, i++);
    else units[i] = folds[unit] ?? unit;
  }
  return buffer.text(length);
}

function isHigh(unit: number): boolean {
  return (unit & 0xfc00) === HIGH;
}

function isLow(unit: number): boolean {
  return (unit & 0xfc00) === LOW;
}

const HIGH = 0xd800;
const LOW = 0xdc00;
const IN_BLOCK = 0x400;

/** Folding of each UTF-16 unit; built when the first text comes that needs it. */
let table: Uint16Array | undefined;

/** What lower case does not fold within Latin-1, and all beyond. fold.test.ts looks at every character. */
// eslint-disable-next-line no-control-regex
const BEYOND_LATIN = /[^\u0000-\u00b4\u00b6-\u00ff]/;

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

/** By first half of a pair: both halves of what each second half makes of it; `null` where all of them fold to themselves. */
const blocks: (Uint16Array | null | undefined)[] = [];

/** A character beyond the Basic Multilingual Plane. */
function foldPair(pairs: Uint16Array, at: number): void {
  const high = pairs[at] ?? 0;
  const known = blocks[high - HIGH];
  const block = known === undefined ? (blocks[high - HIGH] = foldBlock(high)) : known;
  if (block === null) return;
  const second = 2 * ((pairs[at + 1] ?? LOW) - LOW);
  pairs[at] = block[second] ?? 0;
  pairs[at + 1] = block[second + 1] ?? 0;
}

function foldBlock(high: number): Uint16Array | null {
  const block = new Uint16Array(2 * IN_BLOCK);
  let isOther = false;
  for (let i = 0; i < IN_BLOCK; i++) {
    const pair = String.fromCharCode(high, LOW + i);
    const folded = pair.toUpperCase().toLowerCase();
    const made = folded.length === 2 ? folded : pair;
    if (made !== pair) isOther = true;
    block[2 * i] = made.charCodeAt(0);
    block[2 * i + 1] = made.charCodeAt(1);
  }
  return isOther ? block : null;
}
