import { copyBytes } from '../base/copy-bytes.ts';
import { invariant } from '../base/invariant.ts';
import { sourceKey } from '../engine/known-sources.ts';
import type { FieldPlaces } from '../event/field-places.ts';
import { pathsOf } from '../event/field-places.ts';
import type { JsonObject } from '../event/json.ts';
import type { LogSource } from '../event/log-source.ts';
import type { Observation } from '../event/observe.ts';
import type { RuleLogSource, SigmaRule } from '../sigma/rule.ts';
import { canonicalJson, writeUtf8 } from './canonical-json.ts';
import { FirstLook } from './first-look.ts';
import { LineTokens } from './line-tokens.ts';
import { KernelMemory, PADDING } from './memory.ts';
import { RequirementReader } from './need-code.ts';
import type { StoredNeeds } from './need-code.ts';
import { Nodes } from './nodes.ts';
import { Partition } from './partition.ts';
import { Router } from './router.ts';
import { sampleOf } from './stream-sample.ts';
import type { StreamSample } from './stream-sample.ts';
import { setSystemCalls } from './system-calls.ts';
import type { SystemCalls } from './system-calls.ts';

/** Events that the same rules are for, and whose fields lie in the same places. */
export interface EventClass {
  readonly logSource: LogSource;
  /** The same for classes of one shape: what is known of a rule for one holds for all. */
  readonly shape: string;
  /** Where a field's values stand; `undefined`: not known. */
  places(field: string): FieldPlaces | undefined;
}

/** What the engine asks of whoever reads records. */
export interface LineReader<Class extends EventClass> {
  /**
   * The class of the event that line `index` is, with all that was asked of its record in order to know. No class: the
   * line is more or less than one event, or must be read in full. `undefined`: it cannot be read at all.
   */
  classify(index: number): { readonly of: Class | undefined; readonly observation: Observation } | undefined;
  /** Rules (by place) that may match the line, of this class. Its tokens are there until the next call. */
  candidates(index: number, of: Class, rules: readonly number[], tokens: LineTokens): void;
  /** A line to be read in full. */
  slow(index: number): void;
  /** `lines` lines of the class were looked at, whether anything came of them or not. */
  counted(of: Class, lines: number): void;
}

/** Lines of one run. */
export interface Lines {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly count: number;
}

const DONE = 0;
const STOPPED_ROUTE = 1;
const SLOW_LINE = 0xffff_ffff;

const TOKENS_BYTES = 4 * 1024 * 1024;
const ONE_TOKENS_BYTES = 1024 * 1024;
/** Values that have numbers, as in kernel/names.ts. */
const NAME_SLOTS = 8192;
const NAME_SLOT_BYTES = 320;
const NAME_COUNT_BYTES = 16;
const OUTPUT_BYTES = 1024 * 1024;
/** Words of the output for each line, before its witnesses. */
const HEAD_WORDS = 5;
/** Witnesses kept of one line; with more, every rule for it is a candidate. */
const MOST_WITNESSES = 512;
/** The same of a record by itself. */
const MOST_OF_ONE = 16_384;
/** A larger run of lines, or record, is left to the caller. */
const LARGEST_INPUT = 8 * 1024 * 1024;
/** Lines between looks at what the kernel has counted. */
const LINES_AT_ONCE = 256;
/** Classes with rules of their own; events of others are left to the caller. */
const MOST_CLASSES = 512;
/** Memory of the kernel beyond which no more of them are made. */
const MOST_MEMORY = 96 * 1024 * 1024;
/** New routes cost a full reading: they are saved for by lines that need none. */
const MOST_CLASSIFIED = 256;
const LINES_FOR_ONE = 16;
/** Looks at events of a kind for which no tables are made yet: two for a line of a run, more for a long one. */
const MOST_EARLY = 32;
const EARLY_BYTES = 4096;
/** Lines that a survey looks at, and witnesses that it takes of one. */
const MOST_SURVEYED_LINES = 512;
const MOST_SURVEYED_WITNESSES = 65_536;

/** `logSource` as far as rules tell log sources apart. */
type IsFor = (rule: SigmaRule, of: LogSource) => boolean;

/**
 * Finds, for each of many lines of JSON, and records of auditd, the rules that may match it, without parsing it. What it cannot read with
 * certainty it hands back. What it gives is never too little; the caller's matcher judges each candidate.
 */
