import type { Sign, SignAfter, SignBefore } from '../base/sign.ts';

/** What a pattern of four bytes is verified as; the numbers are those of kernel/sparks.ts. */
const Kind = {
  clean: 1,
  broken: 2,
  escape: 3,
  foldEscape: 4,
  xml: 5,
  audit: 6,
  entity: 7,
  piece: 8,
  hexClean: 9,
  hexBroken: 10,
  hexFold: 11,
} as const;
type Kind = (typeof Kind)[keyof typeof Kind];

interface Pattern {
  /** For each of four bytes, which it may be; `undefined`: any. */
  readonly sets: readonly [ByteSet, ByteSet, ByteSet, ByteSet];
  readonly kind: Kind;
  readonly literal: number;
  /** Where in the literal the pattern stands; of a broken one, its last byte before the first quote. */
  readonly index: number;
  /** Patterns of one group share a bucket, and no others are in it: they are common, or all begin with one rare byte. */
  readonly group?: string;
}
type ByteSet = readonly number[] | undefined;

const BUCKETS = 8;
const LITERAL_BYTES = 64;
const BEFORE: Readonly<Record<SignBefore, number>> = { any: 0, name: 1, 'file-name': 2, word: 3 };
const AFTER: Readonly<Record<SignAfter, number>> = { any: 0, 'no-folder': 4, 'file-name': 5, word: 6, encoded: 0 };
const IGNORE_CASE = 1;
const ENCODED = 2;

const bytes = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));
const BACKSLASH = bytes('\\');
const DIGITS = bytes('0123456789');
const HEX_DIGITS = bytes('0123456789abcdefABCDEF');
/** What a shell takes away, and what it looks like in JSON. */
const QUOTES = bytes("\\'^$");
/** In XML a quote stands as it is, or as an entity. */
const XML_QUOTES = bytes('"&');
const HEX_QUOTES = [0x27, 0x22, 0x5c, 0x5e, 0x24, 0x0a];

/** The tables of a set of signs, as kernel/sparks.ts reads them. */
export interface SparkTables {
  readonly literals: Uint8Array;
  /** For any text. */
  readonly plain: Uint8Array;
  /** For quotes between the letters. */
  readonly quoted: Uint8Array;
  /** Where XML events were met. */
  readonly xml: Uint8Array;
  /** Where audit records were met. */
  readonly audit: Uint8Array;
}

export function sparkTables(signs: readonly Sign[]): SparkTables {
  const clean: Pattern[] = [];
  const broken: Pattern[] = [];
  const xml: Pattern[] = [pattern(Kind.entity, undefined, undefined, bytes('&6'), bytes('#'))];
  const audit: Pattern[] = [
    pattern(Kind.piece, DIGITS, bytes(']'), bytes('='), undefined),
    pattern(Kind.hexFold, bytes('eE'), bytes('2'), bytes('8'), bytes('4')),
    pattern(Kind.hexFold, bytes('cC'), bytes('5'), bytes('bB'), bytes('fF')),
  ];
  signs.forEach((sign, literal) => {
    clean.push(...cleanPatterns(sign, literal));
    audit.push(...hexClean(sign, literal));
    if (!sign.quoted) return;
    for (let index = 0; index + 1 < sign.text.length; index++) {
      broken.push(...brokenPatterns(sign, literal, index, QUOTES));
      xml.push(...brokenPatterns(sign, literal, index, XML_QUOTES));
      audit.push(...hexBroken(sign, literal, index));
    }
  });
  return {
    literals: literalBytes(signs),
    plain: table([...clean, ...MARKS]),
    quoted: table(broken, QUOTES),
    xml: table(xml, [...XML_QUOTES, 0x23]),
    audit: table(audit),
  };
}

function pattern(kind: Kind, ...sets: Pattern['sets']): Pattern {
  return { sets, kind, literal: 0, index: 0, ...(sets[0] === BACKSLASH ? { group: 'escape' } : {}) };
}

