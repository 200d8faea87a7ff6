import { CommanderError } from 'commander';

import { printable } from '../base/print-diagnostic.ts';
import { exitStatus } from './exit-status.ts';
import { mustFinish } from './must-finish.ts';
import { program } from './program.ts';

/** Runs the command that the arguments name, and sets the exit status. */
export async function run(): Promise<void> {
  // A reader that has seen enough (`| head`) is no failure; what it was told of may have set the status.
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(process.exitCode ?? exitStatus.ran);
    process.stderr.write(`portreeve: error output-unwritable: results could not be written: ${printable(message)}\n`);
    process.exit(exitStatus.failed);
  });
  try {
    const root = await program(process.argv.slice(2));
    await mustFinish(root.parseAsync(withPlainStats(process.argv)).then(() => undefined));
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitStatus.ran : exitStatus.failed;
    } else {
      process.stderr.write(`portreeve: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exitCode = exitStatus.failed;
    }
  }
}

/** `--stats` alone must not take the path behind it for its form. */
function withPlainStats(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.map((word, i) => (word === '--stats' && (end === -1 || i < end) ? '--stats=text' : word));
}
