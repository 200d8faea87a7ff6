import { choose, witnessesOf } from './choose.ts';
import type { Rate } from './choose.ts';
import type { KernelMemory } from './memory.ts';
import type { RequirementReader } from './need-code.ts';
import type { Nodes } from './nodes.ts';
import { IMPOSSIBLE } from './requirements.ts';
import type { Requirement } from './requirements.ts';
import { WitnessTables } from './witness-tables.ts';
import type { StreamSample } from './stream-sample.ts';
import { expectedRate, sampledRate } from './witness.ts';
import type { Witness } from './witness.ts';

/** Candidates that cost as much as a survey does for each rule. */
const WORTH_IT = 256;
/** Lines after which what went well is forgotten. */
const WATCHED = 8192;

interface Waiting {
  readonly rule: number;
  readonly requirement: Requirement;
}

/**
 * Who waits for which witness, in two lists: thousands of small ones take several times the memory. Those that wait for witness
 * i stand in `who` from `starts[i]` to `starts[i + 1]`: the rule's place times four, and for rules that wait for one of two
 * lists at once, which of them the witness is in (1 or 2).
 */
export interface Waiters {
  readonly starts: Uint32Array;
  readonly who: Uint32Array;
}

/**
 * The rules for events of a kind, each waiting for what it needs that is rarest: by what the stream has shown, by guess
 * until it has.
 */
export class Partition {
  readonly #memory: KernelMemory;
  readonly #nodes: Nodes;
  /** Rules that wait. What each requires is read when a choice is made, and not kept. */
  readonly #waiting: readonly number[];
  readonly #read: () => RequirementReader;
  /** Rules that wait for nothing: every event of the class is a candidate. */
  readonly always: readonly number[];
  /** Candidates given since the last look at them. */
  candidates = 0;
  /** By place of the rule: 1 where one list must have a witness, 3 where two must. */
  readonly needs: Uint8Array;
  #waiters: Waiters = { starts: new Uint32Array(1), who: new Uint32Array(0) };
  #tables: WitnessTables;
  /** Candidates of a line by the choice that was made. */
  #expected = Infinity;
  /** Those that no survey would save. */
  #accepted = 0;
  #lines = 0;

  /** `wanted`: places of the rules that events of the kind are for, of `rules` in all. `read` gives what each requires. */
  constructor(
    memory: KernelMemory,
    nodes: Nodes,
    wanted: readonly number[],
    read: () => RequirementReader,
    rules: number,
    sample: StreamSample,
  ) {
    this.#memory = memory;
    this.#nodes = nodes;
    this.#read = read;
    this.needs = new Uint8Array(rules);
    const reader = read();
    const always: number[] = [];
    const waiting: Waiting[] = [];
    for (const rule of wanted) {
      const requirement = reader.of(rule);
      if (requirement === undefined) always.push(rule);
      else if (requirement !== IMPOSSIBLE) waiting.push({ rule, requirement });
    }
    this.always = always;
    this.#waiting = waiting.map(({ rule }) => rule);
    this.#tables = this.#wait(waiting, (witness) => sampledRate(witness, sample), sample);
    this.#accepted = always.length;
  }

  /** Where the kernel finds the witnesses. */
  get tables(): number {
    return this.#tables.at;
  }

  /** Does any rule wait for something? */
  get waits(): boolean {
    return this.#waiting.length > 0;
  }

  get waiters(): Waiters {
    return this.#waiters;
  }

