import { exitStatus } from './exit-status.ts';

/**
 * Waits for the command. Should the process run out of things to do before the command is done, which is a mistake of ours, it
 * says so and fails: whoever reads the results must not take them for whole.
 */
export async function mustFinish(command: Promise<void>): Promise<void> {
  const unfinished = (): void => {
    process.stderr.write(
      'portreeve: error not-finished: the command stopped before its end; results are not complete\n',
    );
    process.exitCode = exitStatus.failed;
  };
  process.once('beforeExit', unfinished);
  await command.finally(() => process.off('beforeExit', unfinished));
}
