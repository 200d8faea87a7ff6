import { fold } from '../engine/fold.ts';
import { characterBytes } from './character-bytes.ts';
import { pairRate, runAt } from './stream-sample.ts';
import type { StreamSample } from './stream-sample.ts';

/**
 * Something that stands in every record that a rule (or a part of one) can match: a literal in a field, or the field
 * itself. Found by the kernel without decoding anything; it may be found where the rule then does not match.
 */
export interface Witness {
  readonly kind: 'witness';
  /** Dotted path of the value; `null`: any value of the record. */
  readonly path: string | null;
  /**
   * Where in the value. `present`: the value may be any; `odd-number`: one that may equal a number written otherwise;
   * `bytes`: within, and no ASCII: two or three bytes of one character.
   */
  readonly where: 'present' | 'odd-number' | 'bytes' | 'whole' | 'beginning' | 'end' | 'within';
  /** Folded, and as JSON writes it between quotes, a character for each byte. Empty where the value may be any. */
  readonly literal: string;
}

export type TextPlace = 'whole' | 'beginning' | 'end' | 'within';

/** Longest literal that is compared; of a longer one, part is. */
const LONGEST = 192;
/** The kernel looks for four bytes, or for two anywhere in a value. */
export const GRAM = 4;
/** Of a literal that is not ASCII, a run of ASCII shorter than this says less than a character does. */
const TELLING = 8;

/** The witnesses, one of which is there, for a text in a value: mostly one. `undefined` where the text is too short to look for. */
export function textWitnesses(path: string | null, where: TextPlace, text: string): readonly Witness[] | undefined {
  const folded = fold(text);
  const written = JSON.stringify(folded).slice(1, -1);
  // A literal that is not ASCII has other bytes in its other case; a run of ASCII in it has not.
  if (/[^\u0020-\u007e\b\f\n\r\t]/.test(folded)) {
    const run = longest(folded.split(/[^\u0020-\u007e]+/));
    const isAscii = !/[^\u0000-\u007f]/.test(folded);
    if (run.length >= (isAscii ? 1 : TELLING)) return textWitnesses(path, 'within', run);
    return characterBytes(folded)?.map((literal) => ({ kind: 'witness', path, where: 'bytes', literal }));
  }
  if (where !== 'whole' && written.length < GRAM)
    return /^[0-9a-z ]?$/.test(written) ? undefined : [{ kind: 'witness', path, where: 'within', literal: written }];
  if (written.length <= LONGEST) return [{ kind: 'witness', path, where, literal: written }];
  // Bytes are compared with bytes: an escape that is cut in two does no harm.
  const literal = where === 'end' ? written.slice(-LONGEST) : written.slice(0, LONGEST);
  return [{ kind: 'witness', path, where: where === 'whole' ? 'beginning' : where, literal }];
}

function longest(texts: readonly string[]): string {
  return texts.reduce((best, one) => (one.length > best.length ? one : best), '');
}

/** How often a witness may be in a record, roughly, before anything is known of the stream. */
export function expectedRate({ where, literal, path }: Witness): number {
  switch (where) {
    case 'present':
      return path === null ? 1 : 0.5;
    case 'odd-number':
      return 0.0001;
    case 'bytes':
      return 0.001;
    case 'whole':
      return /^\d{1,6}$/.test(literal) ? 0.2 : 0.02;
    default: {
      const factor = where === 'within' ? 0.5 : 0.25;
      return factor * 0.75 ** Math.min(literal.length, 24);
    }
  }
}

const LINE_FEED = 10;

/** The same where a little of the stream was seen: as often as the rarest bytes of the literal, in whichever value. */
export function sampledRate(witness: Witness, sample: StreamSample): number {
  const expected = expectedRate(witness);
  const { literal, where } = witness;
  const lines = sample.bytes[LINE_FEED] ?? 0;
  // Few characters stand inside of many values that are not the whole of them.
  if (lines === 0 || literal === '' || (where === 'whole' && literal.length < GRAM)) return expected;
  // Often it stands in other values than that which is meant.
  const seen = Math.min(1, rateOfRarest(literal, sample) / lines) / 2;
  return seen + expected / 20;
}

/** How many of the bytes begin the four of the literal that are rarest together; two where it is shorter, or one. */
function rateOfRarest(literal: string, sample: StreamSample): number {
  let least = literal.length === 1 ? (sample.bytes[literal.charCodeAt(0)] ?? 0) : Infinity;
  const size = literal.length < GRAM ? 2 : GRAM;
  for (let at = 0; at + size <= literal.length && least > 0; at++)
    least = Math.min(least, size === 2 ? pairRate(sample, literal, at) : (sample.rates.get(runAt(literal, at)) ?? 0));
  return least;
}
