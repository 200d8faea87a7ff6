/** Hyphen-minus, slash, en dash, em dash, horizontal bar. Sigma 2.1, modifier appendix, "windash". */
const DASHES = ['-', '/', '\u2013', '\u2014', '\u2015'];
const MOST_VARIANTS = 625;

/**
 * Variants of `text`, original first, no duplicates: every dash that begins a word (follows a blank or begins the text)
 * may be any of the five. Beyond four such places all change together, which bounds the number.
 */
export function windashVariants(text: string): readonly string[] {
  const places: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const begins = i === 0 || /\s/.test(text[i - 1] ?? '');
    if (begins && DASHES.includes(text[i] ?? '')) places.push(i);
  }
  if (places.length === 0) return [text];
  const variants = new Set([text]);
  const replace = (at: readonly number[], dash: string, base: string): string =>
    at.reduce((made, i) => made.slice(0, i) + dash + made.slice(i + 1), base);
  if (DASHES.length ** places.length > MOST_VARIANTS) {
    for (const dash of DASHES) variants.add(replace(places, dash, text));
  } else {
    let bases = [text];
    for (const place of places) bases = bases.flatMap((base) => DASHES.map((dash) => replace([place], dash, base)));
    for (const made of bases) variants.add(made);
  }
  return [...variants];
}
