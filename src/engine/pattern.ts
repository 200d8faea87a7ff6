import type { PatternPart } from '../sigma/field-test.ts';
import { fold } from './fold.ts';

/** Does this text match? Total, and linear in the text but for `?` (see `matchSegments`). */
export type TextTest = (text: string) => boolean;

/** Compiles a pattern to the cheapest test that decides it. */
export function compilePattern(parts: readonly PatternPart[], cased: boolean): TextTest {
  const segments = toSegments(parts, cased);
  const [first] = segments.pieces;
  const simple = segments.pieces.every((piece) => !piece.includes(ANY_ONE));
  if (simple && segments.pieces.length <= 1) {
    const text = typeof first === 'undefined' ? '' : first.join('');
    const { openStart, openEnd } = segments;
    if (cased) return plainTest(text, openStart, openEnd);
    const test = plainTest(text, openStart, openEnd);
    return (value) => test(fold(value));
  }
  return cased ? (value) => matchSegments(value, segments) : (value) => matchSegments(fold(value), segments);
}

function plainTest(text: string, openStart: boolean, openEnd: boolean): TextTest {
  if (openStart && openEnd) return text === '' ? () => true : (value) => value.includes(text);
  if (openStart) return (value) => value.endsWith(text);
  if (openEnd) return (value) => value.startsWith(text);
  return (value) => value === text;
}

/** Stands for `?` inside a piece. */
const ANY_ONE = null;
type Piece = readonly (string | null)[];

interface Segments {
  /** What lies between the runs (`*`), as UTF-16 units; `null` is any one unit or surrogate pair. */
  readonly pieces: readonly Piece[];
  /** The pattern begins, ends, with a run. */
  readonly openStart: boolean;
  readonly openEnd: boolean;
}

function toSegments(parts: readonly PatternPart[], cased: boolean): Segments {
  const pieces: (string | null)[][] = [];
  let current: (string | null)[] | undefined;
  let openEnd = false;
  for (const part of parts) {
    if (part.kind === 'any-run') {
      current = undefined;
      openEnd = true;
      continue;
    }
    openEnd = false;
    if (!current) pieces.push((current = []));
    if (part.kind === 'any-one') current.push(ANY_ONE);
    else for (const unit of (cased ? part.text : fold(part.text)).split('')) current.push(unit);
  }
  const openStart = parts[0]?.kind === 'any-run';
  return { pieces, openStart, openEnd: openEnd || (pieces.length === 0 && openStart) };
}

/**
 * Pieces are found from left to right, each as early as it can be, which is enough because a run takes anything. The work
 * is at most the text's length times the longest piece's: rules bound the latter.
 */
function matchSegments(text: string, { pieces, openStart, openEnd }: Segments): boolean {
  let at = 0;
  for (const [i, piece] of pieces.entries()) {
    const isFirst = i === 0 && !openStart;
    const isLast = i === pieces.length - 1 && !openEnd;
    if (isFirst) {
      const end = pieceAt(text, piece, 0);
      if (end === -1) return false;
      if (isLast) return end === text.length;
      at = end;
    } else if (isLast) {
      // The last piece must end the text; with `?` on pairs its length is not fixed, so ends are tried from the right.
      for (let from = text.length - piece.length; from >= at && from >= text.length - 2 * piece.length; from--) {
        if (pieceAt(text, piece, from) === text.length) return true;
      }
      return false;
    } else {
      let end = -1;
      const [lead] = piece;
      for (let from = at; from + piece.length <= text.length; from++) {
        if (lead !== null && lead !== undefined) {
          from = text.indexOf(lead, from);
          if (from === -1) return false;
        }
        end = pieceAt(text, piece, from);
        if (end !== -1) break;
      }
      if (end === -1) return false;
      at = end;
    }
  }
  return pieces.length > 0 ? openEnd || at === text.length : openStart || text === '';
}

/** Where the piece ends if it stands at `from`, or -1. */
function pieceAt(text: string, piece: Piece, from: number): number {
  let at = from;
  for (const unit of piece) {
    if (at >= text.length) return -1;
    if (unit === ANY_ONE) {
      const code = text.charCodeAt(at);
      at += code >= 0xd800 && code < 0xdc00 && at + 1 < text.length ? 2 : 1;
    } else {
      if (text[at] !== unit) return -1;
      at++;
    }
  }
  return at;
}
