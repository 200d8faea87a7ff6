import type { JsonObject } from '../event/json.ts';

/**
 * Which of many numbered things the keys at the top of a record speak for: the keys are looked through once, instead of asking the
 * record for each key that there could be.
 */
export class KeyMarks {
  /** For each key, the numbers of the things it speaks for. */
  readonly #numbers = new Map<string, number[]>();
  /** For each thing, the number of the last record that had a key which speaks for it. */
  readonly #lastRecord: number[] = [];
  readonly #mostKeys: number;
  #records = 0;

  /** A record with more than `mostKeys` keys is not looked through. */
  constructor(mostKeys: number) {
    this.#mostKeys = mostKeys;
  }

  /** `key` speaks for thing `number` of records that are looked through from now on. */
  add(key: string, number: number): void {
    const known = this.#numbers.get(key);
    if (known) known.push(number);
    else this.#numbers.set(key, [number]);
  }

  /** Looks through the keys of `record`; false, and nothing is to be asked after it, where there are too many. */
  look(record: JsonObject): boolean {
    this.#records++;
    let keys = 0;
    for (const key in record) {
      if (++keys > this.#mostKeys) return false;
      const numbers = this.#numbers.get(key);
      if (numbers !== undefined) for (const number of numbers) this.#lastRecord[number] = this.#records;
    }
    return true;
  }

  /** Did the record that was looked through last have a key that speaks for thing `number`? */
  has(number: number): boolean {
    return this.#lastRecord[number] === this.#records;
  }
}
