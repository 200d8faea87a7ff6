// Wall time of the command with one thread and with two, over an input and over twice as much; and of two commands side by side.
import { spawn } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { laneOf } from '../cell.ts';
import type { Cell, CellOptions } from '../cell.ts';
import { builtCommand, environmentWith, toldIn } from '../command.ts';
import { makeStream } from '../lanes/make-stream.ts';
import type { ThreadsResult } from '../result.ts';
import { rulePaths } from '../rule-sets.ts';
import { median } from '../statistics.ts';
import { answer } from './answer.ts';

/**
 * One thread should take so many passes' time over the smaller input. Each thread, and each command, compiles for itself what it
 * runs, of which it sees half where there are two: that belongs to the smaller input.
 */
const PASSES = 12;
/** Bytes in the smaller input, at most. */
const MOST_BYTES = 4 * 1024 ** 3;
/** Inputs that are looked at to find out how long one takes. */
const FIRST = 4;
/** A round takes a minute. */
const MOST_ROUNDS = 3;

interface Run {
  readonly seconds: number;
  readonly alerts: number;
  readonly records: number;
}

answer(async (question): Promise<ThreadsResult> => {
  const { cell, options } = question as { readonly cell: Cell; readonly options: CellOptions };
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-bench-'));
  const command = builtCommand();
  const rules = rulePaths(cell.rules).flatMap((path) => ['--rules', path]);
  const scan = (input: string, threads: number): Promise<Run> =>
    run([command, 'scan', input, ...rules, '--threads', String(threads), '--stats=json'], join(folder, 'cache'));
  try {
    const { bytes } = makeStream(laneOf(cell), {
      seed: options.seed,
      bytes: options.mib * 1024 * 1024,
      repeating: cell.repeating,
      hitShare: options.hitShare,
      withLogSource: cell.routed,
    });
    const file = join(folder, 'lane.ndjson');
    writeFileSync(file, bytes);
    await scan(file, 1);
    const few = await scan(file, 1);
    const more = await scan(inputOf(folder, file, 1 + FIRST), 1);
    const once = Math.max(1e-3, (more.seconds - few.seconds) / FIRST);
    const times = Math.max(
      1,
      Math.min(Math.ceil((PASSES * options.passSeconds) / once), Math.ceil(MOST_BYTES / bytes.length)),
    );
    const input = inputOf(folder, file, times);
    const twice = inputOf(folder, file, 2 * times);
    const rows: Seconds[] = [];
    for (let round = 0; round < Math.min(MOST_ROUNDS, options.rounds); round++) {
      const ones = [await scan(input, 1), await scan(twice, 1)] as const;
      const twos = [await scan(input, 2), await scan(twice, 2)] as const;
      mustBeSame(ones[0], twos[0]);
      mustBeSame(ones[1], twos[1]);
      const began = performance.now();
      await Promise.all([scan(input, 1), scan(input, 1)]);
      const sideBySide = (performance.now() - began) / 1000;
      const [one, oneTwice, two, twoTwice] = [...ones, ...twos].map(({ seconds }) => seconds);
      rows.push({ one, oneTwice, two, twoTwice, sideBySide });
    }
    // Of differences a median of quotients could be anything.
    const column = (of: keyof Seconds): number => median(rows.map((row) => row[of] ?? NaN));
    return {
      cell,
      bytes: 2 * times * bytes.length,
      whole: column('oneTwice') / column('twoTwice'),
      steady: (column('oneTwice') - column('one')) / (column('twoTwice') - column('two')),
      processes: column('oneTwice') / column('sideBySide'),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** With one thread and two, over the input and twice as much; two commands with one thread each. */
type Seconds = Readonly<Record<'one' | 'oneTwice' | 'two' | 'twoTwice' | 'sideBySide', number | undefined>>;

/** A folder in which the file stands so many times, and takes no more room for that. */
function inputOf(folder: string, file: string, times: number): string {
  const input = join(folder, `times-${times}`);
  mkdirSync(input, { recursive: true });
  for (let nth = 0; nth < times; nth++) linkSync(file, join(input, `${String(nth).padStart(5, '0')}.ndjson`));
  return input;
}

function mustBeSame(one: Run, two: Run): void {
  if (one.alerts !== two.alerts || one.records !== two.records || one.alerts === 0)
    throw new Error(
      `one thread: ${one.alerts} alerts on ${one.records} records; two: ${two.alerts} on ${two.records}; expected the same, and some`,
    );
}

function run(args: readonly string[], cache: string): Promise<Run> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let notes = '';
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: environmentWith(cache),
    });
    child.stderr.on('data', (chunk: Buffer) => (notes += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      const seconds = (performance.now() - began) / 1000;
      if (code !== 0) {
        reject(new Error(`the command failed (status ${code}): ${notes.slice(-500)}`));
        return;
      }
      const { alerts, records } = toldIn(notes);
      resolve({ seconds, alerts, records });
    });
  });
}
