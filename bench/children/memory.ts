// Resident memory of the command as it is installed, when it has its rules and has read something of each lane.
import { spawnSync } from 'node:child_process';

import { builtCommand, environmentWith, toldIn } from '../command.ts';
import type { Memory } from '../result.ts';
import { answer } from './answer.ts';

interface Question {
  readonly rules: readonly string[];
  readonly files: readonly string[];
  readonly cacheFolder: string;
}

answer((question): Promise<Memory & { readonly ruleCount: number }> => {
  const { rules, files, cacheFolder } = question as Question;
  const args = ['scan', ...files, '--threads', '1', '--stats=json', ...rules.flatMap((path) => ['--rules', path])];
  const { status, stderr } = spawnSync(process.execPath, [builtCommand(), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    env: environmentWith(cacheFolder),
  });
  if (status !== 0) throw new Error(`the command failed (status ${status}): ${stderr.slice(-500)}`);
  const told = toldIn(stderr);
  // It never had more than it has at the end but for garbage, so its peak is the figure that counts.
  return Promise.resolve({ ruleCount: told.rules, ready: told.peak_rss_bytes, peak: told.peak_rss_bytes });
});
