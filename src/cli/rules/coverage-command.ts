import { Command, Option } from 'commander';

import { attackCoverage, navigatorLayer } from '../../coverage/attack-coverage.ts';
import { exitStatus } from '../exit-status.ts';
import { loadRules, table } from './load-rules.ts';

/** `portreeve rules coverage`. */
export function coverageCommand(): Command {
  return new Command('coverage')
    .description("Show which ATT&CK techniques the rules' tags name.")
    .argument('[path...]', 'rule files and folders (default: the pack kubernetes-network)')
    .addOption(
      new Option('--format <name>', 'text, json, or navigator: a layer for the ATT&CK Navigator')
        .choices(['text', 'json', 'navigator'])
        .default('text'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ portreeve rules coverage\n  $ portreeve rules coverage sigma/rules --format navigator > layer.json',
    )
    .action(async (paths: readonly string[], options: { readonly format: string }) => {
      const library = await loadRules(paths);
      if (library === undefined) {
        process.exitCode = exitStatus.failed;
        return;
      }
      const coverage = attackCoverage(library.reported);
      const { techniques, tactics, untagged } = coverage;
      if (options.format === 'navigator') {
        process.stdout.write(`${JSON.stringify(navigatorLayer(coverage, 'Sigma rules'), null, 2)}\n`);
      } else if (options.format === 'json') {
        const found = techniques.map(({ technique, rules, highest }) => ({ technique, rules: rules.length, highest }));
        const value = { techniques: found, tactics: Object.fromEntries(tactics), untagged: untagged.length };
        process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
      } else {
        const rows = techniques.map(({ technique, rules, highest }) => [
          technique,
          String(rules.length),
          highest,
          rules
            .slice(0, 3)
            .map(({ title }) => title)
            .join('; ') + (rules.length > 3 ? '; …' : ''),
        ]);
        process.stdout.write(table([['TECHNIQUE', 'RULES', 'HIGHEST', 'TITLES'], ...rows]));
        const named = [...tactics].map(([tactic, count]) => `${tactic} ${count}`).join(', ');
        process.stderr.write(
          `${techniques.length} techniques; tactics: ${named}; ${untagged.length} rules name no technique\n`,
        );
      }
    });
}
