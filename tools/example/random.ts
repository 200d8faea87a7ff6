import { createHash } from 'node:crypto';

/**
 * Numbers that look random and are the same on every machine (mulberry32: 32-bit integers only). Each host and each
 * file has a stream of its own, named by its seed, so that a change in one leaves the others as they are.
 */
export class Random {
  #state: number;

  constructor(seed: string) {
    this.#state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  }

  /** 0 ≤ x < 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** An integer, both ends included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[this.int(0, list.length - 1)] ?? list[0];
  }

  hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += this.int(0, 15).toString(16);
    return text;
  }

  uuid(): string {
    return uuidOf(this.hex(32));
  }
}

/** A hash that stands for the content named by `content`. Invented: no real file has it. */
export function digest(algorithm: 'md5' | 'sha1' | 'sha256', content: string): string {
  return createHash(algorithm).update(`example content: ${content}`).digest('hex');
}

/** Writes 32 hexadecimal digits as a version 4 UUID. */
export function uuidOf(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
