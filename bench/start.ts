import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { builtCommand, environmentWith, toldIn } from './command.ts';
import type { StartResult } from './result.ts';
import { median } from './statistics.ts';

/**
 * Starts the command on a small file, again and again, and waits for the first byte of output: each time with a cache
 * folder of its own, then with one that earlier runs have used.
 */
export async function measureStart(rules: readonly string[], file: string, rounds: number): Promise<StartResult> {
  const command = builtCommand();
  const caches = mkdtempSync(join(tmpdir(), 'portreeve-bench-cache-'));
  const args = [command, 'scan', file, '--stats=json', ...rules.flatMap((path) => ['--rules', path])];
  try {
    const cold: Run[] = [];
    const warm: Run[] = [];
    const kept = join(caches, 'kept');
    await start(args, kept);
    for (let round = 0; round < rounds; round++) {
      cold.push(await start(args, join(caches, String(round))));
      warm.push(await start(args, kept));
    }
    return {
      ruleCount: cold[0]?.ruleCount ?? 0,
      cold: median(cold.map(({ seconds }) => seconds)),
      warm: median(warm.map(({ seconds }) => seconds)),
      coldPeak: median(cold.map(({ peak }) => peak)),
      warmPeak: median(warm.map(({ peak }) => peak)),
    };
  } finally {
    rmSync(caches, { recursive: true, force: true });
  }
}

interface Run {
  readonly seconds: number;
  readonly peak: number;
  readonly ruleCount: number;
}

function start(args: readonly string[], cache: string): Promise<Run> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let seconds: number | undefined;
    let notes = '';
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environmentWith(cache),
    });
    child.stdout.on('data', () => (seconds ??= (performance.now() - began) / 1000));
    child.stderr.on('data', (chunk: Buffer) => (notes += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code !== 0 || seconds === undefined) {
        reject(new Error(`the command gave no alert (status ${code}): ${notes.slice(-500)}`));
        return;
      }
      const told = toldIn(notes);
      resolve({ seconds, peak: told.peak_rss_bytes, ruleCount: told.rules });
    });
  });
}
