import { Command, Option } from 'commander';

import { ruleFields } from '../../coverage/rule-fields.ts';
import { factField } from '../../facts/fact-fields.ts';
import { shapeByName, shapes } from '../../shapes/shapes.ts';
import { exitStatus } from '../exit-status.ts';
import { loadRules, table } from './load-rules.ts';

/** `portreeve rules fields`. */
export function fieldsCommand(): Command {
  return new Command('fields')
    .description('List the fields that rules ask for, and whether a shape can have them.')
    .argument('[path...]', 'rule files and folders (default: the pack kubernetes-network)')
    .addOption(
      new Option('--shape <name...>', 'say for these shapes whether an event of them can have the field').choices(
        shapes.map(({ name }) => name),
      ),
    )
    .option('--json', 'one JSON object a line')
    .addHelpText('after', '\nExamples:\n  $ portreeve rules fields sigma/rules/windows --shape crowdstrike sentinelone')
    .action(
      async (paths: readonly string[], options: { readonly shape?: readonly string[]; readonly json?: boolean }) => {
        const library = await loadRules(paths);
        if (library === undefined) {
          process.exitCode = exitStatus.failed;
          return;
        }
        const names = options.shape ?? [];
        const has = (name: string, field: string): boolean =>
          factField(field) !== undefined || shapeByName(name)?.field(field) !== undefined;
        const fields = [...ruleFields(library.rules)];
        if (options.json) {
          for (const [field, rules] of fields) {
            const inShapes = Object.fromEntries(names.map((name) => [name, has(name, field)]));
            process.stdout.write(`${JSON.stringify({ field, rules, shapes: inShapes })}\n`);
          }
          return;
        }
        const rows = fields.map(([field, count]) => [
          String(count),
          ...names.map((name) => (has(name, field) ? 'yes' : 'no')),
          field,
        ]);
        process.stdout.write(table([['RULES', ...names, 'FIELD'], ...rows]));
      },
    );
}
