// Wall time of a scan with one thread and with two, over an input and over twice as much.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { RuleLibrary } from '../../src/pipeline/rule-library.ts';
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

/** One thread should take so many passes' time over the smaller input: the start of threads costs up to seconds. */
const PASSES = 4;
/** Bytes in the smaller input, at most. */
const MOST_BYTES = 2 * 1024 ** 3;

answer(async (question): Promise<ThreadsResult> => {
  const { cell, options } = question as { readonly cell: Cell; readonly options: CellOptions };
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-bench-'));
  try {
    const { bytes } = makeStream(laneOf(cell), {
      seed: options.seed,
      bytes: options.mib * 1024 * 1024,
      repeating: cell.repeating,
      hitShare: options.hitShare,
      withLogSource: cell.routed,
    });
    const texts = await readRuleTexts(rulePaths(cell.rules));
    const product = new Product({ texts, library: new RuleLibrary(texts), shape: null }, folder, bytes);
    mustAgree('two threads', await product.run(1, 1, true), await product.run(1, 2, true));

    const wall = async (times: number, threads: number): Promise<number> => {
      const began = performance.now();
      await product.run(times, threads);
      return (performance.now() - began) / 1000;
    };
    const once = await wall(1, 1);
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
