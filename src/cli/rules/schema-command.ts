import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Command } from 'commander';

/** `portreeve rules schema`. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('Print the JSON schema of Sigma rules, for editors.')
    .addHelpText(
      'after',
      '\nExamples:\n  $ portreeve rules schema > sigma-rule.schema.json\n  # then, at the top of a rule: # yaml-language-server: $schema=sigma-rule.schema.json',
    )
    .action(async () => {
      // Beside `src` in a checkout, beside `dist` when installed.
      const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
      process.stdout.write(await readFile(join(root, 'schemas', 'sigma-rule.schema.json'), 'utf8'));
    });
}
