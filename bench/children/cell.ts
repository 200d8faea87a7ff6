// Measures one cell: first that all subjects say the same, then how long each takes, in turns.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Batch } from '../../src/frame/batch.ts';
import { loadLibrary } from '../../src/pipeline/load-library.ts';
import { readRuleTexts } from '../../src/pipeline/rule-texts.ts';
import { cellName, laneOf } from '../cell.ts';
import type { Cell, CellOptions } from '../cell.ts';
import { judgeSample, mustAgree } from '../judge.ts';
import { makeStream } from '../lanes/make-stream.ts';
import type { CellResult, Rate } from '../result.ts';
import { rulePaths } from '../rule-sets.ts';
import { median, spread } from '../statistics.ts';
import { ParseEveryLine, Product, frame, runObjectEngine } from '../subjects.ts';
import type { Loaded, Matches } from '../subjects.ts';
import { answer } from './answer.ts';

/** A pass shorter than this is repeated within the measurement: the system's accounting is coarse. */
const SHORTEST_SECONDS = 0.2;
/** Where the looks at how much fits in a pass begin. */
const LOOKS = {
  objects: { first: 64 * 1024, looks: 2 },
  product: { first: 2 * 1024 * 1024, looks: 6 },
};
const WARM_UP = 2;
/** Events that the plain matcher is asked about. It is slow, and slower where every rule is tried. */
const JUDGED = { routed: 300, unrouted: 60 };

/** Engines are compared on a stream with many hits besides: as long as so many passes of the object engine. */
const DENSE_PASSES = 2;
const DENSE_SHARE = 0.1;

interface Subject {
  readonly run: (times: number) => unknown;
  /** In one run of `times` 1. */
  readonly events: number;
  times: number;
  readonly rates: number[];
}