  /** Every rule, for a line that holds too much. */
  get all(): readonly number[] {
    return [...this.always, ...this.#waiting];
  }

  /**
   * Takes note of lines that went through; says whether a survey is due: once more candidates came than it costs. So what is spent
   * on surveys is never more than what was lost for want of one.
   */
  note(lines: number): boolean {
    this.#lines += lines;
    const excess = this.candidates - this.#lines * this.#accepted;
    if (excess > 0 && excess >= this.#waiting.length * WORTH_IT) return true;
    if (excess <= 0 && this.#lines >= WATCHED) this.#forget();
    return false;
  }

  #forget(): void {
    this.#lines = 0;
    this.candidates = 0;
  }

  /**
   * Chooses anew by what stands in some lines of the class: `scan` has the kernel look for all witnesses that `tables`
   * holds, and calls `seen` with those of each line. Gives how many lines there were.
   */
  survey(
    scan: (tables: number, seen: (numbers: Uint32Array, count: number) => void) => number,
    sample: StreamSample,
  ): void {
    const witnesses = new Numbering();
    const reader = this.#read();
    for (const { requirement } of this.#requirements(reader))
      for (const witness of witnessesOf(requirement)) witnesses.numberOf(witness);
    const tables = new WitnessTables(this.#memory, this.#nodes, witnesses.all, sample);
    const counts = new Float64Array(witnesses.all.length);
    const lastLine = new Float64Array(witnesses.all.length);
    let line = 0;
    const lines = scan(tables.at, (numbers, count) => {
      line++;
      for (let i = 0; i < count; i++) {
        const number = numbers[i] ?? 0;
        if (lastLine[number] === line) continue;
        lastLine[number] = line;
        counts[number] = (counts[number] ?? 0) + 1;
      }
    });
    tables.release();
    this.#forget();
    if (lines === 0) return;
    // Of witnesses that were seen as rarely, the one that is rarer by guess; and each costs something to look for.
    const rate: Rate = (witness) =>
      ((counts[witnesses.numberOf(witness)] ?? 0) + expectedRate(witness) * 0.5) / lines + 1e-6;
    const old = this.#tables;
    this.#tables = this.#wait(this.#requirements(reader), rate, sample);
    old.release();
    this.#accepted = this.#expected * 1.5 + 0.2;
  }

  /** What each rule that waits requires; one after another, because all of them together take much memory. */
  *#requirements(reader: RequirementReader): Generator<Waiting> {
    for (const rule of this.#waiting) yield { rule, requirement: reader.of(rule) ?? IMPOSSIBLE };
  }

  #wait(wanted: Iterable<Waiting>, rate: Rate, sample: StreamSample): WitnessTables {
    const witnesses = new Numbering();
    const numbers: number[] = [];
    const who: number[] = [];
    this.#expected = this.always.length;
    for (const { rule, requirement } of wanted) {
      const choices = choose(requirement, rate);
      this.needs[rule] = choices.length > 1 ? 3 : 1;
      this.#expected += Math.min(...choices.map((choice) => choice.rate));
      choices.forEach((choice, i) => {
        for (const witness of choice.witnesses) {
          numbers.push(witnesses.numberOf(witness));
          who.push(rule * 4 + (1 << i));
        }
      });
    }
    this.#waiters = inOrder(numbers, who, witnesses.all.length);
    return new WitnessTables(this.#memory, this.#nodes, witnesses.all, sample);
  }
}

/** `who[i]` waits for the witness `numbers[i]`, of `witnesses` in all. */
function inOrder(numbers: readonly number[], who: readonly number[], witnesses: number): Waiters {
  const starts = new Uint32Array(witnesses + 1);
  for (const number of numbers) starts[number + 1] = (starts[number + 1] ?? 0) + 1;
  for (let i = 0; i < witnesses; i++) starts[i + 1] = (starts[i + 1] ?? 0) + (starts[i] ?? 0);
  const next = starts.slice();
  const ordered = new Uint32Array(who.length);
  numbers.forEach((number, i) => {
    const place = next[number] ?? 0;
    next[number] = place + 1;
    ordered[place] = who[i] ?? 0;
  });
  return { starts, who: ordered };
}

/** Gives each different witness a number; those of one reader are the same object where they are equal. */
class Numbering {
  readonly all: Witness[] = [];
  readonly #numbers = new Map<Witness, number>();

  numberOf(witness: Witness): number {
    let number = this.#numbers.get(witness);
    if (number === undefined) {
      number = this.all.push(witness) - 1;
      this.#numbers.set(witness, number);
    }
    return number;
  }
}