/** What can make the bytes say something else than they seem to; and what tells that other tables are needed too. */
const MARKS: readonly Pattern[] = [
  pattern(Kind.escape, BACKSLASH, bytes('u'), bytes('0'), bytes('0')),
  pattern(Kind.foldEscape, BACKSLASH, bytes('u'), bytes('2'), bytes('1')),
  pattern(Kind.foldEscape, BACKSLASH, bytes('u'), bytes('0'), bytes('1')),
  pattern(Kind.xml, bytes('<'), bytes('E'), bytes('v'), bytes('e')),
  pattern(Kind.audit, bytes('d'), bytes('i'), bytes('t'), bytes('(')),
];

function literalBytes(signs: readonly Sign[]): Uint8Array {
  const made = new Uint8Array(signs.length * LITERAL_BYTES);
  signs.forEach(({ text, ignoreCase, before, after }, i) => {
    made.set(
      [text.length, (ignoreCase ? IGNORE_CASE : 0) | (after === 'encoded' ? ENCODED : 0), BEFORE[before], AFTER[after]],
      i * LITERAL_BYTES,
    );
    made.set(bytes(text), i * LITERAL_BYTES + 4);
  });
  return made;
}

/** Four bytes of the literal, the rarest; of a short one, what may stand around it too. */
function cleanPatterns(sign: Sign, literal: number): readonly Pattern[] {
  const { text } = sign;
  const made = (index: number, ...sets: Pattern['sets']): Pattern => ({ kind: Kind.clean, literal, index, sets });
  const at = (index: number): Pattern =>
    made(index, letter(sign, index), letter(sign, index + 1), letter(sign, index + 2), letter(sign, index + 3));
  if (text.length === 3) return [at(-1)];
  if (text.length < 3) {
    const [o, c] = [letter(sign, 0), letter(sign, 1)];
    // Behind \u0020 and the like it is found by the escape.
    return [
      ...NO_WORD.map((set, i) => ({ ...made(-1, set, o, c, undefined), group: i === 0 ? 'short' : 'short, odd' })),
      { ...made(-2, BACKSLASH, bytes('ntrbf'), o, c), group: 'escape' },
    ];
  }
  if (sign.rarest !== undefined) return [at(text.indexOf(sign.rarest))];
  let rarest = at(0);
  for (let index = 1; index + 4 <= text.length; index++)
    if (likelihood(at(index).sets) < likelihood(rarest.sets)) rarest = at(index);
  return [rarest];
}

/** A byte of the literal; any where there is none. */
function letter({ text, ignoreCase }: Sign, index: number): ByteSet {
  if (index < 0 || index >= text.length) return undefined;
  const byte = text.charCodeAt(index);
  return ignoreCase && byte >= 0x61 && byte <= 0x7a ? [byte, byte - 32] : [byte];
}

const ALL = Array.from({ length: 256 }, (_, byte) => byte);
/** No letter and no digit, in parts that nibbles tell from letters and digits. */
const NO_WORD: readonly (readonly number[])[] = [
  ALL.filter((byte) => byte < 0x30 || byte >= 0x80),
  bytes(';<=>?[\\]^_{|}~\u007f'),
  bytes('@`'),
  bytes(':'),
];

/** The two bytes before a literal that must be bounded: no letter or digit, or one that ends an escape. */
function beforeSets({ before }: Sign): readonly (readonly [ByteSet, ByteSet])[] {
  if (before === 'any') return [[undefined, undefined]];
  return [
    ...NO_WORD.map((set) => [undefined, set] as const),
    [BACKSLASH, bytes('ntrbf')],
    [bytes('01234567'), HEX_DIGITS],
  ];
}

function brokenPatterns(sign: Sign, literal: number, index: number, quotes: ByteSet): readonly Pattern[] {
  const made = (first: ByteSet, second: ByteSet): Pattern => ({
    kind: Kind.broken,
    literal,
    index,
    sets: [first, second, letter(sign, index), quotes],
  });
  if (index >= 2) return [made(letter(sign, index - 2), letter(sign, index - 1))];
  const around = beforeSets(sign);
  return index === 1
    ? around.map(([, second]) => made(second, letter(sign, 0)))
    : around.map(([first, second]) => made(first, second));
}

