/** Keys that are counted before the older ones give way: between so many and twice as many are remembered. */
const MOST_OF_AN_AGE = 50_000;

/**
 * How often each of many keys was counted, of those met lately. What is forgotten goes all at once: taking the oldest out of a
 * `Map` one by one takes longer and longer, since the places of those that have gone are passed over each time.
 */
export class SeenCounts {
  readonly #most: number;
  #young = new Map<string, number>();
  #old: ReadonlyMap<string, number> = new Map();

  constructor(most = MOST_OF_AN_AGE) {
    this.#most = most;
  }

  /** Counts `key`; gives how often it was counted before. */
  count(key: string): number {
    const before = this.#young.get(key) ?? this.#old.get(key) ?? 0;
    this.#young.set(key, before + 1);
    if (this.#young.size >= this.#most) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    return before;
  }
}
