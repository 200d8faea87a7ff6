// Measures one cell that was judged: how long JSON.parse and the product take, in turns.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { boundGarbage } from '../../src/cli/bound-garbage.ts';
import { compileKernelWell } from '../../src/cli/compile-kernel.ts';
import { loadLibrary } from '../../src/pipeline/load-library.ts';
import { readRuleTexts } from '../../src/pipeline/rule-texts.ts';
import { laneOf, streamOf } from '../cell.ts';
import type { Cell, CellOptions } from '../cell.ts';
import { fitting, rateOf, subject, takeTurns, timed, warmUp } from '../passes.ts';
import type { TimedCell } from '../result.ts';
import { rulePaths } from '../rule-sets.ts';
import { ParseEveryLine, Product, frame } from '../subjects.ts';
import type { Loaded } from '../subjects.ts';
import { answer } from './answer.ts';

/** Where the looks at how much fits in a pass begin. */
const LOOKS = { first: 2 * 1024 * 1024, looks: 6 };
const WARM_UP = 2;

answer(async (question) => {
  const { cell, options } = question as { readonly cell: Cell; readonly options: CellOptions };
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-bench-'));
  try {
    return await measure(cell, options, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function measure(cell: Cell, options: CellOptions, folder: string): Promise<TimedCell> {
  // As the command does.
  compileKernelWell(options.mib * 1024 * 1024);
  boundGarbage();
  const stream = streamOf(cell, options);
  const library = await loadLibrary(readRuleTexts(rulePaths(cell.rules)));
  // Without their log source the records could be taken for another shape, which would know where they come from.
  const loaded: Loaded = { library, shape: cell.routed ? null : laneOf(cell).shape };
  const whole = frame(stream.bytes);
  const part = await fitting(whole, stream.bytes, options.passSeconds, LOOKS, ({ bytes }) =>
    new Product(loaded, folder, bytes).run(1),
  );
  const product = new Product(loaded, folder, part.bytes);
  const matches = await product.run(1, 1, true);
  if (cell.rules === 'pack') mustRaise(matches, stream.hits, part.lines);
  const lines = new ParseEveryLine(whole, stream.events);
  const subjects = {
    parse: subject(stream.events, (times) => lines.run({ events: stream.events, times })),
    product: subject(part.events, (times) => product.run(times)),
  };
  const warm = await warmUp(() => timed(() => product.run(1)), options.warmSeconds);
  for (let round = -WARM_UP; round < options.rounds; round++) await takeTurns(Object.values(subjects), round < 0);
  return {
    cell,
    ruleCount: library.rules.length,
    events: stream.events,
    bytes: stream.bytes.length,
    processStarts: stream.processStarts,
    hits: stream.hits.length,
    matchedEvents: matches.length,
    matchedOf: part.events,
    warm,
    parse: rateOf(subjects.parse),
    product: rateOf(subjects.product),
  };
}

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
