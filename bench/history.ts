import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

import { cellName } from './cell.ts';
import type { Results } from './result.ts';

/** One line for each run: figures of one machine can be compared over time. */
export function appendHistory({
  date,
  commit,
  machine,
  rounds,
  cells,
  threads,
  adversarial,
  memory,
  start,
}: Results): void {
  const line = {
    date,
    commit,
    machine: `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`,
    load: machine.load,
    rounds,
    ratios: Object.fromEntries(cells.map(({ cell, ratio }) => [cellName(cell), rounded(ratio)])),
    ...(threads.length === 0
      ? {}
      : { threads: Object.fromEntries(threads.map(({ cell, steady }) => [cellName(cell), rounded(steady)])) }),
    ...(adversarial
      ? { adversarial: Object.fromEntries(adversarial.attacks.map(({ name, ratio }) => [name, rounded(ratio)])) }
      : {}),
    ...(memory === null ? {} : { memory_ready_mb: Math.round(memory.ready / 1e6) }),
    ...(start === null ? {} : { start_cold_s: rounded(start.cold), start_warm_s: rounded(start.warm) }),
  };
  appendFileSync(join(import.meta.dirname, 'history.ndjson'), `${JSON.stringify(line)}\n`);
}

const rounded = (value: number): number => Number(value.toPrecision(3));
