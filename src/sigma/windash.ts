import type { PatternPart } from './field-test.ts';

/** Hyphen-minus, slash, en dash, em dash, horizontal bar. Sigma 2.1, modifier appendix, "windash". */
export const DASHES = '-/\u2013\u2014\u2015';

/** Variants of one text that are worked with, where they cannot stay one pattern: those of four dashes. */
const MOST_VARIANTS = 625;

/** Each of the five dashes in `parts` stands for any of them: all permutations at once, without writing them out. */
export function withDashes(parts: readonly PatternPart[]): readonly PatternPart[] {
  return parts.flatMap((part) =>
    part.kind === 'text'
      ? split(part.text).map((piece): PatternPart =>
          DASHES.includes(piece) ? { kind: 'one-of', characters: DASHES } : { kind: 'text', text: piece },
        )
      : [part],
  );
}

/**
 * Every permutation of the dashes in `text`, `text` first, for what comes after `windash` and needs texts (encodings);
 * `undefined` where there would be more than 625.
 */
export function dashVariants(text: string): readonly string[] | undefined {
  const pieces = split(text);
  const places = pieces.filter((piece) => DASHES.includes(piece)).length;
  if (DASHES.length ** places > MOST_VARIANTS) return undefined;
  let variants = [''];
  for (const piece of pieces) {
    const choices = DASHES.includes(piece) ? DASHES.split('') : [piece];
    variants = variants.flatMap((variant) => choices.map((choice) => variant + choice));
  }
  return [text, ...variants.filter((variant) => variant !== text)];
}

/** Dashes stand alone, what is between them stays together. */
function split(text: string): readonly string[] {
  return text.split(/([-/\u2013\u2014\u2015])/).filter((piece) => piece !== '');
}
