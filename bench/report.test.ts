import assert from 'node:assert/strict';
import { test } from 'node:test';

import { allCells, cellName, targetOf } from './cell.ts';
import type { Cell } from './cell.ts';
import { chart } from './chart.ts';
import { withResults } from './docs.ts';
import { allRows, cellRow, markdown, memoryRow, startRows } from './report.ts';
import type { CellResult, Results } from './result.ts';

const rate = { eventsPerSecond: 1_000_000, spread: 0.01, eventsPerPass: 1000 };

function resultOf(cell: Cell, ratio: number): CellResult {
  return {
    cell,
    ruleCount: 24,
    events: 1000,
    bytes: 1_000_000,
    processStarts: 300,
    hits: 5,
    matchedEvents: 5,
    matchedOf: 1000,
    warm: 12.3,
    compared: 2000,
    comparedMatches: 100,
    judged: 100,
    parse: rate,
    objects: rate,
    product: rate,
    ratio,
    objectRatio: 0.2,
  };
}

const ecs: Cell = { lane: 'ecs', repeating: true, rules: 'pack', routed: true };

test('a rate meets its target from below, memory and time from above', () => {
  assert.equal(cellRow(resultOf(ecs, 7.9)).met, 'no');
  assert.equal(cellRow(resultOf(ecs, 8)).met, 'least');
  assert.equal(cellRow(resultOf(ecs, 16)).met, 'aim');
  const cold = { ready: 0, peak: 0 };
  assert.equal(memoryRow({ ruleCount: 1, ready: 181e6, peak: 0, cold }).met, 'no');
  assert.equal(memoryRow({ ruleCount: 1, ready: 180e6, peak: 0, cold }).met, 'least');
  assert.equal(memoryRow({ ruleCount: 1, ready: 109e6, peak: 0, cold }).met, 'aim');
  const start = { ruleCount: 1, cold: 3, warm: 0.4, coldPeak: 0, warmPeak: 0 };
  assert.deepEqual(
    startRows(start).map(({ met }) => met),
    ['least', ''],
  );
});

test('each cell has a name of its own, and targets are where they should be', () => {
  const cells = allCells('sigmahq');
  assert.equal(new Set(cells.map(cellName)).size, cells.length);
  const targets = cells.filter((cell) => targetOf(cell) !== undefined);
  assert.equal(targets.length, 10 + 8 + 8);
  assert.deepEqual(targetOf({ lane: 'cisco', repeating: false, rules: 'sigmahq', routed: true }), {
    least: 0.4,
    aim: 0.7,
  });
  assert.equal(targetOf({ lane: 'cisco', repeating: true, rules: 'own', routed: true }), undefined);
});

const results: Results = {
  date: '2026-03-01T00:00:00.000Z',
  commit: null,
  machine: { cpu: 'A & B <1>', cores: 2, memoryGib: 8, system: 'linux 6.1', node: '24.15.0', v8: '13', load: 0 },
  seed: 's',
  rounds: 7,
  cells: allCells('sigmahq').map((cell, nth) => resultOf(cell, 0.001 * 2 ** (nth % 15))),
  threads: [{ cell: ecs, bytes: 1e9, whole: 1.5, steady: 1.8, processes: 1.9 }],
  memory: { ruleCount: 1, ready: 1e8, peak: 1e8, cold: { ready: 2e8, peak: 2e8 } },
  start: { ruleCount: 1, cold: 3, warm: 0.4, coldPeak: 1e8, warmPeak: 1e8 },
};

test('the table has a row for each figure', () => {
  const rows = markdown(results)
    .split('\n')
    .filter((line) => line.includes('**'));
  assert.equal(rows.length, results.cells.length + 4);
  assert.equal(allRows(results).length, rows.length);
});

test('a figure that misses by less than is printed does not look as if it did not', () => {
  const figures = [8, 7.97, 7.9].map((ratio) => cellRow(resultOf(ecs, ratio)).figure);
  assert.deepEqual(figures, ['×8.0', '×7.970', '×7.9']);
});

test('the chart has a bar for each cell, inside its frame, and escapes what it quotes', () => {
  const svg = chart(results);
  const bars = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"/g)];
  assert.equal(bars.length, results.cells.length + 2);
  const height = Number(/viewBox="0 0 760 (\d+)"/.exec(svg)?.[1]);
  for (const [, x, y, width] of bars) assert.ok(Number(x) + Number(width) <= 760 && Number(y) < height);
  assert.ok(svg.includes('A &amp; B &lt;1>'));
});

test('the page keeps what stands around the results', () => {
  const marks = ['<!-- results: written by npm run bench -- --docs -->', '<!-- end of results -->'];
  const page = `before ${marks[0]} old ${marks[1]} after`;
  const made = withResults(page, 'new');
  assert.equal(made, `before ${marks[0]}\n\nnew\n\n${marks[1]} after`);
  assert.equal(withResults(made, 'new'), made);
  assert.throws(() => withResults('no marks', 'new'), /lacks the marks/);
});
