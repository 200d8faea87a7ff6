// `npm run bench`: measures the product beside JSON.parse and the object engine. docs/speed.md says what and how.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { ask } from './ask.ts';
import { allCells, laneNames } from './cell.ts';
import type { Cell, CellOptions } from './cell.ts';
import { writeDocs } from './docs.ts';
import { appendHistory } from './history.ts';
import { edrLanes, lanes, sigmaLanes } from './lanes/lanes.ts';
import { makeStream } from './lanes/make-stream.ts';
import { commit, machine } from './machine.ts';
import { adversarialRows, cellRow, headText, memoryRow, rowText, startRows, threadsRow } from './report.ts';
import type {
  AdversarialResult,
  CellResult,
  Compared,
  TimedCell,
  Memory,
  MemoryResult,
  Results,
  StartResult,
  ThreadsResult,
} from './result.ts';
import { bigRuleSet, rulePaths } from './rule-sets.ts';
import { measureStart } from './start.ts';

const HELP = `npm run bench -- [options]

  --part NAME     rates, threads, adversarial, memory or start; may be given several times (default: all)
  --lane NAME     only this lane; may be given several times: ${laneNames().join(', ')}
  --rules SET     only the shipped pack (pack) or the large set (sigmahq: where it is missing, bench/rules)
  --form NAME     only repeating or only unique values
  --routing YES   only with (yes) or without (no) the log source in the records
  --mib N         size of each stream (default 32)
  --rounds N      measured rounds (default 7)
  --seconds N     user time of one pass, at most (default 1)
  --warm N        user time that the product runs before it is measured, at most: until it gets no faster (default 60)
  --hits SHARE    share of events made to match (default 0.005)
  --seed TEXT     of the streams (default portreeve)
  --quick         3 rounds over 4 MiB
  --json FILE     write the results
  --docs          write docs/speed.md and docs/speed.svg, and a line of bench/history.ndjson
  --from FILE     measure nothing: take the results of an earlier --json`;