function hexClean(sign: Sign, literal: number): readonly Pattern[] {
  let rarest: readonly Pattern[] | undefined;
  let least = Infinity;
  for (let index = 0; index + 1 < sign.text.length; index++) {
    const [high, low, nextHigh, nextLow] = [...hexOf(letter(sign, index)), ...hexOf(letter(sign, index + 1))];
    const made: Pattern = { kind: Kind.hexClean, literal, index, sets: [high, low, nextHigh, nextLow] };
    const likely = likelihood(made.sets);
    if (likely < least) {
      least = likely;
      rarest = [made];
    }
  }
  return rarest ?? [];
}

function hexBroken(sign: Sign, literal: number, index: number): readonly Pattern[] {
  const [high, low] = hexOf(letter(sign, index));
  const [quoteHigh, quoteLow] = hexOf(HEX_QUOTES);
  return [{ kind: Kind.hexBroken, literal, index, sets: [high, low, quoteHigh, quoteLow] }];
}

/** The hexadecimal digits that bytes of a set are written with. */
function hexOf(set: ByteSet): [ByteSet, ByteSet] {
  if (set === undefined) return [HEX_DIGITS, HEX_DIGITS];
  const digits = (nibbles: readonly number[]): ByteSet => [
    ...new Set(nibbles.flatMap((nibble) => bytes(nibble.toString(16) + nibble.toString(16).toUpperCase()))),
  ];
  return [digits(set.map((byte) => byte >> 4)), digits(set.map((byte) => byte & 15))];
}

