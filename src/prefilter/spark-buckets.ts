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
  readonly likelihood: number;
}

/**
 * Puts patterns in `count` buckets so that few bytes pass that are none of them. `both`: at which places bytes are told apart by
 * both nibbles; at others by the low one alone.
 */
export function distribute<P extends BytePattern>(
  patterns: readonly P[],
  both: readonly boolean[],
  count: number,
): readonly Bucket<P>[] {
  const buckets = Array.from({ length: count }, () => bucketOf<P>([], both));
  const put = (pattern: P): void => {
    let least = Infinity;
    let chosen = 0;
    let grown = bucketOf<P>([], both);
    buckets.forEach((bucket, i) => {
      const made = withPattern(bucket, pattern, both);
      if (made.likelihood - bucket.likelihood >= least) return;
      least = made.likelihood - bucket.likelihood;
      chosen = i;
      grown = made;
    });
    buckets[chosen] = grown;
  };
  const likeliestFirst = patterns
    .map((pattern) => ({ pattern, likelihood: bucketOf([pattern], both).likelihood }))
    .sort((a, b) => b.likelihood - a.likelihood)
    .map(({ pattern }) => pattern);
  likeliestFirst.forEach(put);
  // Each is tried again, now that the others have their place.
  for (const moved of likeliestFirst) {
    const from = buckets.findIndex((bucket) => bucket.patterns.includes(moved));
    buckets[from] = bucketOf(buckets[from]?.patterns.filter((one) => one !== moved) ?? [], both);
    put(moved);
  }
  return buckets;
}

export function bucketOf<P extends BytePattern>(patterns: readonly P[], both: readonly boolean[]): Bucket<P> {
  const empty: Bucket<P> = { nibbles: both.map(() => NONE), patterns: [], likelihood: 0 };
  return patterns.reduce((bucket, pattern) => withPattern(bucket, pattern, both), empty);
}

const NONE: Nibbles = { low: 0, high: 0 };
const ANY: Nibbles = { low: 0xffff, high: 0xffff };

function withPattern<P extends BytePattern>(bucket: Bucket<P>, added: P, both: readonly boolean[]): Bucket<P> {
  let likelihood = 1;
  const nibbles = bucket.nibbles.map(({ low, high }, place) => {
    const more = nibblesOf(added.sets[place]);
    const grown = { low: low | more.low, high: high | more.high };
    likelihood *= likelihoodOf(grown, both[place] === true);
    return grown;
  });
  return { nibbles, patterns: [...bucket.patterns, added], likelihood };
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

/** Sets a bucket's bit in tables of 16 bytes: for each place the low nibbles, and the high ones where both count. */
export function writeNibbles(
  into: Uint8Array,
  bucket: number,
  nibbles: readonly Nibbles[],
  both: readonly boolean[],
): void {
  const put = (at: number, bits: number): void => {
    for (let nibble = 0; nibble < 16; nibble++)
      if ((bits >> nibble) & 1) into[at + nibble] = (into[at + nibble] ?? 0) | (1 << bucket);
  };
  let at = 0;
  nibbles.forEach(({ low, high }, place) => {
    put(at, low);
    at += 16;
    if (both[place] !== true) return;
    put(at, high);
    at += 16;
  });
}

/** Roughly how often each byte comes in logs, of 1000; by high nibble, then by low one. */
const FREQUENCIES: readonly (readonly number[])[] = Array.from({ length: 16 }, (_, high) =>
  Array.from({ length: 16 }, (__, low) => frequency((high << 4) | low)),
);
const ROWS = FREQUENCIES.map((row) => row.reduce((sum, one) => sum + one, 0));
const COLUMNS = ROWS.map((_, low) => FREQUENCIES.reduce((sum, row) => sum + (row[low] ?? 0), 0));
const TOTAL = ROWS.reduce((sum, one) => sum + one, 0);

/** Of a letter and a pattern of few of them, how rare it is: see `distribute`. */
export function frequency(byte: number): number {
  if (byte < 0x20 || byte > 0x7e) return 0.2;
  const character = String.fromCharCode(byte);
  if ('etaoinsr'.includes(character)) return 50;
  if ('ldcmpu'.includes(character)) return 25;
  if (byte >= 0x61 && byte <= 0x7a) return 10;
  if (byte >= 0x30 && byte <= 0x39) return 20;
  if ('" :,/\\.-'.includes(character)) return 30;
  return byte >= 0x41 && byte <= 0x5a ? 4 : 3;
}

/** How likely a byte passes. */
function likelihoodOf({ low, high }: Nibbles, both: boolean): number {
  let sum = 0;
  if (!both) {
    for (let column = 0; column < 16; column++) if ((low >> column) & 1) sum += COLUMNS[column] ?? 0;
    return sum / TOTAL;
  }
  for (let row = 0; row < 16; row++) {
    if (((high >> row) & 1) === 0) continue;
    if (low === 0xffff) sum += ROWS[row] ?? 0;
    else for (let column = 0; column < 16; column++) if ((low >> column) & 1) sum += FREQUENCIES[row]?.[column] ?? 0;
  }
  return sum / TOTAL;
}
