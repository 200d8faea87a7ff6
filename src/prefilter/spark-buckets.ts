/** Bytes that may stand at a place; `undefined`: any. */
export type ByteSet = readonly number[] | undefined;

/** Bytes in a row that are looked for. */
export interface BytePattern {
  readonly sets: readonly ByteSet[];
}

/** Nibbles that pass at one place, a bit for each. */
export interface Nibbles {
  readonly low: number;
  readonly high: number;
}

export interface Bucket<P extends BytePattern> {
  readonly nibbles: readonly Nibbles[];
  readonly patterns: readonly P[];
}

/** Puts patterns in `count` buckets so that few bytes pass that are none of them. */
export function distribute<P extends BytePattern>(patterns: readonly P[], count: number): readonly Bucket<P>[] {
  const buckets: Filled<P>[] = Array.from({ length: count }, () => EMPTY);
  const put = (added: Placed<P>): void => {
    let least = Infinity;
    let chosen = 0;
    let grown: Filled<P> = EMPTY;
    buckets.forEach((bucket, i) => {
      const made = filled([...bucket.placed, added], bucket, added);
      if (made.likelihood - bucket.likelihood >= least) return;
      least = made.likelihood - bucket.likelihood;
      chosen = i;
      grown = made;
    });
    buckets[chosen] = grown;
  };
  const likeliestFirst = patterns
    .map((pattern): Placed<P> & { readonly likelihood: number } => {
      const nibbles = pattern.sets.map(nibblesOf);
      return { pattern, nibbles, likelihood: likelihoodOf(nibbles) };
    })
    .sort((a, b) => b.likelihood - a.likelihood);
  likeliestFirst.forEach(put);
  // Each of a few is tried again, now that the others have their place.
  for (const moved of likeliestFirst.slice(0, MOST_MOVED)) {
    const from = buckets.findIndex(({ placed }) => placed.includes(moved));
    const rest = buckets[from]?.placed.filter((one) => one !== moved) ?? [];
    buckets[from] = rest.reduce<Filled<P>>((made, one) => filled([...made.placed, one], made, one), EMPTY);
    put(moved);
  }
  return buckets.map(({ placed, nibbles }) => ({ nibbles, patterns: placed.map(({ pattern }) => pattern) }));
}

const MOST_MOVED = 16;

/** A pattern as buckets see it. */
interface Placed<P> {
  readonly pattern: P;
  readonly nibbles: readonly Nibbles[];
}

interface Filled<P> {
  readonly placed: readonly Placed<P>[];
  readonly nibbles: readonly Nibbles[];
  readonly likelihood: number;
}

const EMPTY = { placed: [], nibbles: [], likelihood: 0 };

function filled<P>(placed: readonly Placed<P>[], before: Filled<P>, added: Placed<P>): Filled<P> {
  const nibbles = union(before.nibbles, added.nibbles);
  return { placed, nibbles, likelihood: likelihoodOf(nibbles) };
}

const NONE: Nibbles = { low: 0, high: 0 };
const ANY: Nibbles = { low: 0xffff, high: 0xffff };

function union(a: readonly Nibbles[], b: readonly Nibbles[]): readonly Nibbles[] {
  return b.map(({ low, high }, place) => {
    const other = a[place] ?? NONE;
    return { low: low | other.low, high: high | other.high };
  });
}

/** The nibbles of all of some patterns. */
export function nibblesOfAll(patterns: readonly BytePattern[]): readonly Nibbles[] {
  return patterns.reduce<readonly Nibbles[]>((made, { sets }) => union(made, sets.map(nibblesOf)), []);
}

export function nibblesOf(set: ByteSet): Nibbles {
  if (set === undefined) return ANY;
  let [low, high] = [0, 0];
  for (const byte of set) {
    low |= 1 << (byte & 15);
    high |= 1 << (byte >> 4);
  }
  return { low, high };
}

/** Sets a bucket's bit in tables of 16 bytes: for each place the low nibbles, then the high ones. */
export function writeNibbles(into: Uint8Array, bucket: number, nibbles: readonly Nibbles[]): void {
  nibbles.forEach(({ low, high }, place) => {
    for (let nibble = 0; nibble < 16; nibble++) {
      const at = 32 * place + nibble;
      if ((low >> nibble) & 1) into[at] = (into[at] ?? 0) | (1 << bucket);
      if ((high >> nibble) & 1) into[at + 16] = (into[at + 16] ?? 0) | (1 << bucket);
    }
  });
}

const RARE = 0.2;

/** Roughly how often a byte comes in logs, of some thousand. */
export function frequency(byte: number): number {
  if (byte < 0x20 || byte > 0x7e) return RARE;
  const character = String.fromCharCode(byte);
  if ('etaoinsr'.includes(character)) return 50;
  if ('ldcmpu'.includes(character)) return 25;
  if (byte >= 0x61 && byte <= 0x7a) return 10;
  if (byte >= 0x30 && byte <= 0x39) return 20;
  if ('" :,/\\.-'.includes(character)) return 30;
  return byte >= 0x41 && byte <= 0x5a ? 4 : 3;
}

/** Of printable ASCII, by high nibble from 2. */
const FREQUENCIES = Float64Array.from({ length: 96 }, (_, i) => frequency(0x20 + i));
const TOTAL = FREQUENCIES.reduce((sum, one) => sum + one, 0);

function bitsOf(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** How likely bytes pass that are no pattern. */
function likelihoodOf(nibbles: readonly Nibbles[]): number {
  let likelihood = 1;
  for (const { low, high } of nibbles) {
    // What is not printable is rare, but not nothing.
    let sum = RARE * bitsOf(low) * bitsOf(high & 0xff03);
    for (let row = 2; row < 8; row++) {
      if (((high >> row) & 1) === 0) continue;
      const at = 16 * row - 32;
      for (let column = 0; column < 16; column++) if ((low >> column) & 1) sum += FREQUENCIES[at + column] ?? 0;
    }
    likelihood *= sum / TOTAL;
  }
  return likelihood;
}
