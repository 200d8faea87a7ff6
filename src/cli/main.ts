#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

import { CommanderError } from 'commander';

import { exitStatus } from './exit-status.ts';
import { program } from './program.ts';

// Events live for a moment: a young generation that grows, and a heap that may double before it is looked through, only
// let more garbage lie (docs/decisions/2026-11-24-threads-and-memory.md).
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--heap-growing-percent=50');

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitStatus.ran);
  throw error;
});

try {
  await program().parseAsync(withPlainStats(process.argv));
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitStatus.ran : exitStatus.failed;
  } else {
    process.stderr.write(`portreeve: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = exitStatus.failed;
  }
}

/** `--stats` alone must not take the path behind it for its form. */
function withPlainStats(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.map((word, i) => (word === '--stats' && (end === -1 || i < end) ? '--stats=text' : word));
}
