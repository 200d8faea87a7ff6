import { fold } from './fold.ts';

/**
 * What stands in long texts. A hundred rules that look for a thousand literals in a text of a mebibyte would read it a
 * thousand times; so it is read once, and each run of two and of four characters in it noted as a bit. A literal with a run
 * that was not noted stands nowhere in the text. One whose runs were all noted is looked for as in any text.
 */

/** UTF-16 units from which on a text is worth it: at once, and where it was asked for so many literals. */
const VERY_LONG = 8192;
const LONG = 512;
const MANY = 8;
/** Bits for runs of four, as a power of two: 64 KiB, or 4 for shorter texts. A mebibyte of noise sets most of them, and costs what it would without. */
const BITS = 19;
const FEWER_BITS = 15;
const RUN = 4;
/** Long texts that are known at once: a few fields of an event. */
const KEPT = 4;

const NOTED = -1;

interface Known {
  text: string;
  /** Literals that it was asked for before its runs were noted; `NOTED` from then on. */
  asked: number;
  bits: number;
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
  if (text.length < LONG || literal.length < 2) return true;
  const of = knownOf(text);
  if (of.asked !== NOTED) {
    if (++of.asked < MANY && text.length < VERY_LONG) return true;
    note(of);
  }
  const { pairs, runs, bits } = of;
  let run = literal.charCodeAt(0) & 0xff;
  for (let i = 1; i < literal.length; i++) {
    run = withUnit(run, literal.charCodeAt(i));
    if (!isSet(pairs, run & 0xffff) || (i >= RUN - 1 && !isSet(runs, bitOf(run, bits)))) return false;
  }
  return true;
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

function knownOf(text: string): Known {
  for (const one of known) if (one.text === text) return one;
  const place = begun++ % KEPT;
  const one = (known[place] ??= {
    text,
    asked: 0,
    bits: BITS,
    pairs: new Uint32Array(2048),
    runs: new Uint32Array(1 << (BITS - 5)),
  });
  one.text = text;
  one.asked = 0;
  return one;
}

function note(of: Known): void {
  const { text, pairs, runs } = of;
  const bits = text.length < VERY_LONG ? FEWER_BITS : BITS;
  of.asked = NOTED;
  of.bits = bits;
  pairs.fill(0);
  runs.fill(0, 0, 1 << (bits - 5));
  // At the beginning runs are noted that stand nowhere: too much, never too little.
  let run = 0;
  for (let i = 0; i < text.length; i++) {
    run = withUnit(run, text.charCodeAt(i));
    set(pairs, run & 0xffff);
    set(runs, bitOf(run, bits));
  }
}

/** The last four units, of each its lower byte. */
function withUnit(run: number, unit: number): number {
  return (run << 8) | (unit & 0xff);
}

function bitOf(run: number, bits: number): number {
  return Math.imul(run, 0x9e37_79b1) >>> (32 - bits);
}

function isSet(bits: Uint32Array, bit: number): boolean {
  return ((bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
}

function set(bits: Uint32Array, bit: number): void {
  bits[bit >>> 5] = (bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
}
