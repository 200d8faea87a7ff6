import { Command, Option } from 'commander';

import { ruleId } from '../../alert/rule-card.ts';
import type { CorrelationRule } from '../../sigma/correlation-rule.ts';
import { sigmaLevels, sigmaStatuses } from '../../sigma/rule.ts';
import type { SigmaRule } from '../../sigma/rule.ts';
import { exitStatus } from '../exit-status.ts';
import { loadRules, table } from './load-rules.ts';

interface ListOptions {
  readonly level?: string;
  readonly status?: string;
  readonly tag?: string;
  readonly product?: string;
  readonly category?: string;
  readonly service?: string;
  readonly json?: boolean;
}

type Listed = SigmaRule | CorrelationRule;

/** `portreeve rules list`. */
export function listCommand(): Command {
  return new Command('list')
    .description('List rules and correlations with their level, status and log source.')
    .argument('[path...]', 'rule files and folders (default: the pack kubernetes-network)')
    .addOption(new Option('--level <level>', 'only rules at this level or above').choices([...sigmaLevels]))
    .addOption(new Option('--status <status>', 'only rules of this status').choices([...sigmaStatuses]))
    .option('--tag <tag>', 'only rules with this tag, or one that begins with it and a dot')
    .option('--product <name>', 'only rules for this product')
    .option('--category <name>', 'only rules for this category')
    .option('--service <name>', 'only rules for this service')
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      '\nExamples:\n  $ portreeve rules list\n  $ portreeve rules list sigma/rules --product windows --level high --tag attack.t1090',
    )
    .action(async (paths: readonly string[], options: ListOptions) => {
      const library = await loadRules(paths);
      if (library === undefined) {
        process.exitCode = exitStatus.failed;
        return;
      }
      const correlations = library.plan.correlations.map(({ rule, level }) => ({ ...rule, level }));
      const all: readonly Listed[] = [...library.rules, ...correlations];
      const chosen = all.filter((rule) => isChosen(rule, options));
      if (options.json) for (const rule of chosen) process.stdout.write(`${JSON.stringify(summary(rule))}\n`);
      else {
        const rows = chosen.map((rule) => [rule.level, rule.status ?? '', source(rule), ruleId(rule), rule.title]);
        process.stdout.write(table([['LEVEL', 'STATUS', 'LOG SOURCE', 'ID', 'TITLE'], ...rows]));
        process.stderr.write(`${chosen.length} of ${all.length} rules\n`);
      }
    });
}

function isChosen(rule: Listed, { level, status, tag, product, category, service }: ListOptions): boolean {
  const logsource = 'logsource' in rule ? rule.logsource : {};
  const rank = (name: string): number => sigmaLevels.findIndex((known) => known === name);
  return (
    (level === undefined || rank(rule.level) >= rank(level)) &&
    (status === undefined || rule.status === status) &&
    (tag === undefined ||
      rule.tags.some((one) => one === tag.toLowerCase() || one.startsWith(`${tag.toLowerCase()}.`))) &&
    (product === undefined || logsource.product === product) &&
    (category === undefined || logsource.category === category) &&
    (service === undefined || logsource.service === service)
  );
}

function source(rule: Listed): string {
  if (!('logsource' in rule)) return rule.type;
  const { product, category, service } = rule.logsource;
  return [product, category, service].filter((part) => part !== undefined).join('/');
}

function summary(rule: Listed): Readonly<Record<string, unknown>> {
  const {
    title,
    level,
    status,
    tags,
    source: { name },
  } = rule;
  const kind =
    'logsource' in rule
      ? { logsource: rule.logsource }
      : { correlation: rule.type, rules: rule.rules.map(({ to }) => to) };
  return { id: ruleId(rule), title, level, status, tags, ...kind, file: name };
}
