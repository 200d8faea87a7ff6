import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** The command as it is installed: JavaScript, made here of the sources as they are. */
export function builtCommand(): string {
  const built = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-b'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (built.status !== 0) throw new Error('the command could not be built');
  return join(ROOT, 'dist', 'cli', 'main.js');
}

/** The environment of a command whose rule cache lies in the folder. */
export function environmentWith(cacheFolder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_COMPILE_CACHE: undefined,
    PORTREEVE_CACHE: undefined,
    PORTREEVE_CACHE_DIR: cacheFolder,
  };
}

/** What the bench reads of the last line that `scan --stats=json` writes. */
export interface Told {
  readonly alerts: number;
  readonly records: number;
  readonly rules: number;
  readonly peak_rss_bytes: number;
}

/** Of what the command wrote to standard error. */
export function toldIn(notes: string): Told {
  return JSON.parse(notes.trimEnd().split('\n').at(-1) ?? '{}') as Told;
}
