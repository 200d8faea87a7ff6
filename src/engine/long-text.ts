import { fold } from './fold.ts';

/**
 * What stands in long texts. A hundred rules that look for a thousand literals in a text of a mebibyte would read it a
 * thousand times; so it is read once, and each run of two and of four characters in it noted as a bit. A literal with a run
 * that was not noted stands nowhere in the text. One whose runs were all noted is looked for as in any text.
 */

/** UTF-16 units from which on a text is worth it: at once, where it was asked for so many literals, and for a list of so many. */
const VERY_LONG = 8192;
const LONG = 512;
const MANY = 8;
const WORTH_IT = 48;
const LONG_LIST = 16;
/** Bits for runs of four, as a power of two: 64 KiB, or 4 for shorter texts. A mebibyte of noise sets most of them, and costs what it would without. */
const BITS = 19;
const FEWER_BITS = 15;
const RUN = 4;
/** Bits of single units that count. */
const UNITS = 0xfff;
/** Hashes of runs are small integers, of which the upper bits count. */
const HASH_BITS = 30;
/** Long texts that are known at once: a few fields of an event. */
const KEPT = 8;

const NOTED = -1;

interface Known {
  text: string;
  /** Literals that it was asked for before its runs were noted; `NOTED` from then on. */
  asked: number;
  bits: number;
  readonly units: Uint32Array;
  readonly pairs: Uint32Array;
  readonly runs: Uint32Array;
}

const known: Known[] = [];
/** Very long texts that were folded last, the oldest first. */
const foldings: { readonly text: string; readonly folded: string }[] = [];
/** How many texts came since all were forgotten. */
let begun = 0;

/** As `text.includes(literal)`, for texts in which many literals are looked for. */
export function includesLiteral(text: string, literal: string): boolean {
  return mayInclude(text, literal) && text.includes(literal);
}

/** False: the literal does not stand in the text. */
export function mayInclude(text: string, literal: string): boolean {
  const of = literal.length < 2 ? undefined : notedFor(text, 1);
  if (of === undefined) return true;
  const { pairs, runs, bits } = of;
  let before = literal.charCodeAt(0);
  let run = withUnit(0, before);
  for (let i = 1; i < literal.length; i++) {
    const unit = literal.charCodeAt(i);
    run = withUnit(run, unit);
    const pair = pairOf(before, unit);
    before = unit;
    if (!isSet(pairs, pair) || (i >= RUN - 1 && !isSet(runs, bitOf(hashOf(run), bits)))) return false;
  }
  return true;
}

/** A literal that is looked for in many texts: of its runs the first and the last are known, which mostly suffice. */
export class Sought {
  readonly #text: string;
  readonly #first: number;
  readonly #last: number;

  constructor(text: string) {
    this.#text = text;
    this.#first = markOf(text, true);
    this.#last = markOf(text, false);
  }

