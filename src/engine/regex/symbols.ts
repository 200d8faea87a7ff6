/** The 128 characters of ASCII, each a symbol, and one symbol for all characters beyond them. */
export const SYMBOLS = 129;
export const BEYOND = 128;

/**
 * The two characters beyond ASCII that fold to letters within it (CaseFolding.txt): `ſ` and the Kelvin sign. Sets treat
 * them unlike all others, so texts that hold them are not read by symbols.
 */
export const LONG_S = 0x17f;
export const KELVIN = 0x212a;

const LAST_CHARACTER = 0x10ffff;

/** What a set holds of the characters beyond ASCII. */
type Share = 'none' | 'some' | 'all';

/** A set of characters, exact within ASCII. */
export interface SymbolSet {
  /** A byte for each character of ASCII: 1 where it is a member. */
  readonly ascii: Uint8Array;
  readonly beyond: Share;
}

export const EMPTY: SymbolSet = { ascii: new Uint8Array(BEYOND), beyond: 'none' };

/** Characters from `from` to `to`; with `folded` all that are the same without regard to case. */
export function range(from: number, to: number, folded = false): SymbolSet {
  const ascii = new Uint8Array(BEYOND);
  for (let code = from; code <= to && code < BEYOND; code++) {
    ascii[code] = 1;
    if (folded && isLetter(code)) ascii[code ^ CASE] = 1;
  }
  for (const [beyond, letter] of FOLDS)
    if (folded && from <= beyond && beyond <= to) {
      ascii[letter] = 1;
      ascii[letter ^ CASE] = 1;
    }
  const beyond = to < BEYOND ? 'none' : from <= BEYOND && to === LAST_CHARACTER ? 'all' : 'some';
  return { ascii, beyond };
}

export function union(a: SymbolSet, b: SymbolSet): SymbolSet {
  const beyond =
    a.beyond === 'all' || b.beyond === 'all' ? 'all' : a.beyond === 'none' && b.beyond === 'none' ? 'none' : 'some';
  return { ascii: a.ascii.map((member, code) => member | (b.ascii[code] ?? 0)), beyond };
}

export function complement({ ascii, beyond }: SymbolSet): SymbolSet {
  return {
    ascii: ascii.map((member) => 1 - member),
    beyond: beyond === 'all' ? 'none' : beyond === 'none' ? 'all' : 'some',
  };
}

/** The bit in which upper and lower case differ. */
const CASE = 0x20;
const FOLDS = [
  [LONG_S, 0x73],
  [KELVIN, 0x6b],
] as const;

function isLetter(code: number): boolean {
  const lower = code | CASE;
  return lower >= 0x61 && lower <= 0x7a;
}
