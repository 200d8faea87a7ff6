import type { Sign, SignAfter, SignBefore } from '../base/sign.ts';
import { STRING_FIELDS } from '../shapes/audit/audit-values.ts';
import { distribute, frequency, nibblesOf, nibblesOfAll, writeNibbles } from './spark-buckets.ts';
import type { BytePattern, ByteSet } from './spark-buckets.ts';

/** A sign, and which needs it meets, as bits. */
export interface NeededSign {
  readonly sign: Sign;
  readonly needs: number;
}

/** What a pattern of three bytes is verified as; the numbers are those of kernel/sparks.ts. */
const Kind = { clean: 1, escape: 3, foldEscape: 4, mark: 5, folding: 6 } as const;

interface Pattern extends BytePattern {
  readonly sets: readonly [ByteSet, ByteSet, ByteSet];
  readonly kind: number;
  readonly literal: number;
  /** Where in the literal it begins. */
  readonly index: number;
  /** The byte behind the three, where it is known. */
  readonly next?: ByteSet;
  /** What it tells of a block, as a bit: known once it was met. */
  readonly mark?: number;
}

/** Buckets for patterns; the two after them are for quotes. */
const BUCKETS = 6;
/** Bytes of the nibbles of three bytes. */
const NIBBLES = 96;
/** What a shell takes away, and what it looks like in JSON: `\\` `^`, `'` `$`. */
const QUOTES = [
  [0x5c, 0x5e],
  [0x27, 0x24],
];
/** Buckets for the two letters before a quote. */
const PAIR_BUCKETS = 8;
const MOST_DISTRIBUTED = 64;

/** Offsets in a table; see kernel/sparks.ts. */
const PAIRS = 384;
const BUCKET_STARTS = 448;
const THREES = 512;
const TWOS = 4608;
const FIRSTS = 4736;
const KEYS = 4752;
const LETTERS = 4880;
const KEY_PAIRS = 4960;
const PATTERNS = 5024;
const PATTERN_BYTES = 12;
const MOST_PATTERNS = 256;
const GRAMS = 8096;
const ENOUGH = 12_192;
const MOST_ENOUGH = 32;
const BROKEN = 12_324;
/** Bytes of a table, but for two for each letter of a sign. */
export const TABLE_BYTES = BROKEN;
const LITERAL_BYTES = 64;
const NEEDS = 40;
const BEFORE: Readonly<Record<SignBefore, number>> = { any: 0, name: 1, 'file-name': 2, word: 3 };
const AFTER: Readonly<Record<SignAfter, number>> = { any: 0, 'no-folder': 4, 'file-name': 5, word: 6, encoded: 0 };
const IGNORE_CASE = 1;
const ENCODED = 2;

const bytes = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));
const BACKSLASH = bytes('\\');

/** The tables of a set of signs, as kernel/sparks.ts reads them. */
export interface SparkTables {
  readonly literals: Uint8Array;
  readonly table: Uint8Array;
}

/** `enough`: sets of needs, as bits, of which one is enough. */
export function sparkTables(signs: readonly NeededSign[], enough: readonly number[] = []): SparkTables {
  const broken = brokenPlaces(signs);
  const table = new Uint8Array(BROKEN + 2 * broken.length);
  const patterns = [...MARKS, ...signs.flatMap(({ sign }, literal) => cleanPatterns(sign, literal))];
  setPatterns(table, patterns, signs);
  setGrams(table, patterns);
  if (enough.length <= MOST_ENOUGH) setEnough(table, enough);
  setBreakable(table, signs);
  setAuditKeys(table);
  setBroken(table, broken);
  return { literals: literalBytes(signs), table };
}

