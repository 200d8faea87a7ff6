import { Random } from '../../tools/example/random.ts';
import { SECOND } from '../../tools/example/time.ts';
import type { Micros } from '../../tools/example/time.ts';

const BEGINS: Micros = Date.UTC(2026, 2, 2, 8) * 1000;
/** Accounts whose name is not ASCII, in some half per cent of events. */
const FOREIGN = ['jürgen.groß', 'zoë.núñez', 'łukasz.żak', '田中太郎', 'анна.смирнова'] as const;
const FOREIGN_SHARE = 0.005;

/**
 * Where the values of a lane come from. Ids, times and ports are new in every event, as they are in life. All else
 * (programs, command lines, paths, accounts) is drawn from finite pools in the repeating form, a few of a pool's values
 * being common and most rare; in the never-repeating form it is made anew for each event.
 */
export class Values {
  readonly random: Random;
  readonly #repeats: boolean;
  #time = BEGINS;
  #serial = 1_000;
  #foreign = false;

  constructor(seed: string, repeats: boolean) {
    this.random = new Random(seed);
    this.#repeats = repeats;
  }

  /** Another event begins, a few milliseconds after the one before; its time. */
  begin(): Micros {
    this.#foreign = this.random.chance(FOREIGN_SHARE);
    this.#time += this.random.int(200, 20_000);
    return this.#time;
  }

  get time(): Micros {
    return this.#time;
  }

  /** An earlier time, when a process or session began. */
  before(): Micros {
    return this.#time - this.random.int(1, 7200) * SECOND - this.random.int(0, 999_999);
  }

  /** A number that no event had before. */
  serial(): number {
    return ++this.#serial;
  }

  /** A word that no event had before: lower-case letters and digits. */
  word(): string {
    return `${this.random.int(0, 1295).toString(36)}${this.serial().toString(36)}x${this.random.int(0, 1295).toString(36)}`;
  }

  /** `size` values made beforehand to draw from, or a new one each time. */
  pool<T>(size: number, make: () => T): () => T {
    if (!this.#repeats) return make;
    const made = Array.from({ length: size }, make);
    return () => {
      // The square of a uniform number favours the first: a tenth of the values makes up a third of the draws.
      const at = Math.floor(this.random.next() ** 2 * made.length);
      return made[at] ?? make();
    };
  }

  /** Makes `common` into a rare account that is not ASCII, now and then. */
  account(common: string): string {
    return this.#foreign ? this.random.pick([...FOREIGN]) : common;
  }

  ip(): string {
    return `10.${this.random.int(0, 63)}.${this.random.int(0, 255)}.${this.random.int(1, 254)}`;
  }
}
