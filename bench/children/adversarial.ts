// What hostile streams cost for each byte, beside the lane that they are made of, and the memory that is left taken.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadLibrary } from '../../src/pipeline/load-library.ts';
import { readRuleTexts } from '../../src/pipeline/rule-texts.ts';
import { mustAgree } from '../judge.ts';
import { attacks, attackStream, textsOf } from '../lanes/adversarial.ts';
import { makeStream } from '../lanes/make-stream.ts';
import { windowsStructured } from '../lanes/windows-structured.ts';
import type { AdversarialResult } from '../result.ts';
import { rulePaths } from '../rule-sets.ts';
import type { RuleSetName } from '../rule-sets.ts';
import { median } from '../statistics.ts';
import { frame, Product, runObjectEngine } from '../subjects.ts';
import type { Loaded } from '../subjects.ts';
import { answer } from './answer.ts';

interface Question {
  readonly rules: RuleSetName;
  readonly seed: string;
  readonly rounds: number;
  readonly passSeconds: number;
}

/** Of each stream. */
const BYTES = 3 * 1024 * 1024;
/** Of it, so much is compared with the object engine, which is slow. */
const COMPARED_BYTES = 24 * 1024;

answer(async (question): Promise<AdversarialResult> => {
  const { rules, seed, rounds, passSeconds } = question as Question;
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-bench-'));
  try {
    const library = await loadLibrary(readRuleTexts(rulePaths(rules)));
    const loaded: Loaded = { library, shape: null };
    const texts = textsOf(library.rules);
    const normal = makeStream(windowsStructured, {
      seed,
      bytes: BYTES,
      repeating: false,
      hitShare: 0.005,
      withLogSource: true,
    });
    const streams = [
      { name: 'normal', bytes: normal.bytes },
      ...attacks.map((attack) => ({
        name: attack.name,
        bytes: attackStream(attack, windowsStructured, texts, seed, BYTES),
      })),
    ];
    const measured = [];
    for (const { name, bytes } of streams) {
      const part = bytes.subarray(0, bytes.lastIndexOf(10, COMPARED_BYTES) + 1);
      if (part.length > 0)
        mustAgree(
          name,
          runObjectEngine(loaded, frame(part), 1),
          await new Product(loaded, folder, part).run(1, 1, true),
        );
      const product = new Product(loaded, folder, bytes);
      const matched = (await product.run(1, 1, true)).length;
      measured.push({
        name,
        bytes,
        product,
        matched,
        lines: bytes.reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 0),
      });
    }
    globalThis.gc?.();
    const before = process.memoryUsage.rss();
    const costs = new Map<string, number[]>();
    for (let round = -1; round < rounds; round++) {
      for (const { name, bytes, product } of measured) {
        globalThis.gc?.();
        const began = process.cpuUsage();
        let times = 0;
        let took = 0;
        while (took < passSeconds / 4) {
          await product.run(1);
          times++;
          took = process.cpuUsage(began).user / 1e6;
        }
        if (round >= 0) costs.set(name, [...(costs.get(name) ?? []), took / (times * bytes.length)]);
      }
    }
    globalThis.gc?.();
    const after = process.memoryUsage.rss();
    const cost = (name: string): number => median(costs.get(name) ?? []);
    return {
      rules,
      grown: after - before,
      ready: after,
      attacks: measured.slice(1).map(({ name, matched, lines }) => ({
        name,
        lines,
        matched,
        ratio: cost(name) / cost('normal'),
      })),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
