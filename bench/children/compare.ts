// Judges one cell before anything in it is timed: the product says what the object engine says, and the plain matcher agrees.
// In a process of its own: what the judges keep in memory would be work for the product's garbage collector.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Batch } from '../../src/frame/batch.ts';
import { loadLibrary } from '../../src/pipeline/load-library.ts';
import { readRuleTexts } from '../../src/pipeline/rule-texts.ts';
import { cellName, laneOf, streamOf } from '../cell.ts';
import type { Cell, CellOptions } from '../cell.ts';
import { judgeSample, mustAgree } from '../judge.ts';
import { fitting, rateOf, subject, takeTurns } from '../passes.ts';
import type { Compared } from '../result.ts';
import { rulePaths } from '../rule-sets.ts';
import { Product, frame, runObjectEngine } from '../subjects.ts';
import type { Loaded, Matches } from '../subjects.ts';
import { answer } from './answer.ts';

/** Where the looks at how much fits in a pass begin. */
const LOOKS = { first: 64 * 1024, looks: 2 };
/** Events that the plain matcher is asked about. It is slow, and slower where every rule is tried. */
const JUDGED = { routed: 300, unrouted: 60 };
/** Engines are compared on a stream with many hits besides: as long as so many passes of the object engine. */
const DENSE_PASSES = 2;
const DENSE_SHARE = 0.1;

answer(async (question) => {
  const { cell, options } = question as { readonly cell: Cell; readonly options: CellOptions };
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-bench-'));
  try {
    return await compare(cell, options, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function compare(cell: Cell, options: CellOptions, folder: string): Promise<Compared> {
  const library = await loadLibrary(readRuleTexts(rulePaths(cell.rules)));
  // Without their log source the records could be taken for another shape, which would know where they come from.
  const loaded: Loaded = { library, shape: cell.routed ? null : laneOf(cell).shape };
  const stream = streamOf(cell, options);
  const part = await fitting(frame(stream.bytes), stream.bytes, options.passSeconds, LOOKS, ({ batches }) =>
    runObjectEngine(loaded, batches, 1),
  );
  const agree = async (batches: readonly Batch[], bytes: Uint8Array): Promise<Matches> => {
    const said = runObjectEngine(loaded, batches, 1);
    mustAgree(cellName(cell), said, await new Product(loaded, folder, bytes).run(1, 1, true));
    return said;
  };
  await agree(part.batches, part.bytes);
  const dense = streamOf(
    cell,
    { ...options, seed: `${options.seed} dense`, hitShare: DENSE_SHARE },
    part.bytes.length * DENSE_PASSES,
  );
  const denseBatches = frame(dense.bytes);
  const said = await agree(denseBatches, dense.bytes);
  const judged = judgeSample(loaded, denseBatches, said, cell.routed ? JUDGED.routed : JUDGED.unrouted);
  const objects = subject(part.events, (times) => runObjectEngine(loaded, part.batches, times));
  for (let round = -1; round < Math.min(options.rounds, 3); round++) await takeTurns([objects], round < 0);
  return { compared: part.events + dense.events, comparedMatches: said.length, judged, objects: rateOf(objects) };
}