export class ByteEngine<Class extends EventClass> {
  readonly #rules: readonly SigmaRule[];
  readonly #needs: StoredNeeds;
  readonly #isFor: IsFor;
  readonly #memory: KernelMemory;
  readonly #nodes: Nodes;
  readonly #router: Router<Class>;
  readonly #tokens: LineTokens;
  readonly #tokensAt: number;
  readonly #outputAt: number;
  /** For one record by itself, while the output of many is being read. */
  readonly #oneTokensAt: number;
  readonly #oneOutputAt: number;
  readonly #partitions = new Map<string, Partition>();
  readonly #partitionOf = new Map<Class, Partition>();
  readonly #firstLook: FirstLook;
  /** Looks at events of a kind before its partition is made. */
  readonly #early = new Map<string, number>();
  readonly #earlyRules = new Map<Class, Uint8Array>();
  #sample: StreamSample | undefined;
  #inputAt = 0;
  #inputSize = 0;
  /** Bytes of it that hold lines. */
  #inputUsed = 0;
  #startsAt = 0;
  #endsAt = 0;
  #linesSize = 0;
  #scratchAt = 0;
  #scratchSize = 0;
  #mayClassify = MOST_CLASSIFIED;
  /** For each rule, the last line in which it was waited for with success, and which of its parts: see `#rulesOf`. */
  readonly #stamps: Float64Array;
  #stamp = 0;
  /** Candidates of the line at hand. */
  readonly #candidates: number[] = [];

  private constructor(
    memory: KernelMemory,
    rules: readonly SigmaRule[],
    needs: StoredNeeds,
    isFor: IsFor,
    systemCalls: SystemCalls,
  ) {
    this.#memory = memory;
    this.#rules = rules;
    this.#needs = needs;
    this.#firstLook = new FirstLook(needs);
    this.#isFor = isFor;
    this.#nodes = new Nodes(memory);
    this.#router = new Router(memory, this.#nodes);
    this.#tokens = new LineTokens(memory, Nodes.most);
    this.#tokensAt = memory.take(TOKENS_BYTES);
    this.#outputAt = memory.take(OUTPUT_BYTES);
    this.#oneTokensAt = memory.take(ONE_TOKENS_BYTES);
    this.#oneOutputAt = memory.take(MOST_OF_ONE * 4);
    const names = memory.take(NAME_SLOTS * NAME_SLOT_BYTES);
    memory.kernel.setNames(names, NAME_SLOTS - 1, memory.take(Nodes.most * NAME_COUNT_BYTES));
    setSystemCalls(memory, systemCalls);
    this.#stamps = new Float64Array(rules.length);
  }

  /** `undefined` where the machine has no WebAssembly with SIMD. `needs`: those of `rules`. */
  static create<Class extends EventClass>(
    rules: readonly SigmaRule[],
    needs: StoredNeeds,
    isFor: IsFor,
    systemCalls: SystemCalls,
  ): ByteEngine<Class> | undefined {
    const memory = KernelMemory.create();
    return memory && new ByteEngine<Class>(memory, rules, needs, isFor, systemCalls);
  }

  /** Bytes of memory that the kernel has taken. */
  get memoryBytes(): number {
    return this.#memory.size;
  }

  /** The node of a path, for finding tokens; 0 where tokens of it cannot be told from others. Known from the next run on. */
  node(path: string): number {
    return this.#nodes.node(path);
  }