const { values: given } = parseArgs({
  options: {
    part: { type: 'string', multiple: true },
    lane: { type: 'string', multiple: true },
    rules: { type: 'string' },
    form: { type: 'string' },
    routing: { type: 'string' },
    mib: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    warm: { type: 'string' },
    hits: { type: 'string' },
    seed: { type: 'string', default: 'portreeve' },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    docs: { type: 'boolean', default: false },
    from: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (given.help) console.log(HELP);
else if (given.from !== undefined) finish(JSON.parse(readFileSync(given.from, 'utf8')) as Results);
else await measureAll();

async function measureAll(): Promise<void> {
  const options: CellOptions = {
    seed: given.seed,
    mib: number('mib', given.quick ? 4 : 32),
    rounds: number('rounds', given.quick ? 3 : 7),
    passSeconds: number('seconds', given.quick ? 0.4 : 1),
    warmSeconds: number('warm', given.quick ? 1 : 60),
    hitShare: number('hits', 0.005),
  };
  const big = bigRuleSet();
  const wanted = (part: string): boolean => given.part === undefined || given.part.includes(part);
  const cells = allCells(big).filter(isWanted);
  if (cells.length === 0) throw new Error(`nothing to measure\n\n${HELP}`);
  let results: Results = {
    date: new Date().toISOString(),
    commit: commit(),
    machine: machine(),
    seed: options.seed,
    rounds: options.rounds,
    cells: [],
    threads: [],
    memory: null,
    start: null,
  };
  console.log(`${headText(results)}\n`);
  if (wanted('rates')) {
    for (const cell of cells) {
      const compared = await ask<Compared>('compare', { cell, options });
      const measured = await ask<TimedCell>('cell', { cell, options });
      const { eventsPerSecond: parsed } = measured.parse;
      const result: CellResult = {
        ...measured,
        ...compared,
        ratio: measured.product.eventsPerSecond / parsed,
        objectRatio: compared.objects.eventsPerSecond / parsed,
      };
      results = { ...results, cells: [...results.cells, result] };
      save(results);
      console.log(rowText(cellRow(result)));
    }
  }
  if (wanted('threads')) {
    const two: readonly Cell[] = [
      { lane: 'ecs', repeating: true, rules: 'pack', routed: true },
      { lane: 'windows-structured', repeating: true, rules: big, routed: true },
    ];
    for (const cell of two.filter(isWanted)) {
      const result = await ask<ThreadsResult>('threads', { cell, options });
      results = { ...results, threads: [...results.threads, result] };
      save(results);
      console.log(rowText(threadsRow(result)));
    }
  }
  if (wanted('adversarial')) {
    const { seed, rounds, passSeconds } = options;
    const adversarial = await ask<AdversarialResult>('adversarial', { rules: big, seed, rounds, passSeconds });
    results = { ...results, adversarial };
    save(results);
    adversarialRows(adversarial).forEach((row) => console.log(rowText(row)));
  }
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-bench-'));
  try {
    const rules = rulePaths(big);
    if (wanted('memory')) {
      const files = smallFiles(folder, options);
      const question = { rules, files, cacheFolder: folder };
      const cold = await ask<Memory>('memory', question);
      // The first has filled the cache.
      const warm = await ask<Omit<MemoryResult, 'cold'>>('memory', question);
      results = { ...results, memory: { ...warm, cold: { ready: cold.ready, peak: cold.peak } } };
      save(results);
      if (results.memory) console.log(rowText(memoryRow(results.memory)));
    }
    if (wanted('start')) {
      const start: StartResult = await measureStart(rules, hitFile(folder, options), options.rounds);
      results = { ...results, start };
      startRows(start).forEach((row) => console.log(rowText(row)));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  finish(results);
}

/** After each figure, so that a run that is stopped leaves what it has. */
function save(results: Results): void {
  if (given.json !== undefined) writeFileSync(given.json, `${JSON.stringify(results, null, 1)}\n`);
}

function finish(results: Results): void {
  if (given.from === undefined) save(results);
  if (!given.docs) return;
  writeDocs(results);
  appendHistory(results);
}

function isWanted({ lane, rules, repeating, routed }: Cell): boolean {
  return (
    (given.lane === undefined || given.lane.includes(lane)) &&
    (given.rules === undefined || (given.rules === 'pack') === (rules === 'pack')) &&
    (given.form === undefined || (given.form === 'repeating') === repeating) &&
    (given.routing === undefined || (given.routing === 'yes') === routed)
  );
}

function number(name: 'mib' | 'rounds' | 'seconds' | 'warm' | 'hits', otherwise: number): number {
  const text = given[name];
  const value = Number(text ?? otherwise);
  if (!(value > 0)) throw new Error(`--${name}: expected a number above 0, found ${String(text)}`);
  return value;
}

/** A file for each lane: enough to need every rule of its log sources, and for witnesses to be chosen by what it holds. */
function smallFiles(folder: string, { seed }: CellOptions): readonly string[] {
  return lanes.map((lane) => {
    const path = join(folder, `${lane.name}.ndjson`);
    const { bytes } = makeStream(lane, {
      seed,
      bytes: 1024 * 1024,
      repeating: false,
      hitShare: 0.01,
      withLogSource: true,
    });
    writeFileSync(path, bytes);
    return path;
  });
}

/** Events of every JSON lane, some of which raise an alert. */
function hitFile(folder: string, { seed }: CellOptions): string {
  const path = join(folder, 'small.ndjson');
  const parts = [...sigmaLanes, ...edrLanes].map(
    (lane) => makeStream(lane, { seed, bytes: 4 * 1024, repeating: false, hitShare: 0.5, withLogSource: true }).bytes,
  );
  writeFileSync(path, Buffer.concat(parts));
  return path;
}
