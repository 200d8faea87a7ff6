import { RunSets } from './run-sets.ts';
import { runAt } from './stream-sample.ts';
import type { StreamSample } from './stream-sample.ts';

/** As many groups as a byte has bits. */
const GROUPS = 8;
/** Places of a literal that are tried, the rarest first, and how far into it. */
const MOST_PLACES = 4;
const MOST_BYTES = 48;

/** What the kernel's table of nibbles holds for one group at one place: halves of bytes, and how common those are. */
interface Halves {
  readonly low: number;
  readonly high: number;
  readonly rate: number;
}

const NOTHING: Halves = { low: 0, high: 0, rate: 0 };
const NO_RUNS = new Int32Array(0);

interface Group {
  readonly halves: readonly Halves[];
  readonly rate: number;
  /** Runs that have one of the halves, as `RunSets` says. */
  readonly runs: Int32Array;
}

/**
 * Deals literals out among the groups of a table of nibbles. A table takes for a literal whatever combines the halves of
 * bytes of its group, so those come together that share them, by the bytes that are rarest in the stream.
 */
export class NibbleGroups {
  readonly #size: number;
  readonly #sample: StreamSample;
  readonly #groups: Group[];
  /** Of tables for four bytes. */
  readonly #runs: RunSets | undefined;
  /** Runs that have what the literal has, by place in `#rarest`. */
  readonly #ofLiteral: readonly Int32Array[];

  /** `size`: bytes of each literal that are in the table. */
  constructor(size: number, sample: StreamSample) {
    this.#size = size;
    this.#sample = sample;
    const runs = size === 4 ? RunSets.of(sample) : undefined;
    this.#runs = runs;
    this.#ofLiteral = Array.from({ length: MOST_PLACES }, () => new Int32Array(runs?.size ?? 0));
    this.#groups = Array.from({ length: GROUPS }, () => ({
      halves: Array.from({ length: size }, () => NOTHING),
      rate: 0,
      runs: new Int32Array(runs?.size ?? 0),
    }));
  }

  /** The first of the literal's bytes that stand for it, and its group, where that adds least to what is taken for a literal. */
  add(literal: string): { readonly offset: number; readonly group: number } {
    let best: { readonly offset: number; readonly group: number; readonly place: number } | undefined;
    let halvesOfBest: readonly Halves[] = [];
    let rateOfBest = 0;
    let least = Infinity;
    this.#rarest(literal).forEach((offset, place) => {
      const ofLiteral = this.#ofLiteral[place] ?? NO_RUNS;
      this.#runs?.ofText(literal, offset, ofLiteral);
      for (const [group, { halves: old, rate: before, runs }] of this.#groups.entries()) {
        const halves: Halves[] = [];
        let rate = 1;
        for (let i = 0; i < this.#size; i++) {
          const one = this.#with(old[i] ?? NOTHING, literal.charCodeAt(offset + i));
          halves.push(one);
          rate *= one.rate;
        }
        if (rate - before >= least) continue;
        rate += this.#runs?.rate(runs, ofLiteral, least + before - rate) ?? 0;
        if (rate - before < least) {
          least = rate - before;
          best = { offset, group, place };
          halvesOfBest = halves;
          rateOfBest = rate;
        }
        // One empty group is as good as another.
        if (before === 0) break;
      }
    });
    if (best === undefined) return { offset: 0, group: 0 };
    const { offset, group, place } = best;
    const { runs = NO_RUNS } = this.#groups[group] ?? {};
    const added = this.#ofLiteral[place] ?? NO_RUNS;
    for (let i = 0; i < runs.length; i++) runs[i] = (runs[i] ?? 0) | (added[i] ?? 0);
    this.#groups[group] = { halves: halvesOfBest, rate: rateOfBest, runs };
    return { offset, group };
  }

  #with({ low, high, rate }: Halves, byte: number): Halves {
    const isLetter = byte >= 0x61 && byte <= 0x7a;
    const lowWith = low | (1 << (byte & 15));
    const highWith = high | (1 << (byte >> 4)) | (isLetter ? 1 << ((byte >> 4) - 2) : 0);
    if (lowWith === low && highWith === high) return { low, high, rate };
    return { low: lowWith, high: highWith, rate: this.#rate(lowWith, highWith) };
  }

  /** How common are bytes of these halves? Capitals are counted as small letters. */
  #rate(low: number, high: number): number {
    let rate = 0;
    for (let highs = high; highs !== 0; highs &= highs - 1) {
      const from = (31 - Math.clz32(highs & -highs)) << 4;
      for (let lows = low; lows !== 0; lows &= lows - 1)
        rate += (this.#sample.bytes[from | (31 - Math.clz32(lows & -lows))] ?? 0) + 0.0005;
    }
    return rate;
  }

  /** Where the rarest bytes of the literal begin, rarest first. */
  #rarest(literal: string): readonly number[] {
    const places: { readonly at: number; readonly rate: number }[] = [];
    for (let at = 0; at + this.#size <= Math.min(literal.length, MOST_BYTES); at++) {
      let rate = 1;
      for (let i = at; i < at + this.#size; i++) rate *= (this.#sample.bytes[literal.charCodeAt(i)] ?? 0) + 0.001;
      if (this.#size === 4) rate += this.#sample.rates.get(runAt(literal, at)) ?? 0;
      places.push({ at, rate });
    }
    // Of bytes as rare, the last ones: characters beyond ASCII begin alike.
    places.sort((a, b) => a.rate - b.rate || b.at - a.at);
    return places.slice(0, MOST_PLACES).map(({ at }) => at);
  }
}
