// Wall time of a scan with one thread and with two, over an input and over twice as much.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { boundGarbage } from '../../src/cli/bound-garbage.ts';
import { compileKernelWell } from '../../src/cli/compile-kernel.ts';
import { loadLibrary } from '../../src/pipeline/load-library.ts';
import { readRuleTexts } from '../../src/pipeline/rule-texts.ts';
import { laneOf } from '../cell.ts';
import type { Cell, CellOptions } from '../cell.ts';
import { mustAgree } from '../judge.ts';
import { makeStream } from '../lanes/make-stream.ts';
import type { ThreadsResult } from '../result.ts';
import { rulePaths } from '../rule-sets.ts';
import { median } from '../statistics.ts';
import { Product } from '../subjects.ts';
import { answer } from './answer.ts';

/**
 * One thread, its code compiled, should take so many passes' time over the smaller input. Workers start with every scan, and
 * each has to compile what it runs, of which it sees half: that belongs to the smaller input, or cold code is compared with warm.
 */
const PASSES = 4;
/** Bytes in the smaller input, at most. */
const MOST_BYTES = 4 * 1024 ** 3;
/** Looks at how long one thread takes, at most; they end when the last one was hardly shorter. */
const MOST_LOOKS = 8;
const SETTLED = 0.9;
/** Passes in a look: a single one goes by too soon to compile much. */
const LOOK_PASSES = 4;

answer(async (question): Promise<ThreadsResult> => {
  const { cell, options } = question as { readonly cell: Cell; readonly options: CellOptions };
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-bench-'));
  // As the command does.
  compileKernelWell(Infinity);
  boundGarbage();
  try {
    const { bytes } = makeStream(laneOf(cell), {
      seed: options.seed,
      bytes: options.mib * 1024 * 1024,
      repeating: cell.repeating,
      hitShare: options.hitShare,
      withLogSource: cell.routed,
    });
    const library = await loadLibrary(readRuleTexts(rulePaths(cell.rules)));
    const product = new Product({ library, shape: null }, folder, bytes);
    mustAgree('two threads', await product.run(1, 1, true), await product.run(1, 2, true));

    const wall = async (times: number, threads: number): Promise<number> => {
      const began = performance.now();
      await product.run(times, threads);
      return (performance.now() - began) / 1000;
    };
    // Processor time: what else runs on the machine must not make the input too short for code to be compiled.
    const processor = async (): Promise<number> => {
      const before = process.cpuUsage();
      await product.run(LOOK_PASSES, 1);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1e6;
    };
    const once = (await settled(processor)) / LOOK_PASSES;
    const times = Math.max(
      1,
      Math.min(Math.ceil((PASSES * options.passSeconds) / once), Math.ceil(MOST_BYTES / bytes.length)),
    );
    const rows: (readonly [number, number, number, number])[] = [];
    for (let round = 0; round < options.rounds; round++)
      rows.push([await wall(times, 1), await wall(times, 2), await wall(2 * times, 1), await wall(2 * times, 2)]);
    const column = (at: 0 | 1 | 2 | 3): number => median(rows.map((row) => row[at]));
    return {
      cell,
      bytes: 2 * times * bytes.length,
      whole: column(2) / column(3),
      steady: (column(2) - column(0)) / (column(3) - column(1)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** What a figure comes down to when it is taken again and again. */
async function settled(look: () => Promise<number>): Promise<number> {
  let least = await look();
  for (let looks = 1; looks < MOST_LOOKS; looks++) {
    const now = await look();
    const isSettled = now > least * SETTLED;
    least = Math.min(least, now);
    if (isSettled) break;
  }
  return least;
}
