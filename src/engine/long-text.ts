import { fold } from './fold.ts';
import { SoughtGroups } from './sought-groups.ts';
import { markOf, TextRuns } from './text-runs.ts';

/**
 * What stands in long texts. A hundred rules that look for a thousand literals in a text of a mebibyte would read it a
 * thousand times; so it is read once, and its runs are noted.
 */

/** UTF-16 units from which on a text is worth it: at once, where it was asked for so many literals, and for a list of so many. */
const VERY_LONG = 8192;
const LONG = 512;
const MANY = 8;
const WORTH_IT = 48;
const LONG_LIST = 16;
/** Up to here a text is searched about as fast as its runs are asked for. */
const SEARCHED = 256;
/** Long texts that are known at once: a few fields of an event. */
const KEPT = 8;

const NOTED = -1;

interface Known {
  text: string;
  /** Literals that it was asked for before its runs were noted; `NOTED` from then on. */
  asked: number;
  readonly runs: TextRuns;
}

const known: Known[] = [];
/** Very long texts that were folded last, the oldest first. */
const foldings: { readonly text: string; readonly folded: string }[] = [];
/** How many texts came since all were forgotten. */
let begun = 0;

/** As `text.includes(literal)`, for texts in which many literals are looked for. */
export function includesLiteral(text: string, literal: string): boolean {
  const from = mayStandFrom(text, literal);
  return from !== -1 && text.includes(literal, from);
}

/** Where in the text the literal may stand first; -1: it does not. */
export function mayStandFrom(text: string, literal: string): number {
  return (literal.length < 2 ? undefined : notedFor(text, 1))?.from(literal) ?? 0;
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
    return of === undefined
      ? text.includes(this.#text)
      : of.mayHold(this.#first, this.#last) && stands(this.#text, text, of);
  }
}

/** Literals of which one suffices. */
export class SoughtList {
  readonly #texts: string[] = [];
  /** Made when a text comes of which the runs were noted. */
  #groups: SoughtGroups | undefined;

  get length(): number {
    return this.#texts.length;
  }

  /** All are added before one is looked for. */
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
    this.#groups ??= new SoughtGroups(texts);
    return this.#groups.some(of, (literal) => stands(literal, text, of));
  }
}

/** Its other runs are asked for first: to search a long text takes longer. */
function stands(literal: string, text: string, runs: TextRuns): boolean {
  const from = text.length < SEARCHED ? 0 : runs.from(literal);
  return from !== -1 && text.includes(literal, from);
}

/** The runs of the text, where it is worth noting them to look for `literals` more in it. */
function notedFor(text: string, literals: number): TextRuns | undefined {
  if (text.length < WORTH_IT || (begun === 0 && text.length < LONG && literals < LONG_LIST)) return undefined;
  let of = find(text);
  if (of === undefined) {
    if (text.length < LONG && literals < LONG_LIST) return undefined;
    of = begin(text);
  }
  if (of.asked === NOTED) return of.runs;
  of.asked += literals;
  if (of.asked < MANY && text.length < VERY_LONG) return undefined;
  of.asked = NOTED;
  of.runs.note(text);
  return of.runs;
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
  const one = (known[place] ??= { text, asked: 0, runs: new TextRuns() });
  one.text = text;
  one.asked = 0;
  return one;
}
