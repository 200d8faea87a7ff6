import { Command, Option } from 'commander';

import { ruleId } from '../../alert/rule-card.ts';
import { printable } from '../../base/print-diagnostic.ts';
import { explainRule } from '../../engine/explain.ts';
import type { Explanation, RuleExplanation } from '../../engine/explain.ts';
import { schemaOf } from '../../pipeline/event-schema.ts';
import { readEvents } from '../../pipeline/read-events.ts';
import { ScanEvent } from '../../pipeline/scan-event.ts';
import { shapeByName, shapes } from '../../shapes/shapes.ts';
import { SourceError } from '../../sources/source-error.ts';
import type { RuleHeader, SigmaRule } from '../../sigma/rule.ts';
import { exitStatus } from '../exit-status.ts';
import { loadRules } from './load-rules.ts';
import { readEventText } from './read-event-text.ts';

interface ExplainOptions {
  readonly id?: string;
  readonly shape: string;
  readonly json?: boolean;
}

/** `portreeve rules explain`. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('Say for each part of a rule why it holds for an event, or why it does not.')
    .argument('<rule>', 'the rule file')
    .argument('<event>', 'a file of events, or - for standard input')
    .option('--id <id>', 'which rule of the file: its id, name or title (default: every one)')
    .addOption(
      new Option('--shape <name>', 'take the events as this shape instead of recognising each')
        .choices(['auto', ...shapes.map(({ name }) => name)])
        .default('auto'),
    )
    .option('--json', 'one JSON object for each rule and event')
    .addHelpText(
      'after',
      `
Exit status: 0 a rule matches an event; 1 none does; 2 it could not run.

Examples:
  $ portreeve rules explain rules/kubernetes-network/port_forward.yml event.json
  $ pbpaste | portreeve rules explain my-rule.yml - --json`,
    )
    .action(async (rulePath: string, eventPath: string, options: ExplainOptions) => {
      process.exitCode = await explain(rulePath, eventPath, options);
    });
}

async function explain(rulePath: string, eventPath: string, options: ExplainOptions): Promise<number> {
  const library = await loadRules([rulePath]);
  const { id } = options;
  const isNamed = (rule: RuleHeader): boolean => id === undefined || [rule.id, rule.name, rule.title].includes(id);
  // A correlation is about many events; what can be said of one is whether the rules it is made of match it.
  const members = new Set(
    id === undefined
      ? []
      : library?.plan.correlations
          .filter(({ rule }) => isNamed(rule))
          .flatMap((one) => one.members.map(({ number }) => number)),
  );
  const rules = (library?.rules ?? []).filter((rule, number) => isNamed(rule) || members.has(number));
  if (members.size > 0)
    process.stderr.write(
      `${printable(id ?? '')} is a correlation: these are the rules it refers to; \`portreeve rules test\` says whether it fires over several events\n`,
    );
  if (rules.length === 0) {
    if (library) process.stderr.write(`no rule has the id, name or title ${JSON.stringify(id)}\n`);
    return exitStatus.failed;
  }
  const input = await readText(eventPath);
  if (input === undefined) return exitStatus.failed;
  const { events, problems } = readEvents(input, shapeByName(options.shape));
  for (const problem of problems) process.stderr.write(`${printable(eventPath)}: ${printable(problem)}\n`);
  if (events.length === 0) {
    process.stderr.write(`no event in ${printable(eventPath)}\n`);
    return exitStatus.failed;
  }
  let matched = false;
  events.forEach(({ shape, record }, i) => {
    const event = new ScanEvent(shape, record, () => undefined);
    for (const rule of rules) {
      const explanation = explainRule(rule, schemaOf(shape), event);
      matched ||= explanation.matches;
      const head = { rule: ruleId(rule), event: i + 1, shape: shape.name };
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ ...head, ...explanation })}\n`
          : explanationText(rule, i + 1, shape.name, explanation),
      );
    }
  });
  return matched ? exitStatus.ran : exitStatus.findings;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readEventText(path);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    process.stderr.write(`${printable(error.message)}; expected a file of events, or -\n`);
    return undefined;
  }
}

/** A tree, one line a part. */
export function explanationText(rule: SigmaRule, number: number, shape: string, explanation: RuleExplanation): string {
  const verdict = explanation.matches ? 'matches' : 'does not match';
  const lines = [`${printable(rule.title)} ${verdict} event ${number} (${shape})`];
  if (explanation.otherLogSource !== null) lines.push(`  ✗ ${printable(explanation.otherLogSource)}`);
  const walk = (part: Explanation, depth: number): void => {
    const found = part.found === undefined ? '' : `  ← ${printable(part.found)}`;
    lines.push(`${'  '.repeat(depth)}${part.holds ? '✓' : '✗'} ${printable(part.asked)}${found}`);
    for (const one of part.parts) walk(one, depth + 1);
  };
  walk(explanation.condition, 1);
  return `${lines.join('\n')}\n`;
}
