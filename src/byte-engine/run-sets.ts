import type { StreamSample } from './stream-sample.ts';

/** Bytes of a run, and halves of a byte: the lower first. */
const PLACES = 4;
const HALVES = 2;
const NIBBLES = 16;
const WORD_BITS = 32;

/**
 * Which of the common runs of a sample have which half of a byte at which place, as sets with a bit for each run: how common what
 * a table of nibbles takes for a literal is then told with a few operations for 32 runs.
 */
export class RunSets {
  /** Words of one set, and of the sets of all places and halves. */
  readonly words: number;
  readonly size: number;
  readonly #rates: Float64Array;
  /** For each place and half, for each nibble, the runs that have it there. */
  readonly #sets: Int32Array;

  static of(sample: StreamSample): RunSets {
    let made = known.get(sample);
    if (made === undefined) known.set(sample, (made = new RunSets(sample)));
    return made;
  }

  private constructor({ runs, runRates }: StreamSample) {
    this.#rates = runRates;
    this.words = Math.ceil(runs.length / WORD_BITS);
    this.size = PLACES * HALVES * this.words;
    this.#sets = new Int32Array(this.size * NIBBLES);
    runs.forEach((run, i) => {
      for (let place = 0; place < PLACES; place++) {
        const byte = (run >>> (8 * place)) & 255;
        this.#put(2 * place, byte & 15, i);
        this.#put(2 * place + 1, byte >> 4, i);
      }
    });
  }

  #put(half: number, nibble: number, run: number): void {
    const word = this.#at(half, nibble) + (run >> 5);
    this.#sets[word] = (this.#sets[word] ?? 0) | (1 << (run & 31));
  }

  #at(half: number, nibble: number): number {
    return (half * NIBBLES + nibble) * this.words;
  }

  /** Sets, for each place and half, of the runs that have there what four characters have; capitals are as good as small letters. */
  ofText(text: string, from: number, into: Int32Array): void {
    for (let place = 0; place < PLACES; place++) {
      const byte = text.charCodeAt(from + place);
      const isLetter = byte >= 0x61 && byte <= 0x7a;
      const low = this.#at(2 * place, byte & 15);
      const high = this.#at(2 * place + 1, (byte >> 4) & 15);
      const capital = isLetter ? this.#at(2 * place + 1, (byte >> 4) - 2) : high;
      const to = 2 * place * this.words;
      for (let word = 0; word < this.words; word++) {
        into[to + word] = this.#sets[low + word] ?? 0;
        into[to + this.words + word] = (this.#sets[high + word] ?? 0) | (this.#sets[capital + word] ?? 0);
      }
    }
  }

  /** How common are runs that are, at every place and half, in one of two sets? Where it reaches `most`, it is not added up to the end. */
  rate(a: Int32Array, b: Int32Array, most: number): number {
    const { words } = this;
    let rate = 0;
    for (let word = 0; word < words && rate < most; word++) {
      let both = -1;
      for (let at = word; at < this.size && both !== 0; at += words) both &= (a[at] ?? 0) | (b[at] ?? 0);
      for (; both !== 0; both &= both - 1) rate += this.#rates[(word << 5) | (31 - Math.clz32(both & -both))] ?? 0;
    }
    return rate;
  }
}

const known = new WeakMap<StreamSample, RunSets>();