function setPatterns(table: Uint8Array, patterns: readonly Pattern[], signs: readonly NeededSign[]): void {
  if (patterns.length > MOST_PATTERNS)
    throw new RangeError(`${patterns.length} patterns of signs; the table holds ${MOST_PATTERNS}`);
  const buckets = distribute(patterns, BUCKETS);
  const letters = lettersBeforeQuotes(signs);
  // A table for each set of marks that is known already, in which their patterns are left out.
  for (let known = 0; known < 4; known++) {
    const nibbles = table.subarray(NIBBLES * known, NIBBLES * (known + 1));
    buckets.forEach((bucket, number) => {
      const unknown = bucket.patterns.filter(({ mark }) => mark === undefined || (mark & known) === 0);
      const isWhole = unknown.length === bucket.patterns.length;
      writeNibbles(nibbles, number, isWhole ? bucket.nibbles : nibblesOfAll(unknown));
    });
    if (letters.length === 0) continue;
    QUOTES.forEach((quotes, i) => {
      writeNibbles(nibbles, BUCKETS + i, [undefined, letters, quotes].map(nibblesOf));
    });
  }
  const view = new DataView(table.buffer);
  let count = 0;
  [...buckets, { patterns: [] }, { patterns: [] }].forEach((bucket, number) => {
    view.setUint16(BUCKET_STARTS + 2 * number, count, true);
    for (const pattern of bucket.patterns) writePattern(view, PATTERNS + PATTERN_BYTES * count++, pattern);
  });
  view.setUint16(BUCKET_STARTS + 16, count, true);
}

/** A pattern as it is verified: what its bytes are, and the one behind them, whatever their case. */
function writePattern(view: DataView, at: number, { kind, literal, index, sets, next }: Pattern): void {
  [kind, literal, index].forEach((byte, i) => view.setUint8(at + i, byte));
  [...sets, next].forEach((set, place) => {
    const folded = new Set(set?.map((byte) => byte | 0x20));
    const [only] = folded;
    if (only === undefined || folded.size > 1) return;
    view.setUint8(at + 4 + place, only);
    view.setUint8(at + 8 + place, 0xff);
  });
}

/** What patterns begin with, five bits of each byte: no case, and little else. */
function setGrams(table: Uint8Array, patterns: readonly Pattern[]): void {
  const fives = (set: ByteSet): ReadonlySet<number> => new Set((set ?? ALL).map((byte) => byte & 31));
  for (const { sets } of patterns) {
    const [first, second, third] = sets.map(fives);
    for (const a of first ?? [])
      for (const b of second ?? []) for (const c of third ?? []) setBit(table, GRAMS, (a << 10) | (b << 5) | c);
  }
}

function setEnough(table: Uint8Array, enough: readonly number[]): void {
  const view = new DataView(table.buffer);
  [enough.length, ...enough].forEach((value, i) => view.setUint32(ENOUGH + 4 * i, value, true));
}

/** What can make the bytes say something else than they seem to; and what tells that other tables are needed too. */
const MARKS: readonly Pattern[] = [
  mark(Kind.escape, BACKSLASH, bytes('u'), bytes('0')),
  mark(Kind.foldEscape, BACKSLASH, bytes('u'), bytes('2')),
  mark(Kind.folding, [0xe2], [0x84], [0xaa]),
  mark(Kind.folding, undefined, [0xc5], [0xbf]),
  { ...mark(Kind.mark, bytes('<'), bytes('E'), bytes('v')), mark: 1 },
  { ...mark(Kind.mark, bytes('i'), bytes('t'), bytes('(')), mark: 2 },
];

function mark(kind: number, ...sets: Pattern['sets']): Pattern {
  return { kind, sets, literal: 0, index: 0 };
}

function literalBytes(signs: readonly NeededSign[]): Uint8Array {
  const made = new Uint8Array(signs.length * LITERAL_BYTES);
  const view = new DataView(made.buffer);
  signs.forEach(({ sign: { text, ignoreCase, before, after }, needs }, i) => {
    const at = i * LITERAL_BYTES;
    made.set(
      [text.length, (ignoreCase ? IGNORE_CASE : 0) | (after === 'encoded' ? ENCODED : 0), BEFORE[before], AFTER[after]],
      at,
    );
    made.set(bytes(text), at + 4);
    // Whatever an encoded command says, it may meet any need.
    view.setUint32(at + NEEDS, after === 'encoded' ? 0xffff_ffff : needs, true);
  });
  return made;
}

