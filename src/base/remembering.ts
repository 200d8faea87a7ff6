import { flatCopy } from './flat-copy.ts';

/** Results that are kept; where more come, all are forgotten. */
const MOST_KEPT = 1024;
/** UTF-16 units of the longest text whose result is kept. */
const LONGEST_KEPT = 256;

/**
 * `derive`, which must depend on nothing but its text, with the results of texts that were asked before. For paths and names
 * of programs: a fleet has few of them. What it keeps is bounded, whatever comes: of a text that is part of a record a copy
 * is kept, and results are made of that copy.
 */
export function remembering<T extends object | string | null>(derive: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    if (text.length > LONGEST_KEPT) return derive(text);
    const kept = known.get(text);
    if (kept !== undefined) return kept;
    const copy = flatCopy(text);
    const made = derive(copy);
    if (known.size >= MOST_KEPT) known.clear();
    known.set(copy, made);
    return made;
  };
}
