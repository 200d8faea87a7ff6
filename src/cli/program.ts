import { Command } from 'commander';

import { version } from './version.ts';

/** Every command, in the order of the help; imported when it is needed, since all of them together take long to load. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  scan: async () => (await import('./scan-command.ts')).scanCommand(),
  rules: async () => (await import('./rules-command.ts')).rulesCommand(),
  kubectl: async () => (await import('./kubectl-command.ts')).kubectlCommand(),
};

/**
 * The command line for these words: with the command they begin with, or else with all of them, for the help. Errors are
 * thrown as `CommanderError`, after commander has said what is wrong.
 */
export async function program(words: readonly string[]): Promise<Command> {
  const root = new Command('portreeve')
    .description('Finds who opens ports into Kubernetes clusters, in the events of the EDRs you have.')
    .version(version())
    .showHelpAfterError('(portreeve --help shows what there is)')
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  $ portreeve scan events.ndjson.gz
  $ portreeve scan /var/log/audit/audit.log --fail-on medium
  $ portreeve kubectl explain -- kubectl port-forward --address 0.0.0.0 svc/db 5432`,
    );
  const [first = ''] = words;
  const needed = Object.hasOwn(commands, first) ? [commands[first]] : Object.values(commands);
  for (const load of needed) {
    const command = await load?.();
    if (command === undefined) continue;
    root.addCommand(command.copyInheritedSettings(root));
    for (const inner of command.commands) inner.copyInheritedSettings(command);
  }
  return root;
}
