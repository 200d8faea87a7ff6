// What hostile streams cost for each byte, beside the lane that they are made of, and the memory that is left taken.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { boundGarbage } from '../../src/cli/bound-garbage.ts';
import { evaluatorFor } from '../../src/pipeline/executor.ts';
import type { Evaluator } from '../../src/pipeline/evaluator.ts';
import { loadLibrary } from '../../src/pipeline/load-library.ts';
import { readRuleTexts } from '../../src/pipeline/rule-texts.ts';
import type { Batch } from '../../src/frame/batch.ts';
import { mustAgree } from '../judge.ts';
import { attacks, attackStream, textsOf } from '../lanes/adversarial.ts';
import { makeStream } from '../lanes/make-stream.ts';
import { windowsStructured } from '../lanes/windows-structured.ts';
import type { AdversarialResult, AttackResult } from '../result.ts';
import { rulePaths } from '../rule-sets.ts';
import type { RuleSetName } from '../rule-sets.ts';
import { median } from '../statistics.ts';
import { frame, LOOK_BACK_BYTES, Product, runObjectEngine } from '../subjects.ts';
import type { Loaded } from '../subjects.ts';
import { answer } from './answer.ts';

interface Question {
  readonly rules: RuleSetName;
  readonly seed: string;
  readonly rounds: number;
  readonly passSeconds: number;
}

/** Of each stream; those of long lines end with the line that passes it. */
const BYTES = 1024 * 1024;
/** Of it, so much is compared with the object engine, which is slow. */
const COMPARED_BYTES = 24 * 1024;
/** Seconds of each before it is timed, as a multiple of those of a round: rare code is compiled late. */
const WARM = 4;
/** User time of a stream, in seconds, after which no more rounds of it begin; one there always is. */
const MOST_SECONDS = 5;

/** User time for each byte, in µs. */
interface Cost {
  /** The whole product, with the alerts. */
  readonly whole: number;
  /** Up to the rules that matched and their evidence: no alert is made or written. */
  readonly engine: number;
}

/** A stream, and what is timed of it. */
class Subject {
  readonly #bytes: Uint8Array;
  readonly #batches: readonly Batch[];
  readonly #product: Product;
  readonly #evaluator: Evaluator;

  constructor(loaded: Loaded, folder: string, bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#batches = frame(bytes);
    this.#product = new Product(loaded, folder, bytes);
    this.#evaluator = evaluatorFor({ ...loaded, lookBackBytes: LOOK_BACK_BYTES });
  }

  get lines(): number {
    return this.#batches.reduce((sum, { count }) => sum + count, 0);
  }

  /** Each at least once, and for so many seconds of user time. */
  async cost(seconds: number): Promise<Cost> {
    return {
      engine: await this.#timed(seconds, () => {
        for (const batch of this.#batches) this.#evaluator.evaluate('', batch);
      }),
      whole: await this.#timed(seconds, () => this.#product.run(1)),
    };
  }

  async #timed(seconds: number, work: () => unknown): Promise<number> {
    globalThis.gc?.();
    const began = process.cpuUsage();
    let times = 0;
    let took = 0;
    do {
      await work();
      times++;
      took = process.cpuUsage(began).user / 1e6;
    } while (took < seconds);
    return (took * 1e6) / (times * this.#bytes.length);
  }
}