/** Three bytes of the literal, the rarest; of a short one, what may stand behind it too. */
function cleanPatterns(sign: Sign, literal: number): readonly Pattern[] {
  const { text } = sign;
  const made = (index: number, ...sets: Pattern['sets']): Pattern => ({ kind: Kind.clean, literal, index, sets });
  const at = (index: number): Pattern => ({
    ...made(index, letter(sign, index), letter(sign, index + 1), letter(sign, index + 2)),
    next: letter(sign, index + 3),
  });
  if (text.length < 3) {
    const behind = ALL.filter((byte) => !isWordByte(byte, AFTER[sign.after]));
    return partsOf(behind).map((set) => made(0, letter(sign, 0), letter(sign, 1), set));
  }
  if (sign.rarest !== undefined) return [at(text.indexOf(sign.rarest))];
  let rarest = at(0);
  for (let index = 1; index + 3 <= text.length; index++) if (rarity(at(index)) < rarity(rarest)) rarest = at(index);
  return [rarest];
}

/** A byte of the literal; any where there is none. */
function letter({ text, ignoreCase }: Sign, index: number): ByteSet {
  if (index < 0 || index >= text.length) return undefined;
  const byte = text.charCodeAt(index);
  return ignoreCase && byte >= 0x61 && byte <= 0x7a ? [byte, byte - 32] : [byte];
}

const ALL = Array.from({ length: 256 }, (_, byte) => byte);

/** As in kernel/spark-checks.ts. */
function isWordByte(byte: number, bound: number): boolean {
  const character = String.fromCharCode(byte);
  if (bound === 0) return false;
  if (bound === 4) return character === '/';
  if (/[A-Za-z0-9]/.test(character)) return true;
  if (bound === 1) return false;
  if (character === '_' || character === ':') return true;
  if (character === '.') return bound !== 5;
  if (character === '=') return bound >= 5;
  return bound !== 2 && (character === '-' || character === '/');
}

/** Parts of a set that nibbles tell from letters and digits, and from the signs that names are made of. */
function partsOf(set: readonly number[]): readonly (readonly number[])[] {
  const part = (byte: number): number => {
    if (byte >> 4 === 2) return 0;
    if (byte < 0x30 || byte >= 0x80) return 1;
    return (byte & 15) === 0 ? 2 : 3;
  };
  return [0, 1, 2, 3].map((number) => set.filter((byte) => part(byte) === number)).filter((one) => one.length > 0);
}

/** Roughly how often a pattern comes in logs: its first byte is told by half. */
function rarity({ sets: [first, ...rest] }: Pattern): number {
  const sum = (set: ByteSet): number => set?.reduce((total, byte) => total + frequency(byte), 0) ?? 1000;
  return rest.reduce((product, set) => product * sum(set), 60 + sum(first));
}

/** Which bytes stand before the first quote of a sign that is broken by one. */
function lettersBeforeQuotes(signs: readonly NeededSign[]): readonly number[] {
  const found = new Set<number>();
  for (const { sign } of signs)
    if (sign.quoted)
      for (let index = 0; index + 1 < sign.text.length; index++)
        for (const byte of letter(sign, index) ?? []) found.add(byte);
  return [...found];
}

interface BrokenPlace {
  readonly letter: number;
  readonly literal: number;
  readonly index: number;
}

/** Behind which of their letters signs may be broken, by letter. */
function brokenPlaces(signs: readonly NeededSign[]): readonly BrokenPlace[] {
  return signs
    .flatMap(({ sign }, literal) =>
      sign.quoted
        ? Array.from({ length: sign.text.length - 1 }, (_, index) => ({
            letter: sign.text.charCodeAt(index) & 31,
            literal,
            index,
          }))
        : [],
    )
    .sort((a, b) => a.letter - b.letter);
}

function setBroken(table: Uint8Array, places: readonly BrokenPlace[]): void {
  const view = new DataView(table.buffer);
  for (let number = 0; number <= 32; number++)
    view.setUint16(LETTERS + 2 * number, places.filter((place) => place.letter < number).length, true);
  places.forEach(({ literal, index }, i) => {
    view.setUint8(BROKEN + 2 * i, literal);
    view.setUint8(BROKEN + 2 * i + 1, index);
  });
}

function setBit(table: Uint8Array, at: number, bit: number): void {
  table[at + (bit >> 3)] = (table[at + (bit >> 3)] ?? 0) | (1 << (bit & 7));
}

/** The number of two letters, five bits of each. */
function pairOf(text: string): number {
  return ((text.charCodeAt(0) & 31) << 5) | (text.charCodeAt(1) & 31);
}