/** Roughly how often each byte comes in logs. */
function frequency(byte: number): number {
  const character = String.fromCharCode(byte);
  if (/[etaoinsr]/.test(character)) return 0.05;
  if (/[ldcmpu]/.test(character)) return 0.025;
  if (/[a-z]/.test(character)) return 0.01;
  if (/[0-9]/.test(character)) return 0.02;
  if (/[" :,/\\.-]/.test(character)) return 0.03;
  if (/[A-Z]/.test(character)) return 0.004;
  return byte < 0x20 || byte > 0x7e ? 0.0002 : 0.003;
}

const FREQUENCIES = ALL.map(frequency);

function setLikelihood(set: ByteSet): number {
  return set === undefined ? 1 : set.reduce((sum, byte) => sum + (FREQUENCIES[byte] ?? 0), 0);
}

function likelihood(sets: Pattern['sets']): number {
  return sets.reduce((product, set) => product * setLikelihood(set), 1);
}

/** Nibbles that pass at one place: a byte passes that has one of the low and one of the high ones. A bit for each. */
interface Nibbles {
  readonly low: number;
  readonly high: number;
}

const NO_NIBBLES: Nibbles = { low: 0, high: 0 };

function nibblesOf(set: ByteSet): Nibbles {
  let [low, high] = [0, 0];
  for (const byte of set ?? ALL) {
    low |= 1 << (byte & 15);
    high |= 1 << (byte >> 4);
  }
  return { low, high };
}

function nibbleLikelihood({ low, high }: Nibbles): number {
  let sum = 0;
  for (let row = 0; row < 16; row++) {
    if (((high >> row) & 1) === 0) continue;
    for (let column = 0; column < 16; column++)
      if (((low >> column) & 1) === 1) sum += FREQUENCIES[(row << 4) | column] ?? 0;
  }
  return sum;
}

interface Bucket {
  readonly nibbles: readonly Nibbles[];
  readonly patterns: readonly Placed[];
  readonly likelihood: number;
}

/** A pattern as buckets see it. */
interface Placed {
  readonly pattern: Pattern;
  readonly nibbles: readonly Nibbles[];
}

const EMPTY: Bucket = { nibbles: [NO_NIBBLES, NO_NIBBLES, NO_NIBBLES, NO_NIBBLES], patterns: [], likelihood: 0 };

function withPattern(bucket: Bucket, added: Placed): Bucket {
  const nibbles = bucket.nibbles.map(({ low, high }, place) => {
    const { low: moreLow, high: moreHigh } = added.nibbles[place] ?? NO_NIBBLES;
    return { low: low | moreLow, high: high | moreHigh };
  });
  return {
    nibbles,
    patterns: [...bucket.patterns, added],
    likelihood: nibbles.reduce((product, one) => product * nibbleLikelihood(one), 1),
  };
}

/** How often patterns that once had their bucket are tried in the others. */
const ROUNDS = 1;

/** Puts patterns in buckets so that few bytes pass that are none of them. */
function distribute(patterns: readonly Pattern[]): readonly Bucket[] {
  const buckets: Bucket[] = Array.from({ length: BUCKETS }, () => EMPTY);
  const put = (added: Placed): void => {
    let chosen = 0;
    let least = Infinity;
    let grown = EMPTY;
    const own = buckets.findIndex(
      ({ patterns: [one] }) => one?.pattern.group !== undefined && one.pattern.group === added.pattern.group,
    );
    buckets.forEach((bucket, i) => {
      const [one] = bucket.patterns;
      const isTaken = one !== undefined && (one.pattern.group !== undefined || added.pattern.group !== undefined);
      if (own === -1 ? isTaken : own !== i) return;
      const made = withPattern(bucket, added);
      if (made.likelihood - bucket.likelihood >= least) return;
      least = made.likelihood - bucket.likelihood;
      chosen = i;
      grown = made;
    });
    buckets[chosen] = grown;
  };
  const likeliestFirst = patterns
    .map((one): Placed & { readonly likely: number } => ({
      pattern: one,
      nibbles: one.sets.map(nibblesOf),
      likely: likelihood(one.sets),
    }))
    .sort((a, b) => b.likely - a.likely);
  const free = likeliestFirst.filter(({ pattern: { group } }) => group === undefined);
  likeliestFirst.filter(({ pattern: { group } }) => group !== undefined).forEach(put);
  free.forEach(put);
  for (let round = 0; round < ROUNDS; round++) {
    for (const moved of free) {
      const from = buckets.findIndex((bucket) => bucket.patterns.includes(moved));
      buckets[from] = (buckets[from]?.patterns ?? []).filter((one) => one !== moved).reduce(withPattern, EMPTY);
      put(moved);
    }
  }
  return buckets;
}

/**
 * The table of some patterns. `last`: what their last bytes are, all of them; that place then holds these exactly
 * (`findSparksBefore`).
 */
function table(patterns: readonly Pattern[], last?: readonly number[]): Uint8Array {
  const buckets = distribute(patterns);
  const made = new Uint8Array(160 + 4 * patterns.length);
  const view = new DataView(made.buffer);
  let count = 0;
  buckets.forEach((bucket, number) => {
    bucket.nibbles.forEach(({ low, high }, place) => {
      for (let nibble = 0; nibble < 16; nibble++) {
        if ((low >> nibble) & 1) made[place * 32 + nibble] = (made[place * 32 + nibble] ?? 0) | (1 << number);
        if ((high >> nibble) & 1)
          made[place * 32 + 16 + nibble] = (made[place * 32 + 16 + nibble] ?? 0) | (1 << number);
      }
    });
    view.setUint16(128 + 2 * number, count, true);
    for (const { pattern: one } of bucket.patterns) made.set([one.kind, one.literal, one.index], 160 + 4 * count++);
    view.setUint16(130 + 2 * number, count, true);
  });
  if (last !== undefined) setExactly(made.subarray(96, 128), last);
  return made;
}

/** Nibbles that exactly these bytes pass, of at most eight high nibbles: a bit for each of those. */
function setExactly(nibbles: Uint8Array, set: readonly number[]): void {
  nibbles.fill(0);
  const highs = [...new Set(set.map((byte) => byte >> 4))];
  highs.forEach((high, bit) => {
    nibbles[16 + high] = 1 << bit;
  });
  for (const byte of set) nibbles[byte & 15] = (nibbles[byte & 15] ?? 0) | (1 << highs.indexOf(byte >> 4));
}
