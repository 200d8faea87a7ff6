import { Command } from 'commander';

import { checkCommand } from './rules/check-command.ts';
import { coverageCommand } from './rules/coverage-command.ts';
import { explainCommand } from './rules/explain-command.ts';
import { fieldsCommand } from './rules/fields-command.ts';
import { listCommand } from './rules/list-command.ts';
import { schemaCommand } from './rules/schema-command.ts';
import { testCommand } from './rules/test-command.ts';

/** `portreeve rules …`. */
export function rulesCommand(): Command {
  const rules = new Command('rules').description('Work with Sigma rules.');
  for (const command of [
    checkCommand(),
    testCommand(),
    listCommand(),
    explainCommand(),
    fieldsCommand(),
    coverageCommand(),
    schemaCommand(),
  ])
    rules.addCommand(command);
  return rules;
}
