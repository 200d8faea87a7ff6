import { complement, EMPTY, range, union } from './symbols.ts';
import type { SymbolSet } from './symbols.ts';

/** Members as pairs: `09` is the range from 0 to 9. */
const PERL: Readonly<Record<string, string>> = { d: '09', s: '\t\n\f\r  ', w: '09AZ__az' };

const POSIX: Readonly<Record<string, string>> = {
  alnum: '09AZaz',
  alpha: 'AZaz',
  ascii: '\u0000\u007f',
  blank: '\t\t  ',
  cntrl: '\u0000\u001f\u007f\u007f',
  digit: '09',
  graph: '!~',
  lower: 'az',
  print: ' ~',
  punct: '!/:@[`{~',
  space: '\t\r  ',
  upper: 'AZ',
  word: '09AZ__az',
  xdigit: '09AFaf',
};

/** The class of an escape such as `\d`, by its letter: `\D` is what `\d` is not. */
export function perlClass(letter: string, folded: boolean): SymbolSet | undefined {
  const pairs = Object.hasOwn(PERL, letter.toLowerCase()) ? PERL[letter.toLowerCase()] : undefined;
  if (pairs === undefined) return undefined;
  const set = fromPairs(pairs, folded);
  return letter === letter.toLowerCase() ? set : complement(set);
}

/** The class of a name such as `alpha` or `^alpha`. */
export function posixClass(name: string, folded: boolean): SymbolSet | undefined {
  const bare = name.startsWith('^') ? name.slice(1) : name;
  const pairs = Object.hasOwn(POSIX, bare) ? POSIX[bare] : undefined;
  if (pairs === undefined) return undefined;
  const set = fromPairs(pairs, folded);
  return bare === name ? set : complement(set);
}

function fromPairs(pairs: string, folded: boolean): SymbolSet {
  let set = EMPTY;
  for (let i = 0; i < pairs.length; i += 2)
    set = union(set, range(pairs.charCodeAt(i), pairs.charCodeAt(i + 1), folded));
  return set;
}