  /** Looks at the lines in order. False: too much for it; nothing was done. */
  run(lines: Lines, reader: LineReader<Class>): boolean {
    if (lines.bytes.length > LARGEST_INPUT) return false;
    this.#load(lines);
    const { kernel } = this.#memory;
    let next = 0;
    while (next < lines.count) {
      this.#settle();
      const to = Math.min(lines.count, next + LINES_AT_ONCE);
      const status = kernel.run(this.#inputAt, this.#startsAt, this.#endsAt, next, to);
      const stopped = kernel.stoppedAt();
      this.#mayClassify = Math.min(MOST_CLASSIFIED, this.#mayClassify + (stopped - next) / LINES_FOR_ONE);
      this.#take(reader);
      next = stopped;
      if (status === STOPPED_ROUTE) next += this.#route(stopped, reader);
      else if (status === DONE) for (const partition of this.#collect(reader)) this.#survey(partition, lines.count);
    }
    this.#collect(reader);
    return true;
  }

  /**
   * Rules (by place) that may match `record`, an event of the class; `undefined` where that cannot be said more cheaply
   * than by trying them all. For events that `run` has handed back.
   */
  candidatesOf(of: Class, record: JsonObject): readonly number[] | undefined {
    const known = this.#partitionOf.get(of);
    // Most kinds of events have no rules: then nothing of the record is asked.
    if (known?.waits === false) return known.always;
    const text = canonicalJson(record);
    if (text === undefined || text.length * 3 > LARGEST_INPUT) return undefined;
    if (this.#isEarly(of, text.length)) return this.#look(of, text);
    const partition = known ?? this.#partition(of);
    if (partition === undefined) return undefined;
    this.#settle();
    const at = this.#scratch(text.length * 3);
    const { bytes, kernel, words } = this.#memory;
    const length = writeUtf8(text, bytes, at);
    bytes.fill(0, at + length, at + length + PADDING);
    const tokens = this.#oneTokensAt;
    const count = kernel.tokenise(at, at + length, tokens, tokens + ONE_TOKENS_BYTES, true, true);
    if (count < 0) return undefined;
    const found = kernel.findWitnesses(
      tokens,
      count,
      partition.tables,
      at,
      at + length,
      this.#oneOutputAt,
      MOST_OF_ONE,
    );
    if (found > MOST_OF_ONE) return undefined;
    return this.#rulesOf(partition, words, this.#oneOutputAt >> 2, found);
  }

  /**
   * Is it one of the first events of its kind? Making tables for it would take longer than looking at these in full, unless
   * they are long.
   */
  #isEarly(of: Class, length: number): boolean {
    if (this.#partitionOf.has(of) || this.#early.size >= MOST_CLASSES) return false;
    const key = partitionKey(of);
    return !this.#partitions.has(key) && (this.#early.get(key) ?? 0) + looksFor(length) <= MOST_EARLY;
  }

  #noteEarly(of: Class, length: number): void {
    const key = partitionKey(of);
    this.#early.set(key, (this.#early.get(key) ?? 0) + looksFor(length));
  }

  #look(of: Class, text: string): readonly number[] {
    this.#noteEarly(of, text.length);
    let rules = this.#earlyRules.get(of);
    if (rules === undefined) this.#earlyRules.set(of, (rules = this.#rulesFor(of.logSource)));
    return this.#firstLook.candidates(rules, text, of.shape, (field) => of.places(field));
  }

  #settle(): void {
    this.#nodes.settle();
    this.#memory.kernel.setRun(
      this.#router.routesAt,
      this.#tokensAt,
      this.#tokensAt + TOKENS_BYTES,
      this.#outputAt,
      this.#outputAt + OUTPUT_BYTES,
      MOST_WITNESSES,
    );
  }

  #scratch(size: number): number {
    if (size > this.#scratchSize) {
      if (this.#scratchSize > 0) this.#memory.release(this.#scratchAt);
      this.#scratchSize = Math.max(size, 65_536);
      this.#scratchAt = this.#memory.take(this.#scratchSize);
    }
    return this.#scratchAt;
  }

  #load({ bytes, starts, ends, count }: Lines): void {
    if (bytes.length > this.#inputSize) {
      if (this.#inputSize > 0) this.#memory.release(this.#inputAt);
      this.#inputSize = bytes.length;
      this.#inputAt = this.#memory.take(bytes.length);
    }
    if (count > this.#linesSize) {
      if (this.#linesSize > 0) {
        this.#memory.release(this.#startsAt);
        this.#memory.release(this.#endsAt);
      }
      this.#linesSize = Math.max(count, 8192);
      this.#startsAt = this.#memory.take(this.#linesSize * 4);
      this.#endsAt = this.#memory.take(this.#linesSize * 4);
    }
    this.#inputUsed = bytes.length;
    this.#sample = undefined;
    const memory = this.#memory;
    copyBytes(bytes, 0, bytes.length, memory.bytes, this.#inputAt);
    memory.bytes.fill(0, this.#inputAt + bytes.length, this.#inputAt + bytes.length + PADDING);
    memory.words.set(starts.length === count ? starts : starts.subarray(0, count), this.#startsAt >> 2);
    memory.words.set(ends.length === count ? ends : ends.subarray(0, count), this.#endsAt >> 2);
  }

  /** Hands out what the kernel has written. */
  #take(reader: LineReader<Class>): void {
    const { routes } = this.#router;
    const end = this.#memory.kernel.outputEnd() >> 2;
    for (let at = this.#outputAt >> 2; at < end;) {
      // Asked for anew: what is done with a line may take memory.
      const { words } = this.#memory;
      const index = words[at] ?? 0;
      const tokens = words[at + 2] ?? 0;
      if (tokens === SLOW_LINE) {
        at += HEAD_WORDS;
        reader.slow(index);
        continue;
      }
      const tokensAt = words[at + 1] ?? 0;
      const of = routes[words[at + 3] ?? 0]?.of;
      const found = words[at + 4] ?? 0;
      const first = at + HEAD_WORDS;
      at = first + Math.min(found, MOST_WITNESSES);
      const partition = of && this.#partitionOf.get(of);
      invariant(of !== undefined && partition !== undefined, 'a line with a route that has no rules');
      const rules = found > MOST_WITNESSES ? partition.all : this.#rulesOf(partition, words, first, found);
      partition.candidates += rules.length;
      if (rules.length === 0) continue;
      this.#tokens.set(tokensAt, tokens);
      reader.candidates(index, of, rules, this.#tokens);
    }
  }

  /** Reads what the kernel has counted; gives the partitions that should be surveyed. */
  #collect(reader: LineReader<Class>): Partition[] {
    const { words } = this.#memory;
    const due: Partition[] = [];
    let place = (this.#router.routesAt >> 2) + 2;
    for (const { of } of this.#router.routes) {
      const lines = words[place] ?? 0;
      if (lines > 0 && of !== undefined) {
        words[place] = 0;
        reader.counted(of, lines);
        const partition = this.#partitionOf.get(of);
        if (partition?.note(lines) && !due.includes(partition)) due.push(partition);
      }
      place += 4;
    }
    return due;
  }

  #rulesOf(partition: Partition, words: Uint32Array, first: number, found: number): readonly number[] {
    const { always, needs } = partition;
    if (found === 0) return always;
    const stamp = (this.#stamp += 4);
    const stamps = this.#stamps;
    // A list that grows takes room for more than there mostly are.
    const rules = this.#candidates;
    let count = 0;
    for (const rule of always) rules[count++] = rule;
    const { starts, who } = partition.waiters;
    for (let i = 0; i < found; i++) {
      const witness = words[first + i] ?? 0;
      const end = starts[witness + 1] ?? 0;
      for (let j = starts[witness] ?? end; j < end; j++) {
        const waiting = who[j] ?? 0;
        const rule = waiting >>> 2;
        // What was seen for the rule in this line: the stamp, and the parts in its last two bits.
        const old = stamps[rule] ?? 0;
        const before = old >= stamp ? old - stamp : 0;
        const now = before | (waiting & 3);
        if (now === before) continue;
        stamps[rule] = stamp + now;
        if (now === needs[rule]) rules[count++] = rule;
      }
    }
    return count === 0 ? NONE : rules.slice(0, count);
  }

  /** Finds out what the line is that no route fits. Gives 1 where it is done with, 0 where it is to be run again. */
  #route(index: number, reader: LineReader<Class>): number {
    if (this.#mayClassify < 1) {
      reader.slow(index);
      return 1;
    }
    this.#mayClassify--;
    const { kernel } = this.#memory;
    const found = reader.classify(index);
    if (found === undefined) {
      reader.slow(index);
      return 1;
    }
    const { of, observation } = found;
    const { words } = this.#memory;
    const start = this.#inputAt + (words[(this.#startsAt >> 2) + index] ?? 0);
    const end = this.#inputAt + (words[(this.#endsAt >> 2) + index] ?? 0);
    if (of !== undefined && this.#isEarly(of, end - start)) {
      // Not charged: there are only so many.
      this.#mayClassify++;
      this.#noteEarly(of, end - start);
      reader.slow(index);
      return 1;
    }
    const isNew = this.#router.learn(observation);
    if (isNew === undefined || !this.#router.hasRoom) {
      if (isNew !== undefined) this.#forget(reader);
      reader.slow(index);
      return 1;
    }
    const isSlow = of === undefined || observation.isWhole;
    const partition = isSlow ? undefined : this.#partition(of);
    if (isNew) this.#forget(reader);
    this.#settle();
    // The key by what decides now.
    const count = kernel.readLine(start, end, this.#tokensAt, this.#tokensAt + TOKENS_BYTES);
    const length = count < 0 ? -1 : kernel.routeKey(kernel.lineTokens(), count);
    if (length < 0) {
      reader.slow(index);
      return 1;
    }
    const number = this.#router.add(length, { of: partition === undefined ? undefined : of });
    this.#describe(number, partition);
    return 0;
  }

  #forget(reader: LineReader<Class>): void {
    this.#collect(reader);
    this.#router.clear();
  }

  #describe(route: number, partition: Partition | undefined): void {
    const at = (this.#router.routesAt >> 2) + route * 4;
    this.#memory.words[at] = partition?.tables ?? 0;
    this.#memory.words[at + 1] = partition === undefined ? 2 : partition.always.length > 0 ? 1 : 0;
  }

  /** Rules for the log source of a class. `undefined`: there are too many classes, or too much memory is taken. */
  #partition(of: Class): Partition | undefined {
    const known = this.#partitionOf.get(of);
    this.#earlyRules.delete(of);
    if (known !== undefined || this.#partitionOf.size >= MOST_CLASSES || this.#memory.size > MOST_MEMORY) return known;
    const key = partitionKey(of);
    const partition = this.#partitions.get(key) ?? this.#newPartition(of);
    this.#partitions.set(key, partition);
    this.#partitionOf.set(of, partition);
    return partition;
  }

  /** By place of the rule: 1 for rules that are for where the events come from. Many rules share a log source. */
  #rulesFor(source: LogSource): Uint8Array {
    const known = new Map<RuleLogSource, 0 | 1>();
    return Uint8Array.from(this.#rules, (rule) => {
      const { logsource } = rule;
      let isFor = known.get(logsource);
      if (isFor === undefined) known.set(logsource, (isFor = this.#isFor(rule, source) ? 1 : 0));
      return isFor;
    });
  }

  #newPartition(of: Class): Partition {
    const wanted: number[] = [];
    this.#rulesFor(of.logSource).forEach((isFor, rule) => {
      if (isFor === 1) wanted.push(rule);
    });
    const read = (): RequirementReader =>
      new RequirementReader(this.#needs, (field) => this.#reachable(of.places(field)));
    return new Partition(this.#memory, this.#nodes, wanted, read, this.#rules.length, this.#sampleNow());
  }

  /** A place that has no node cannot be waited for. */
  #reachable(places: FieldPlaces | undefined): FieldPlaces | undefined {
    return places !== undefined && pathsOf(places).every((path) => this.#nodes.node(path) !== 0) ? places : undefined;
  }

  /** Has the kernel look for the witnesses of all options in the lines at hand. */
  #survey(partition: Partition, count: number): void {
    const { kernel } = this.#memory;
    const routes = new Set<number>();
    this.#router.routes.forEach(({ of }, i) => {
      if (of && this.#partitionOf.get(of) === partition) routes.add(i);
    });
    const out = this.#memory.take(MOST_SURVEYED_WITNESSES * 4);
    partition.survey((tables, seen) => {
      this.#settle();
      let lines = 0;
      for (let index = 0; index < count && lines < MOST_SURVEYED_LINES; index++) {
        const { words } = this.#memory;
        const start = this.#inputAt + (words[(this.#startsAt >> 2) + index] ?? 0);
        const end = this.#inputAt + (words[(this.#endsAt >> 2) + index] ?? 0);
        const count = kernel.readLine(start, end, this.#tokensAt, this.#tokensAt + TOKENS_BYTES);
        if (count < 0) continue;
        const tokens = kernel.lineTokens();
        const length = kernel.routeKey(tokens, count);
        if (length < 0 || !routes.has(kernel.findRoute(length))) continue;
        const found = kernel.findWitnesses(
          tokens,
          count,
          tables,
          kernel.lineFrom(),
          kernel.lineTo(),
          out,
          MOST_SURVEYED_WITNESSES,
        );
        seen(words.subarray(out >> 2), Math.min(found, MOST_SURVEYED_WITNESSES));
        lines++;
      }
      return lines;
    }, this.#sampleNow());
    this.#memory.release(out);
    for (const route of routes) this.#describe(route, partition);
  }

  /** Of the lines at hand. */
  #sampleNow(): StreamSample {
    const { bytes } = this.#memory;
    return (this.#sample ??= sampleOf(bytes.subarray(this.#inputAt, this.#inputAt + this.#inputUsed)));
  }
}

const NONE: readonly number[] = [];

function partitionKey(of: EventClass): string {
  return `${of.shape}\n${sourceKey(of.logSource)}`;
}

/** What a look at an event of this length is counted as. */
function looksFor(length: number): number {
  return 1 + Math.floor(length / EARLY_BYTES);
}
