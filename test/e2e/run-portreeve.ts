import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const root = join(import.meta.dirname, '..', '..');
const main = join(root, 'src', 'cli', 'main.ts');
/** Not the user's own. */
const PORTREEVE_CACHE_DIR = join(root, 'node_modules', '.cache', 'portreeve');

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command from source, as a user would, and waits for it. */
export function portreeve(
  args: readonly string[],
  input: string | Uint8Array = '',
  env: Readonly<Record<string, string>> = {},
): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    input,
    env: { ...process.env, PORTREEVE_CACHE_DIR, ...env },
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    timeout: 120_000,
  });
  return { status, stdout, stderr };
}

/** Starts it, for who writes to it and reads from it while it runs; what it says on standard error is shown. */
export function startPortreeve(args: readonly string[]): ChildProcessByStdio<Writable, Readable, null> {
  return spawn(process.execPath, [main, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, PORTREEVE_CACHE_DIR },
  });
}

/** Starts it with what comes over a connection as its standard input. */
export function startPortreeveOn(
  input: Socket,
  args: readonly string[],
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [main, ...args], {
    stdio: [input, 'pipe', 'pipe'],
    env: { ...process.env, PORTREEVE_CACHE_DIR },
  });
}

/** The objects of NDJSON output. */
export function lines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const value: unknown = JSON.parse(line);
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new TypeError(`not an object: ${line}`);
      return Object.fromEntries(Object.entries(value));
    });
}

/** What stands at a path inside a parsed value, or `undefined`. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found: unknown = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = Object.entries(found).find(([name]) => name === String(key))?.[1];
  }
  return found;
}