  /** As `text.includes(literal)`. */
  isIn(text: string): boolean {
    const of = notedFor(text, 1);
    return (of === undefined || mayStand(of, this.#first, this.#last)) && text.includes(this.#text);
  }
}

/** False: a literal with these marks does not stand in the text. */
function mayStand({ units, pairs, runs, bits }: Known, first: number, last: number): boolean {
  if (first >= 0) return isSet(runs, bitOf(first, bits)) && isSet(runs, bitOf(last, bits));
  if (first >= FIRST_PAIR) return isSet(pairs, ~first) && isSet(pairs, ~last);
  return first === ANYWHERE || isSet(units, ANYWHERE - 1 - first);
}

/** Literals of which one suffices. */
export class SoughtList {
  readonly #texts: string[] = [];
  /** Of each literal the first run and the last, side by side: made when a text comes of which the runs were noted. */
  #marks = new Int32Array();

  get length(): number {
    return this.#texts.length;
  }

  add(text: string): void {
    this.#texts.push(text);
  }

  /** Does one of them stand in the text? */
  isIn(text: string): boolean {
    const texts = this.#texts;
    const of = texts.length === 0 ? undefined : notedFor(text, texts.length);
    if (of === undefined) {
      for (const one of texts) if (text.includes(one)) return true;
      return false;
    }
    if (this.#marks.length !== 2 * texts.length) this.#marks = marksOf(texts);
    const marks = this.#marks;
    for (let i = 0; i < texts.length; i++) {
      if (!mayStand(of, marks[2 * i] ?? 0, marks[2 * i + 1] ?? 0)) continue;
      const one = texts[i];
      if (one !== undefined && text.includes(one)) return true;
    }
    return false;
  }
}

function marksOf(texts: readonly string[]): Int32Array<ArrayBuffer> {
  return Int32Array.from({ length: 2 * texts.length }, (_, i) => markOf(texts[i >> 1] ?? '', i % 2 === 0));
}

/** What is known of the text, where it is worth noting its runs to look for `literals` more in it. */
function notedFor(text: string, literals: number): Known | undefined {
  if (text.length < WORTH_IT || (begun === 0 && text.length < LONG && literals < LONG_LIST)) return undefined;
  let of = find(text);
  if (of === undefined) {
    if (text.length < LONG && literals < LONG_LIST) return undefined;
    of = begin(text);
  }
  if (of.asked === NOTED) return of;
  of.asked += literals;
  if (of.asked < MANY && text.length < VERY_LONG) return undefined;
  note(of);
  return of;
}

/**
 * As `fold(text)`; equal long texts of an event are folded once, and give the same string. Strings that are the same are told
 * so at once; of two that are merely equal every unit is compared, for a mebibyte at the cost of many literals looked for.
 */
export function foldOnce(text: string): string {
  if (text.length < VERY_LONG) return fold(text);
  for (const one of foldings) if (one.text === text) return one.folded;
  const folded = fold(text);
  if (foldings.length === KEPT) foldings.shift();
  foldings.push({ text, folded });
  return folded;
}

/** Another event begins: its texts are others. */
export function forgetLongTexts(): void {
  if (foldings.length > 0) foldings.length = 0;
  if (begun === 0) return;
  begun = 0;
  for (const one of known) one.text = '';
}

function find(text: string): Known | undefined {
  for (const one of known) if (one.text === text) return one;
  return undefined;
}

function begin(text: string): Known {
  const place = begun++ % KEPT;
  const one = (known[place] ??= {
    text,
    asked: 0,
    bits: BITS,
    units: new Uint32Array((UNITS + 1) >> 5),
    pairs: new Uint32Array(2048),
    runs: new Uint32Array(1 << (BITS - 5)),
  });
  one.text = text;
  one.asked = 0;
  return one;
}

function note(of: Known): void {
  const { text, units, pairs, runs } = of;
  const bits = text.length < VERY_LONG ? FEWER_BITS : BITS;
  of.asked = NOTED;
  of.bits = bits;
  units.fill(0);
  pairs.fill(0);
  runs.fill(0, 0, 1 << (bits - 5));
  // At the beginning runs are noted that stand nowhere: too much, never too little.
  let run = 0;
  let before = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    run = withUnit(run, unit);
    set(units, unit & UNITS);
    set(pairs, pairOf(before, unit));
    before = unit;
    set(runs, bitOf(hashOf(run), bits));
  }
}

/** The last four units, of each its lower byte, which the upper one moves: halves of pairs are no ASCII. */
function withUnit(run: number, unit: number): number {
  return (run << 8) | ((unit ^ Math.imul(unit >> 8, 0x9b)) & 0xff);
}

/** Two units in 16 bits. */
function pairOf(before: number, unit: number): number {
  return (Math.imul(before, 0x9e37) ^ unit) & 0xffff;
}

function hashOf(run: number): number {
  return Math.imul(run, 0x9e37_79b1) >>> (32 - HASH_BITS);
}

function bitOf(hash: number, bits: number): number {
  return hash >>> (HASH_BITS - bits);
}

/** The lowest mark of a pair, and that of no text at all, which stands everywhere; those of single units are below it. */
const FIRST_PAIR = ~0xffff;
const ANYWHERE = FIRST_PAIR - 1;

/** The hash of the literal's first or last run; of one that is shorter, its first or last pair or its one unit, as a number below 0. */
function markOf(text: string, isFirst: boolean): number {
  const { length } = text;
  if (length === 0) return ANYWHERE;
  if (length === 1) return ANYWHERE - 1 - (text.charCodeAt(0) & UNITS);
  if (length < RUN) {
    const at = isFirst ? 0 : length - 2;
    return ~pairOf(text.charCodeAt(at), text.charCodeAt(at + 1));
  }
  const from = isFirst ? 0 : length - RUN;
  let run = 0;
  for (let i = from; i < from + RUN; i++) run = withUnit(run, text.charCodeAt(i));
  return hashOf(run);
}

function isSet(bits: Uint32Array, bit: number): boolean {
  return ((bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
}

function set(bits: Uint32Array, bit: number): void {
  bits[bit >>> 5] = (bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
}
