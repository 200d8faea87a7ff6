import { open, rename } from 'node:fs/promises';

import { Command, InvalidArgumentError, Option } from 'commander';

import { printDiagnostic, printable } from '../../base/print-diagnostic.ts';
import type { Source } from '../../base/source.ts';
import { lintSeverities } from '../../lint/check.ts';
import type { Finding, LintSeverity } from '../../lint/check.ts';
import { checks } from '../../lint/checks.ts';
import { applyFixes } from '../../lint/edits.ts';
import { lintFiles } from '../../lint/lint-files.ts';
import { packFolder, readRuleTexts, RulePathError } from '../../pipeline/rule-texts.ts';
import { exitStatus } from '../exit-status.ts';
import { version } from '../version.ts';
import { githubLine, jsonLine, sarifLog } from './check-formats.ts';
import { table } from './load-rules.ts';

interface CheckOptions {
  readonly fix?: boolean;
  readonly format: string;
  readonly severity: LintSeverity;
  readonly failOn: LintSeverity;
  readonly ignore?: readonly string[];
  readonly list?: boolean;
}

const rank = (severity: LintSeverity): number => lintSeverities.indexOf(severity);

/** `portreeve rules check`. */
export function checkCommand(): Command {
  return new Command('check')
    .description('Check rules: what is wrong, where, and what to do about it.')
    .argument('[path...]', 'rule files and folders (default: the pack kubernetes-network)')
    .option('--fix', 'mend what can be mended without changing what a rule means')
    .addOption(
      new Option('--format <name>', 'how findings are written')
        .choices(['text', 'json', 'sarif', 'github'])
        .default('text'),
    )
    .addOption(
      new Option('--severity <name>', 'show findings of this severity and above')
        .choices([...lintSeverities])
        .default('warning'),
    )
    .addOption(
      new Option('--fail-on <name>', 'exit with 1 at findings of this severity and above')
        .choices([...lintSeverities])
        .default('error'),
    )
    .option('--ignore <code>', 'leave a check out; may be given several times', known)
    .option('--list', 'list the checks')
    .addHelpText(
      'after',
      `
Exit status: 0 nothing at or above --fail-on; 1 findings; 2 it could not run.

Examples:
  $ portreeve rules check my-rules/
  $ portreeve rules check my-rules/ --fix --severity info
  $ portreeve rules check my-rules/ --format sarif > checks.sarif
  $ portreeve rules check --list`,
    )
    .action(async (paths: readonly string[], options: CheckOptions) => {
      if (options.list) process.stdout.write(listText());
      else process.exitCode = await check(paths, options);
    });
}

async function check(paths: readonly string[], options: CheckOptions): Promise<number> {
  let sources: readonly Source[];
  try {
    const texts = readRuleTexts(paths.length > 0 ? paths : [packFolder('kubernetes-network')]);
    sources = texts.files.map(({ source }) => source);
  } catch (error) {
    if (!(error instanceof RulePathError)) throw error;
    process.stderr.write(`${printable(error.message)}\n`);
    return exitStatus.failed;
  }
  if (sources.length === 0) {
    process.stderr.write('no rule files; expected files that end in .yml\n');
    return exitStatus.failed;
  }
  const ignored = new Set(options.ignore);
  const lint = (): readonly Finding[] => lintFiles(sources).filter(({ code }) => !ignored.has(code));
  let findings = lint();
  if (options.fix) {
    const mended = await fix(sources, findings);
    sources = mended.sources;
    process.stderr.write(`${mended.made} fixed in ${mended.files} of ${sources.length} files\n`);
    findings = lint();
  }
  const shown = findings.filter(({ severity }) => rank(severity) >= rank(options.severity));
  write(shown, options.format);
  const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
  const count = (severity: LintSeverity, noun: string): string =>
    counted(findings.filter((finding) => finding.severity === severity).length, noun);
  const fixable = findings.filter((finding) => finding.fix !== undefined).length;
  process.stderr.write(
    `${counted(sources.length, 'file')}: ${count('error', 'error')}, ${count('warning', 'warning')}, ${count('info', 'note')}` +
      `${options.severity === 'info' ? '' : ' (--severity info shows them)'}${fixable > 0 ? `; ${fixable} can be fixed with --fix` : ''}\n`,
  );
  return findings.some(({ severity }) => rank(severity) >= rank(options.failOn)) ? exitStatus.findings : exitStatus.ran;
}

function write(findings: readonly Finding[], format: string): void {
  if (format === 'sarif') {
    process.stdout.write(`${JSON.stringify(sarifLog(findings, version()))}\n`);
    return;
  }
  for (const finding of findings) {
    if (format === 'json') process.stdout.write(`${jsonLine(finding)}\n`);
    else if (format === 'github') process.stdout.write(`${githubLine(finding)}\n`);
    else process.stdout.write(`${findingText(finding)}\n`);
  }
}

function findingText(finding: Finding): string {
  const { severity } = finding;
  const text = printDiagnostic({ ...finding, severity: severity === 'error' ? 'error' : 'warning' });
  return severity === 'info' ? text.replace(': warning ', ': info ') : text;
}

/** Files are written whole or not at all; after each round what is left is looked at again, for fixes that overlapped. */
async function fix(
  sources: readonly Source[],
  findings: readonly Finding[],
): Promise<{ readonly sources: readonly Source[]; readonly made: number; readonly files: number }> {
  const after: Source[] = [];
  let made = 0;
  let files = 0;
  for (const source of sources) {
    let text = source.text;
    let fixes = findings.flatMap((finding) => (finding.span.source === source && finding.fix ? [finding.fix] : []));
    for (let round = 0; round < MOST_ROUNDS && fixes.length > 0; round++) {
      const applied = applyFixes(text, fixes);
      if (applied.made.length === 0 || applied.text === text) break;
      made += applied.made.length;
      text = applied.text;
      fixes = lintFiles([{ name: source.name, text }]).flatMap((finding) => (finding.fix ? [finding.fix] : []));
    }
    if (text !== source.text) {
      files++;
      await replaceFile(source.name, text);
    }
    after.push({ name: source.name, text });
  }
  return { sources: after, made, files };
}

const MOST_ROUNDS = 5;

async function replaceFile(path: string, text: string): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  const file = await open(beside, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

function listText(): string {
  const rows = checks.map(({ code, severity, examples, section, title }) => [
    code,
    severity,
    examples.some(({ fixed }) => fixed !== undefined) ? 'fix' : '',
    title,
    section,
  ]);
  return table([['CHECK', 'SEVERITY', 'FIX', 'FINDS', 'FOLLOWS'], ...rows]);
}

function known(value: string, previous: readonly string[] | undefined): readonly string[] {
  if (!checks.some(({ code }) => code === value))
    throw new InvalidArgumentError('no check has this code; --list shows them.');
  return [...(previous ?? []), value];
}
