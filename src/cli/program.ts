import { Command } from 'commander';

import { kubectlCommand } from './kubectl-command.ts';
import { rulesCommand } from './rules-command.ts';
import { scanCommand } from './scan-command.ts';
import { version } from './version.ts';

/** The command line. Errors are thrown as `CommanderError`, after commander has said what is wrong. */
export function program(): Command {
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
  for (const command of [scanCommand(), rulesCommand(), kubectlCommand()]) {
    root.addCommand(command.copyInheritedSettings(root));
    for (const inner of command.commands) inner.copyInheritedSettings(command);
  }
  return root;
}
