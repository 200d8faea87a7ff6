import type { KernelMemory } from './memory.ts';
import { Nodes } from './nodes.ts';
import type { Requirements } from './requirements.ts';
import { WitnessTables } from './witness-tables.ts';
import type { ByteRates } from './witness-tables.ts';
import { witnessKey } from './witness.ts';
import type { Witness } from './witness.ts';

/** Lines of the stream that the choice of witnesses rests on. */
const SURVEYED = 256;
/** Lines between looks at whether the choice still holds. */
const WATCHED = 8192;

/** One rule that events of a class are for. */
export interface Wanted {
  /** Its place among all rules. */
  readonly rule: number;
  readonly requirements: Requirements;
}

/**
 * The rules for events of one class, each waiting for one of its options: the rarest by what the stream has shown, by
 * guess until it has.
 */
export class Partition {
  readonly #memory: KernelMemory;
  readonly #nodes: Nodes;
  readonly #wanted: readonly Wanted[];
  /** Rules that wait for nothing: every event of the class is a candidate. */
  readonly always: readonly number[];
  /** By witness: the rules that wait for it. */
  #rulesOf: readonly (readonly number[])[] = [];
  #tables: WitnessTables;
  #expected = Infinity;
  #lines = 0;
  /** Candidates given since the last look at them. */
  candidates = 0;
  #isSurveyed = false;
  /** Looks at the stream so far, which are made rarer where they bring nothing. */
  #patience = 1;

  constructor(memory: KernelMemory, nodes: Nodes, wanted: readonly Wanted[], rates: ByteRates) {
    this.#memory = memory;
    this.#nodes = nodes;
    this.always = wanted.flatMap(({ rule, requirements }) => (requirements.length === 0 ? [rule] : []));
    this.#wanted = wanted.filter(({ requirements }) => requirements.length > 0);
    this.#tables = this.#wait(
      this.#wanted.map(() => 0),
      rates,
    );
  }

  /** Where the kernel finds the witnesses. */
  get tables(): number {
    return this.#tables.at;
  }

  /** Does any rule wait for something? */
  get waits(): boolean {
    return this.#wanted.length > 0;
  }

  rulesOf(witness: number): readonly number[] {
    return this.#rulesOf[witness] ?? [];
  }

  /** Every rule, for a line that holds too much. */
  get all(): readonly number[] {
    return [...this.always, ...this.#wanted.map(({ rule }) => rule)];
  }

  /** Takes note of lines that went through; says whether a survey is due. */
  note(lines: number): boolean {
    this.#lines += lines;
    if (!this.#isSurveyed) return this.#lines >= SURVEYED;
    if (this.#lines < WATCHED * this.#patience) return false;
    const isOff = this.candidates > this.#lines * (this.#expected * 1.5 + 0.2);
    this.#lines = 0;
    this.candidates = 0;
    if (!isOff) this.#patience = 1;
    return isOff;
  }

  /**
   * Chooses anew by what stands in some lines of the class: `scan` has the kernel look for all witnesses that `tables`
   * holds, and calls `seen` with those of each line. Gives how many lines there were.
   */
  survey(scan: (tables: number, most: number, seen: (numbers: Uint32Array, count: number) => void) => number, rates: ByteRates): void {
    const all = new Map<string, number>();
    const witnesses: Witness[] = [];
    const numberOf = (witness: Witness): number => {
      const key = witnessKey(witness);
      let number = all.get(key);
      if (number === undefined) {
        all.set(key, (number = witnesses.length));
        witnesses.push(witness);
      }
      return number;
    };
    const options = this.#wanted.map(({ requirements }) => requirements.map((option) => option.map(numberOf)));
    const tables = new WitnessTables(this.#memory, this.#nodes, witnesses, rates);
    const counts = new Float64Array(witnesses.length);
    const lines = scan(tables.at, witnesses.length, (numbers, count) => {
      for (let i = 0; i < count; i++) {
        const number = numbers[i] ?? 0;
        counts[number] = (counts[number] ?? 0) + 1;
      }
    });
    tables.release();
    if (lines === 0) return;
    let expected = this.always.length;
    const chosen = options.map((ofRule) => {
      let best = 0;
      let least = Infinity;
      ofRule.forEach((option, i) => {
        // Of options that were seen as rarely the earlier is rarer by guess; many witnesses cost something to look for.
        const rate = option.reduce((sum, number) => sum + (counts[number] ?? 0), option.length / 1000);
        if (rate < least) {
          least = rate;
          best = i;
        }
      });
      expected += least / lines;
      return best;
    });
    this.#expected = expected;
    this.#isSurveyed = true;
    this.#patience = Math.min(this.#patience * 2, 1024);
    this.#lines = 0;
    this.candidates = 0;
    const old = this.#tables;
    this.#tables = this.#wait(chosen, rates);
    old.release();
  }

  /** `options`: for each rule which of its options it waits for. */
  #wait(options: readonly number[], rates: ByteRates): WitnessTables {
    const numbers = new Map<string, number>();
    const witnesses: Witness[] = [];
    const rulesOf: number[][] = [];
    this.#wanted.forEach(({ rule, requirements }, i) => {
      for (const witness of requirements[options[i] ?? 0] ?? []) {
        const key = witnessKey(witness);
        let number = numbers.get(key);
        if (number === undefined) {
          numbers.set(key, (number = witnesses.length));
          witnesses.push(witness);
          rulesOf.push([]);
        }
        rulesOf[number]?.push(rule);
      }
    });
    this.#rulesOf = rulesOf; (this as any).DEBUGwitnesses = witnesses;
    return new WitnessTables(this.#memory, this.#nodes, witnesses, rates);
  }
}