answer(async (question): Promise<AdversarialResult> => {
  const { rules, seed, rounds, passSeconds } = question as Question;
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-bench-'));
  try {
    const library = await loadLibrary(readRuleTexts(rulePaths(rules)));
    // As the command runs: what is left lying is counted here.
    boundGarbage();
    const loaded: Loaded = { library, shape: null };
    const texts = textsOf(library.rules);
    const ordinary = makeStream(windowsStructured, {
      seed,
      bytes: BYTES,
      repeating: false,
      hitShare: 0.005,
      withLogSource: true,
    });
    const streams = attacks.map((attack) => attackStream(attack, windowsStructured, texts, seed, BYTES));
    const memory = await memoryOf(loaded, folder, ordinary.bytes, streams, passSeconds * WARM);
    const normal = new Subject(loaded, folder, ordinary.bytes);
    await normal.cost(passSeconds * WARM);
    const attacked: Attacked[] = [];
    for (const [i, { name }] of attacks.entries()) {
      const bytes = streams[i] ?? new Uint8Array();
      const part = bytes.subarray(0, bytes.lastIndexOf(10, COMPARED_BYTES) + 1);
      if (part.length > 0)
        mustAgree(
          name,
          runObjectEngine(loaded, frame(part), 1),
          await new Product(loaded, folder, part).run(1, 1, true),
        );
      const matched = (await new Product(loaded, folder, bytes).run(1, 1, true)).length;
      const subject = new Subject(loaded, folder, bytes);
      await subject.cost(passSeconds * WARM);
      console.error(`  ${name}: both engines agree, ${matched} of ${subject.lines} lines matched`);
      attacked.push({ name, matched, resident: memory.each[i] ?? NaN, subject, taken: [], seconds: 0 });
    }
    const base = await inTurns(normal, attacked, rounds, passSeconds / 4);
    return {
      rules,
      grown: memory.after - memory.before,
      ready: memory.after,
      attacks: attacked.map(({ name, matched, resident, subject: { lines }, taken }) => {
        const ratio = median(taken.map(({ whole }) => whole)) / base.whole;
        const engine = median(taken.map(({ engine }) => engine)) / base.engine;
        return { name, lines, matched, resident, ratio, engine };
      }),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** An attack, and what was measured of it. */
interface Attacked extends Omit<AttackResult, 'lines' | 'ratio' | 'engine'> {
  readonly subject: Subject;
  readonly taken: Cost[];
  /** User time that its rounds have taken. */
  seconds: number;
}

/**
 * Rounds of all attacks in turns, the ordinary stream before each: all code is warm by then. Gives what the ordinary stream costs: the
 * lower of the medians of rounds before any attack and of those between them, since what a hostile stream leaves behind is no excuse
 * for the next.
 */
async function inTurns(normal: Subject, attacked: readonly Attacked[], rounds: number, seconds: number): Promise<Cost> {
  const before: Cost[] = [];
  for (let round = 0; round < rounds; round++) before.push(await normal.cost(seconds));
  const between: Cost[] = [];
  for (let round = 0; round < rounds; round++) {
    console.error(`  round ${round + 1} of ${rounds}`);
    for (const one of attacked) {
      if (one.seconds >= MOST_SECONDS) continue;
      const began = process.cpuUsage();
      between.push(await normal.cost(seconds));
      one.taken.push(await one.subject.cost(seconds));
      one.seconds += process.cpuUsage(began).user / 1e6;
    }
  }
  const least = (of: keyof Cost): number =>
    Math.min(...[before, between].map((costs) => median(costs.map((cost) => cost[of]))));
  return { whole: least('whole'), engine: least('engine') };
}

interface Memory {
  /** Bytes resident when ordinary events were scanned, after each hostile stream, and in the end. */
  readonly before: number;
  readonly each: readonly number[];
  readonly after: number;
}

/** Of the product by itself, scan after scan, garbage and all: what is timed later would be counted too. */
async function memoryOf(
  loaded: Loaded,
  folder: string,
  ordinary: Uint8Array,
  streams: readonly Uint8Array[],
  seconds: number,
): Promise<Memory> {
  const afterScans = async (bytes: Uint8Array): Promise<number> => {
    const product = new Product(loaded, folder, bytes);
    const began = process.cpuUsage();
    do await product.run(1);
    while (process.cpuUsage(began).user / 1e6 < seconds);
    return process.memoryUsage.rss();
  };
  const before = await afterScans(ordinary);
  const each: number[] = [];
  for (const bytes of streams) each.push(await afterScans(bytes));
  return { before, each, after: await afterScans(ordinary) };
}
