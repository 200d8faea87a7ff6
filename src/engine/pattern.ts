import type { PatternPart } from '../sigma/field-test.ts';
import { fold } from './fold.ts';
import { includesLiteral, mayStandFrom } from './long-text.ts';

/** Does this text match? It comes folded where the pattern is without regard to case. Total. */
export type TextTest = (text: string) => boolean;

/**
 * Compiles a pattern to the cheapest test that decides it. With runs (`*`) the work is at most the length of the text
 * times that of the longest piece between two runs, whatever the text: no piece is ever looked for twice at a place.
 */
export function compilePattern(parts: readonly PatternPart[], cased: boolean): TextTest {
  const { pieces, openStart, openEnd } = toPieces(parts, cased);
  const [first, ...others] = pieces;
  if (first === undefined) return openStart ? () => true : (text) => text === '';
  if (others.length > 0) return (text) => matchPieces(text, pieces, openStart, openEnd);
  if (!(first instanceof Literal)) return (text) => matchPieces(text, pieces, openStart, openEnd);
  const { literal } = first;
  if (openStart && openEnd) return (text) => includesLiteral(text, literal);
  if (openStart) return (text) => text.endsWith(literal);
  if (openEnd) return (text) => text.startsWith(literal);
  return (text) => text === literal;
}

/** The text of a pattern that is one literal and nothing else. */
export function literalOf(parts: readonly PatternPart[]): string | undefined {
  const [only] = parts;
  if (only === undefined) return '';
  return parts.length === 1 && only.kind === 'text' ? only.text : undefined;
}

/** What stands between two runs. Each method gives the place behind the piece, or -1. */
interface Piece {
  at(text: string, from: number): number;
  find(text: string, from: number): number;
  /** Does the piece end the text, beginning at `from` or later? */
  ends(text: string, from: number): boolean;
}

class Literal implements Piece {
  readonly literal: string;

  constructor(literal: string) {
    this.literal = literal;
  }

  at(text: string, from: number): number {
    return text.startsWith(this.literal, from) ? from + this.literal.length : -1;
  }

  find(text: string, from: number): number {
    const first = mayStandFrom(text, this.literal);
    const found = first === -1 ? -1 : text.indexOf(this.literal, Math.max(from, first));
    return found === -1 ? -1 : found + this.literal.length;
  }

  ends(text: string, from: number): boolean {
    return text.length - this.literal.length >= from && text.endsWith(this.literal);
  }
}

/** `?`: any one character. */
const ANY_ONE = null;

/** A piece with `?` or dashes: for each character a UTF-16 unit, some that it may be, or any. */
class Units implements Piece {
  readonly #units: readonly (string | readonly string[] | null)[];
  /** The longest run of characters that are given, and how many units stand before it: `?` none, since over pairs it has two. */
  readonly #literal: string;
  readonly #before: number;

  constructor(units: readonly (string | readonly string[] | null)[]) {
    this.#units = units;
    let literal = '';
    let before = 0;
    let run = '';
    for (const [i, unit] of units.entries()) {
      if (unit === ANY_ONE) break;
      run = typeof unit === 'string' ? run + unit : '';
      if (run.length > literal.length) {
        literal = run;
        before = i + 1 - run.length;
      }
    }
    this.#literal = literal;
    this.#before = before;
  }

  at(text: string, from: number): number {
    let at = from;
    for (const unit of this.#units) {
      if (at >= text.length) return -1;
      if (unit === ANY_ONE) {
        const code = text.charCodeAt(at);
        // A surrogate pair is one character.
        at += code >= 0xd800 && code < 0xdc00 && isLow(text.charCodeAt(at + 1)) ? 2 : 1;
      } else {
        const found = text[at];
        if (typeof unit === 'string' ? found !== unit : !unit.includes(found ?? '')) return -1;
        at++;
      }
    }
    return at;
  }

  find(text: string, from: number): number {
    const literal = this.#literal;
    const first = mayStandFrom(text, literal);
    if (first === -1) return -1;
    for (let start = Math.max(from, first - this.#before); start + this.#units.length <= text.length; start++) {
      if (literal !== '') {
        const found = text.indexOf(literal, start + this.#before);
        if (found === -1) return -1;
        start = found - this.#before;
      }
      const end = this.at(text, start);
      if (end !== -1) return end;
    }
    return -1;
  }

  /** With `?` over pairs the length is not fixed, so beginnings are tried from the right. */
  ends(text: string, from: number): boolean {
    const longest = 2 * this.#units.length;
    for (let start = text.length - this.#units.length; start >= from && start >= text.length - longest; start--) {
      if (this.at(text, start) === text.length) return true;
    }
    return false;
  }
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}

function toPieces(
  parts: readonly PatternPart[],
  cased: boolean,
): { pieces: Piece[]; openStart: boolean; openEnd: boolean } {
  const groups: PatternPart[][] = [];
  let isOpen = true;
  for (const part of parts) {
    if (part.kind === 'any-run') isOpen = true;
    else if (isOpen || groups.length === 0) {
      groups.push([part]);
      isOpen = false;
    } else groups.at(-1)?.push(part);
  }
  const pieces = groups.map((group) => toPiece(group, cased));
  return { pieces, openStart: parts[0]?.kind === 'any-run', openEnd: parts.at(-1)?.kind === 'any-run' };
}

function toPiece(parts: readonly PatternPart[], cased: boolean): Piece {
  const literal = literalOf(parts);
  if (literal !== undefined) return new Literal(cased ? literal : fold(literal));
  return new Units(
    parts.flatMap((part): (string | readonly string[] | null)[] => {
      if (part.kind === 'text') return (cased ? part.text : fold(part.text)).split('');
      return part.kind === 'one-of' ? [part.characters.split('')] : [ANY_ONE];
    }),
  );
}

/** Each piece is taken as early as it can be, which is enough, because the run behind it takes anything. */
function matchPieces(text: string, pieces: readonly Piece[], openStart: boolean, openEnd: boolean): boolean {
  let at = 0;
  const last = pieces.length - 1;
  for (let i = 0; i <= last; i++) {
    const piece = pieces[i];
    if (piece === undefined) return false;
    if (i === last && !openEnd) {
      return i === 0 && !openStart ? piece.at(text, 0) === text.length : piece.ends(text, at);
    }
    at = i === 0 && !openStart ? piece.at(text, 0) : piece.find(text, at);
    if (at === -1) return false;
  }
  return true;
}
