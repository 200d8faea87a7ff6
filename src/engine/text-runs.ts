import { lengthOf, unitAt } from '../base/text-units.ts';

/**
 * Which short runs of characters a text holds, as bits: read once, it tells of a thousand literals that they stand nowhere in it.
 * One whose runs were all noted may stand there or not.
 */

/** Units of the longer runs; there are bits for pairs and for single units too. */
const RUN = 4;
/** Bits of single units that count. */
const UNITS = 0xfff;
const PAIRS = 0xffff;
/** Bits for runs of four, as a power of two: 64 KiB, or 4 for shorter texts. A mebibyte of noise sets most of them. */
const BITS = 19;
const FEWER_BITS = 15;
const LONG = 8192;
/** Bits for where runs of a long text stand first, 256 KiB of places. */
const PLACE_BITS = 16;
/** Hashes of runs are small integers, of which the upper bits count. */
const HASH_BITS = 30;

/** The lowest mark of a pair, and that of no text at all, which stands everywhere; those of single units are below it. */
const FIRST_PAIR = ~PAIRS;
const ANYWHERE = FIRST_PAIR - 1;

export class TextRuns {
  readonly #units = new Uint32Array((UNITS + 1) >> 5);
  readonly #pairs = new Uint32Array((PAIRS + 1) >> 5);
  #runs = new Uint32Array(1 << (FEWER_BITS - 5));
  #shift = HASH_BITS - FEWER_BITS;
  /** Of a long text: where the first run of those that share a bit ends, counted from 1. */
  #firsts: Int32Array | undefined;
  #hasFirsts = false;

  /** Notes the runs of `text`, and forgets those of another. */
  note(text: string): void {
    const units = this.#units;
    const pairs = this.#pairs;
    const bits = text.length < LONG ? FEWER_BITS : BITS;
    if (this.#runs.length < 1 << (bits - 5)) this.#runs = new Uint32Array(1 << (bits - 5));
    const runs = this.#runs;
    const shift = (this.#shift = HASH_BITS - bits);
    units.fill(0);
    pairs.fill(0);
    runs.fill(0, 0, 1 << (bits - 5));
    this.#hasFirsts = text.length >= LONG;
    const firsts = this.#hasFirsts ? (this.#firsts ??= new Int32Array(1 << PLACE_BITS)).fill(0) : undefined;
    // At the beginning runs are noted that stand nowhere: too much, never too little.
    let run = 0;
    let before = 0;
    const length = lengthOf(text);
    for (let i = 0; i < length; i++) {
      const unit = unitAt(text, i);
      run = withUnit(run, unit);
      set(units, unit & UNITS);
      set(pairs, pairOf(before, unit));
      before = unit;
      const hash = hashOf(run);
      set(runs, hash >>> shift);
      if (firsts === undefined) continue;
      const place = hash >>> (HASH_BITS - PLACE_BITS);
      if (firsts[place] === 0) firsts[place] = i + 1;
    }
  }

  /** False: the literal of which these are the first mark and the last does not stand in the text. */
  mayHold(first: number, last: number): boolean {
    if (first >= 0) return isSet(this.#runs, first >>> this.#shift) && isSet(this.#runs, last >>> this.#shift);
    if (first >= FIRST_PAIR) return isSet(this.#pairs, ~first) && isSet(this.#pairs, ~last);
    return first === ANYWHERE || isSet(this.#units, ANYWHERE - 1 - first);
  }

  /** False: no literal stands in the text whose first pair has one of these bits of this word. */
  mayHoldPair(word: number, bits: number): boolean {
    return ((this.#pairs[word] ?? 0) & bits) !== 0;
  }

  /** Where the literal may stand first, by every run of it; -1: it does not stand in the text. */
  from(literal: string): number {
    const firsts = this.#hasFirsts ? this.#firsts : undefined;
    let from = 0;
    let run = 0;
    let before = 0;
    for (let i = 0; i < literal.length; i++) {
      const unit = literal.charCodeAt(i);
      run = withUnit(run, unit);
      if (i > 0 && !isSet(this.#pairs, pairOf(before, unit))) return -1;
      before = unit;
      if (i < RUN - 1) continue;
      const hash = hashOf(run);
      if (!isSet(this.#runs, hash >>> this.#shift)) return -1;
      if (firsts !== undefined) from = Math.max(from, (firsts[hash >>> (HASH_BITS - PLACE_BITS)] ?? 0) - 1 - i);
    }
    return from;
  }
}

/** Where the bit of the literal's first pair is: its word of the bits of pairs, and the bit in it. The literal has two units or more. */
export function firstPair(literal: string): { readonly word: number; readonly bit: number } {
  const pair = pairOf(literal.charCodeAt(0), literal.charCodeAt(1));
  return { word: pair >>> 5, bit: 1 << (pair & 31) };
}

/** The hash of the literal's first or last run; of one that is shorter, its first or last pair or its one unit, as a number below 0. */
export function markOf(literal: string, isFirst: boolean): number {
  const { length } = literal;
  if (length === 0) return ANYWHERE;
  if (length === 1) return ANYWHERE - 1 - (literal.charCodeAt(0) & UNITS);
  if (length < RUN) {
    const at = isFirst ? 0 : length - 2;
    return ~pairOf(literal.charCodeAt(at), literal.charCodeAt(at + 1));
  }
  const from = isFirst ? 0 : length - RUN;
  let run = 0;
  for (let i = from; i < from + RUN; i++) run = withUnit(run, literal.charCodeAt(i));
  return hashOf(run);
}

/** The last four units, of each its lower byte, which the upper one moves: halves of pairs are no ASCII. */
function withUnit(run: number, unit: number): number {
  return (run << 8) | ((unit ^ Math.imul(unit >> 8, 0x9b)) & 0xff);
}

/** Two units in 16 bits. */
function pairOf(before: number, unit: number): number {
  return (Math.imul(before, 0x9e37) ^ unit) & PAIRS;
}

function hashOf(run: number): number {
  return Math.imul(run, 0x9e37_79b1) >>> (32 - HASH_BITS);
}

function isSet(bits: Uint32Array, bit: number): boolean {
  return ((bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
}

function set(bits: Uint32Array, bit: number): void {
  bits[bit >>> 5] = (bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
}
