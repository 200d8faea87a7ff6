/** What bytes of the stream look like, capitals made small: how rare is what rules wait for? */
export interface StreamSample {
  /** How common each byte is; 0: not seen. */
  readonly bytes: Float64Array;
  /** How often each pair of bytes was seen, by the first and 256 times the second; and how many pairs there were. */
  readonly pairs: Uint16Array;
  readonly pairCount: number;
  /** The most common runs of four bytes, the first in the lowest byte; the most common comes first. */
  readonly runs: Int32Array;
  /** By place in `runs`: how many of the bytes begin one. */
  readonly runRates: Float64Array;
  /** The same of all runs that were seen. */
  readonly rates: ReadonlyMap<number, number>;
}

/** Pieces of the input that are looked at, from all of it. All of them have fewer bytes than a `pairs` can count. */
const PIECES = 32;
const PIECE_BYTES = 1024;
const MOST_RUNS = 1024;

export function sampleOf(input: Uint8Array): StreamSample {
  const bytes = new Float64Array(256);
  const pairs = new Uint16Array(65_536);
  const runs = new Map<number, number>();
  let size = 0;
  let run = 0;
  for (let piece = 0; piece < PIECES; piece++) {
    const from = Math.max(piece * PIECE_BYTES, Math.floor((piece * input.length) / PIECES));
    const to = Math.min(input.length, from + PIECE_BYTES);
    for (let i = from; i < to; i++) {
      let byte = input[i] ?? 0;
      if (byte >= 0x41 && byte <= 0x5a) byte += 0x20;
      bytes[byte] = (bytes[byte] ?? 0) + 1;
      run = (run >>> 8) | (byte << 24);
      runs.set(run, (runs.get(run) ?? 0) + 1);
      const pair = run >>> 16;
      pairs[pair] = (pairs[pair] ?? 0) + 1;
      size++;
    }
  }
  for (let byte = 0; byte < 256; byte++) bytes[byte] = (bytes[byte] ?? 0) / (size || 1);
  const rates = new Map<number, number>();
  const common: { run: number; rate: number }[] = [];
  for (const [one, count] of runs) {
    const rate = count / size;
    rates.set(one, rate);
    if (count > 1) common.push({ run: one, rate });
  }
  common.sort((a, b) => b.rate - a.rate);
  const kept = common.slice(0, MOST_RUNS);
  return {
    bytes,
    pairs,
    pairCount: size || 1,
    runs: Int32Array.from(kept, ({ run: one }) => one),
    runRates: Float64Array.from(kept, ({ rate }) => rate),
    rates,
  };
}

/** How common two characters are side by side, as `StreamSample.rates` counts runs. */
export function pairRate({ pairs, pairCount }: StreamSample, text: string, at: number): number {
  return (pairs[text.charCodeAt(at) | (text.charCodeAt(at + 1) << 8)] ?? 0) / pairCount;
}

/** Four characters as in `StreamSample.rates`. */
export function runAt(text: string, at: number): number {
  let run = 0;
  for (let i = 3; i >= 0; i--) run = (run << 8) | text.charCodeAt(at + i);
  return run;
}
