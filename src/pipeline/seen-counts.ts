/** Keys that are counted before the older ones give way: between so many and twice as many are remembered. */
const MOST_OF_AN_AGE = 50_000;
/** Slots of a table at first; it doubles before half of them are taken. */
const FIRST_SLOTS = 256;
/** Words of a slot: 96 bits of the key, then how often it was counted, 0 for a free slot. */
const SLOT_WORDS = 4;

/**
 * How often each of many keys was counted, of those met lately. Keys are digests, of which 96 bits tell one from another, kept
 * as numbers: a hundred thousand texts would be work for the garbage collector, and the oldest of a `Map` takes longer to find
 * the more have gone before it.
 */
export class SeenCounts {
  readonly #most: number;
  #young = new CountTable();
  #old = new CountTable();

  constructor(most = MOST_OF_AN_AGE) {
    this.#most = most;
  }

  /** Counts `digest`, a character below U+0100 for each byte, twelve or more; gives how often it was counted before. */
  count(digest: string): number {
    const a = wordOf(digest, 0);
    const b = wordOf(digest, 4);
    const c = wordOf(digest, 8);
    const young = this.#young.slotOf(a, b, c);
    const known = this.#young.countAt(young);
    const before = known === 0 ? this.#old.countAt(this.#old.slotOf(a, b, c)) : known;
    this.#young.put(young, a, b, c, before + 1);
    if (this.#young.size >= this.#most) {
      const spare = this.#old;
      this.#old = this.#young;
      this.#young = spare;
      spare.clear();
    }
    return before;
  }
}

function wordOf(digest: string, at: number): number {
  return (
    digest.charCodeAt(at) |
    (digest.charCodeAt(at + 1) << 8) |
    (digest.charCodeAt(at + 2) << 16) |
    (digest.charCodeAt(at + 3) << 24)
  );
}

/** An open table of keys that are spread evenly as they are. */
class CountTable {
  size = 0;
  #words = new Int32Array(FIRST_SLOTS * SLOT_WORDS);

  /** Where the key is, or the free slot where it would be. */
  slotOf(a: number, b: number, c: number): number {
    const words = this.#words;
    const mask = words.length - 1;
    for (let at = (a * SLOT_WORDS) & mask; ; at = (at + SLOT_WORDS) & mask) {
      if (words[at + 3] === 0 || (words[at] === a && words[at + 1] === b && words[at + 2] === c)) return at;
    }
  }

  countAt(slot: number): number {
    return this.#words[slot + 3] ?? 0;
  }

  put(slot: number, a: number, b: number, c: number, count: number): void {
    const words = this.#words;
    const isNew = words[slot + 3] === 0;
    words[slot] = a;
    words[slot + 1] = b;
    words[slot + 2] = c;
    words[slot + 3] = count;
    if (isNew && ++this.size * 2 * SLOT_WORDS > words.length) this.#grow();
  }

  /** Forgets all, and keeps the room: it is needed again. */
  clear(): void {
    this.#words.fill(0);
    this.size = 0;
  }

  #grow(): void {
    const full = this.#words;
    this.#words = new Int32Array(full.length * 2);
    for (let at = 0; at < full.length; at += SLOT_WORDS) {
      if (full[at + 3] === 0) continue;
      const slot = this.slotOf(full[at] ?? 0, full[at + 1] ?? 0, full[at + 2] ?? 0);
      for (let i = 0; i < SLOT_WORDS; i++) this.#words[slot + i] = full[at + i] ?? 0;
    }
  }
}