/** What of a sign may stand before the first quote in it. */
function setBreakable(table: Uint8Array, signs: readonly NeededSign[]): void {
  const view = new DataView(table.buffer);
  for (const { sign } of signs) {
    const { text, before } = sign;
    if (!sign.quoted) continue;
    const first = text.charCodeAt(0) & 31;
    view.setUint32(FIRSTS, (view.getUint32(FIRSTS, true) | (1 << first)) >>> 0, true);
    setBit(table, TWOS, pairOf(text));
    for (let index = 2; index + 1 < text.length; index++)
      setBit(table, THREES, ((text.charCodeAt(index - 2) & 31) << 10) | pairOf(text.slice(index - 1)));
    if (before !== 'any') continue;
    // Anything may stand before it.
    for (let any = 0; any < 32; any++) {
      setBit(table, THREES, (any << 10) | pairOf(text));
      for (let other = 0; other < 32; other++) setBit(table, THREES, (any << 10) | (other << 5) | first);
    }
  }
  pairsBeforeQuotes(signs).forEach((pairs, bucket) => {
    writeNibbles(table.subarray(PAIRS), bucket, nibblesOfAll(pairs));
  });
}

/** The two letters that may stand before a quote, in buckets. */
function pairsBeforeQuotes(signs: readonly NeededSign[]): readonly (readonly BytePattern[])[] {
  const quoted = signs.map(({ sign }) => sign).filter((sign) => sign.quoted);
  const firsts = quoted.flatMap((sign) => letter(sign, 0) ?? []);
  // What may stand before a first letter is too much for one bucket.
  const behindLimits: BytePattern[][] = BEFORE_SIGNS.map((set) =>
    firsts.length === 0 ? [] : [{ sets: [set, firsts] }],
  );
  const anywhere = quoted.filter(({ before }) => before === 'any').flatMap((sign) => letter(sign, 0) ?? []);
  if (anywhere.length > 0) behindLimits[0]?.push({ sets: [undefined, anywhere] });
  const pairs = new Map<string, BytePattern>();
  for (const sign of quoted)
    for (let index = 1; index + 1 < sign.text.length; index++) {
      const sets = [letter(sign, index - 1), letter(sign, index)];
      pairs.set(sets.join(' '), { sets });
    }
  const left = PAIR_BUCKETS - behindLimits.length;
  // Hundreds are those of the second look, which is taken at few lines.
  if (pairs.size <= MOST_DISTRIBUTED)
    return [...behindLimits, ...distribute([...pairs.values()], left).map(({ patterns }) => patterns)];
  const others = Array.from({ length: left }, (_, number) =>
    [...pairs.values()].filter(({ sets: [, last] }) => (last?.[0] ?? 0) % left === number),
  );
  return [...behindLimits, ...others];
}

/** What may stand before a sign that is a name: no letter or digit, or one that ends an escape. In parts that nibbles can tell. */
const BEFORE_SIGNS: readonly (readonly number[])[] = [
  ALL.filter((byte) => byte < 0x30 || byte >= 0x80),
  bytes(':;<=>?[\\]^_{|}~\u007f'),
  bytes('@`0123456789abcdefABCDEF'),
  bytes('ntr'),
];

function setAuditKeys(table: Uint8Array): void {
  for (const key of AUDIT_KEYS) setBit(table, KEYS, pairOf(key));
  for (let bucket = 0; bucket < PAIR_BUCKETS; bucket++) {
    const inBucket = AUDIT_KEYS.filter((key) => bucketOfKey(key.charCodeAt(1)) === bucket);
    writeNibbles(
      table.subarray(KEY_PAIRS),
      bucket,
      nibblesOfAll(inBucket.map((key) => ({ sets: bytes(key).map((byte) => [byte]) }))),
    );
  }
}

/** Those that end in a digit are together, in one that letters leave free. */
function bucketOfKey(last: number): number {
  return last < 0x40 ? 6 : last % PAIR_BUCKETS;
}

/** The last two characters of the keys whose values auditd writes in hexadecimal; arguments are `a0`, `a10`, … */
const AUDIT_KEYS: readonly string[] = [
  ...[...STRING_FIELDS].map((key) => key.slice(-2)),
  ...Array.from({ length: 10 }, (_, digit) => `a${digit}`),
  ...Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0')),
];