answer(async (question) => {
  const { cell, options } = question as { readonly cell: Cell; readonly options: CellOptions };
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-bench-'));
  try {
    return await measure(cell, options, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function measure(cell: Cell, options: CellOptions, folder: string): Promise<CellResult> {
  const lane = laneOf(cell);
  const stream = makeStream(lane, {
    seed: options.seed,
    bytes: options.mib * 1024 * 1024,
    repeating: cell.repeating,
    hitShare: options.hitShare,
    withLogSource: cell.routed,
  });
  const library = await loadLibrary(readRuleTexts(rulePaths(cell.rules)));
  // Without their log source the records could be taken for another shape, which would know where they come from.
  const loaded: Loaded = { library, shape: cell.routed ? null : lane.shape };

  const whole = frame(stream.bytes);
  const parse = new ParseEveryLine(whole, stream.events);
  const runObjects = (part: Prefix): unknown => runObjectEngine(loaded, part.batches, 1);
  const runProduct = (part: Prefix): unknown => new Product(loaded, folder, part.bytes).run(1);
  const forObjects = await fitting(whole, stream.bytes, options.passSeconds, LOOKS.objects, runObjects);
  const forProduct = await fitting(whole, stream.bytes, options.passSeconds, LOOKS.product, runProduct);
  const product = new Product(loaded, folder, forProduct.bytes);

  const agree = async (batches: readonly Batch[], bytes: Uint8Array): Promise<Matches> => {
    const said = runObjectEngine(loaded, batches, 1);
    mustAgree(cellName(cell), said, await new Product(loaded, folder, bytes).run(1, 1, true));
    return said;
  };
  await agree(forObjects.batches, forObjects.bytes);
  const dense = makeStream(lane, {
    seed: `${options.seed} dense`,
    bytes: forObjects.bytes.length * DENSE_PASSES,
    repeating: cell.repeating,
    hitShare: DENSE_SHARE,
    withLogSource: cell.routed,
  });
  const denseBatches = frame(dense.bytes);
  const said = await agree(denseBatches, dense.bytes);
  const judged = judgeSample(loaded, denseBatches, said, cell.routed ? JUDGED.routed : JUDGED.unrouted);
  const matches = await product.run(1, 1, true);
  if (cell.rules === 'pack') mustRaise(matches, stream.hits, forProduct.lines);

  const subject = (events: number, run: Subject['run']): Subject => ({ run, events, times: 1, rates: [] });
  const subjects = {
    parse: subject(stream.events, (times) => parse.run({ events: stream.events, times })),
    objects: subject(forObjects.events, (times) => runObjectEngine(loaded, forObjects.batches, times)),
    product: subject(forProduct.events, (times) => product.run(times)),
  };
  for (let warm = 0; warm < options.warmSeconds;) warm += await timed(() => product.run(1));
  for (let round = -WARM_UP; round < options.rounds; round++) {
    for (const one of Object.values(subjects)) {
      const took = await timed(() => one.run(one.times));
      if (round >= 0) one.rates.push((one.events * one.times) / took);
      else if (took < SHORTEST_SECONDS) one.times = Math.ceil((one.times * SHORTEST_SECONDS) / Math.max(took, 0.0005));
    }
  }
  const rate = ({ rates, events, times }: Subject): Rate => ({
    eventsPerSecond: median(rates),
    spread: spread(rates),
    eventsPerPass: events * times,
  });
  const { parse: yardstick } = subjects;
  return {
    cell,
    ruleCount: loaded.library.rules.length,
    events: stream.events,
    bytes: stream.bytes.length,
    processStarts: stream.processStarts,
    hits: stream.hits.length,
    compared: forObjects.events + dense.events,
    comparedMatches: said.length,
    matchedEvents: matches.length,
    matchedOf: forProduct.events,
    judged,
    parse: rate(yardstick),
    objects: rate(subjects.objects),
    product: rate(subjects.product),
    ratio: median(subjects.product.rates) / median(yardstick.rates),
    objectRatio: median(subjects.objects.rates) / median(yardstick.rates),
  };
}

/** User time of this process, every thread of it, in seconds. What was left by others is collected before. */
async function timed(work: () => unknown): Promise<number> {
  globalThis.gc?.();
  const before = process.cpuUsage();
  await work();
  return process.cpuUsage(before).user / 1e6;
}

/**
 * As much of a stream as one pass gets through in time. Looks begin at `first` bytes; there are as many as it takes for code
 * to be compiled and for the engine to know the stream, since what is cold fits little.
 */
async function fitting(
  whole: readonly Batch[],
  bytes: Buffer,
  passSeconds: number,
  { first, looks }: { readonly first: number; readonly looks: number },
  run: (part: Prefix) => unknown,
): Promise<Prefix> {
  let part = prefix(whole, bytes, first);
  for (let look = 0; look < looks; look++) {
    const took = await timed(() => run(part));
    const size = Math.floor((passSeconds / Math.max(took, 0.001)) * part.bytes.length);
    part = prefix(whole, bytes, Math.max(first, size));
  }
  return part;
}

interface Prefix {
  readonly batches: readonly Batch[];
  readonly bytes: Uint8Array;
  readonly events: number;
  /** Lines in it. */
  readonly lines: number;
}

/** The first events, some `size` bytes of them. */
function prefix(whole: readonly Batch[], bytes: Buffer, size: number): Prefix {
  if (size >= bytes.length) return { batches: whole, bytes, events: count(whole), lines: Infinity };
  let end = 0;
  let line = 1;
  for (const batch of whole) {
    for (let i = 0; i < batch.count && end < size; i++) {
      end = batch.offsets[i] ?? 0;
      line = batch.lines[i] ?? 0;
    }
  }
  const part = bytes.subarray(0, end);
  const batches = frame(part);
  return { batches, bytes: part, events: count(batches), lines: line - 1 };
}

const count = (batches: readonly Batch[]): number => batches.reduce((sum, batch) => sum + batch.count, 0);

/** The pack must find what was put in for it, and nothing else. */
function mustRaise(
  matches: readonly string[],
  hits: readonly { readonly line: number; readonly pack?: string }[],
  lines: number,
): void {
  const wanted = hits.filter(({ line, pack }) => pack !== undefined && line <= lines);
  const found = new Map(matches.map((match) => [Number(match.split(' ', 1)[0]), match]));
  for (const { line, pack } of wanted)
    if (!found.get(line)?.includes(` ${pack}`)) throw new Error(`line ${line} did not raise the rule ${pack}`);
  if (matches.length !== wanted.length)
    throw new Error(`${matches.length} events matched; ${wanted.length} were made to match`);
}
