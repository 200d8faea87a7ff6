import type { Cell } from './cell.ts';
import type { RuleSetName } from './rule-sets.ts';

export interface Rate {
  /** Of user time. */
  readonly eventsPerSecond: number;
  /** Half the distance between the quartiles, as a share of the median. */
  readonly spread: number;
  readonly eventsPerPass: number;
}

/** What was found before anything was timed. */
export interface Compared {
  /** Events that all engines were compared on, and how many of a stream with many hits matched. */
  readonly compared: number;
  readonly comparedMatches: number;
  /** Events that the plain matcher agreed on. */
  readonly judged: number;
  readonly objects: Rate;
}

export interface TimedCell {
  readonly cell: Cell;
  readonly ruleCount: number;
  readonly events: number;
  readonly bytes: number;
  readonly processStarts: number;
  /** Events made to match. */
  readonly hits: number;
  /** Events that did match, among so many. */
  readonly matchedEvents: number;
  readonly matchedOf: number;
  /** User time in seconds that the product had run before it was timed. */
  readonly warm: number;
  readonly parse: Rate;
  readonly product: Rate;
}

export interface CellResult extends TimedCell, Compared {
  /** The product's rate over that of JSON.parse. */
  readonly ratio: number;
  readonly objectRatio: number;
}

export interface ThreadsResult {
  readonly cell: Cell;
  readonly bytes: number;
  /** Wall time of one thread over that of two, for the whole scan. */
  readonly whole: number;
  /** The same for what is added by doubling the input: the start of the threads left out. */
  readonly steady: number;
  /** Wall time of one thread over that of two commands side by side, each with one thread and half of the input: what the machine has to give. */
  readonly processes: number;
}

/** What hostile streams cost. */
export interface AdversarialResult {
  readonly rules: RuleSetName;
  /** Resident bytes added by them, once each has been scanned, and in all. */
  readonly grown: number;
  readonly ready: number;
  readonly attacks: readonly AttackResult[];
}

export interface AttackResult {
  readonly name: string;
  readonly lines: number;
  /** Lines that rules matched. */
  readonly matched: number;
  /** User time for each byte, as a multiple of an ordinary stream's. */
  readonly ratio: number;
  /** The same up to the rules that matched: alerts are neither made nor written, on either side. */
  readonly engine: number;
  /** Resident bytes once it has been scanned. */
  readonly resident: number;
}

export interface Memory {
  /** Resident bytes with the rules loaded and the first event of each lane evaluated. */
  readonly ready: number;
  readonly peak: number;
}

/** With the rules from the rule cache, and read anew. */
export interface MemoryResult extends Memory {
  readonly ruleCount: number;
  readonly cold: Memory;
}

export interface StartResult {
  readonly ruleCount: number;
  /** Seconds from the start of the process to the first byte of output: without a rule cache, and with one. */
  readonly cold: number;
  readonly warm: number;
  /** Peak resident bytes of the two. */
  readonly coldPeak: number;
  readonly warmPeak: number;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
  readonly v8: string;
  /** Average number of busy threads in the minute before: above 0 others are at work, and wall times say little. */
  readonly load: number;
}

export interface Results {
  readonly date: string;
  /** `+`: with changes that are not committed. */
  readonly commit: string | null;
  readonly machine: Machine;
  readonly seed: string;
  readonly rounds: number;
  readonly cells: readonly CellResult[];
  readonly threads: readonly ThreadsResult[];
  /** Absent from results of earlier versions. */
  readonly adversarial?: AdversarialResult | null;
  readonly memory: MemoryResult | null;
  readonly start: StartResult | null;
}
