import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { Command, Option } from 'commander';

import { printDiagnostic, printable } from '../../base/print-diagnostic.ts';
import { loadLibrary } from '../../pipeline/load-library.ts';
import { packFolder, readRuleTexts, RulePathError } from '../../pipeline/rule-texts.ts';
import { junitXml } from '../../rule-tests/junit.ts';
import type { TestSuite } from '../../rule-tests/junit.ts';
import { readCases } from '../../rule-tests/read-cases.ts';
import { runCase } from '../../rule-tests/run-case.ts';
import { SourceError } from '../../sources/source-error.ts';
import { exitStatus } from '../exit-status.ts';
import { readEventText } from './read-event-text.ts';

interface TestOptions {
  readonly format: string;
  readonly coverage?: boolean;
}

const TESTS = /\.tests\.ya?ml$/;

/** `portreeve rules test`. */
export function testCommand(): Command {
  return new Command('test')
    .description('Run the expectations that stand beside rules: NAME.tests.yml beside NAME.yml.')
    .argument('[path...]', 'rule files, test files and folders (default: the pack kubernetes-network)')
    .addOption(
      new Option('--format <name>', 'text, or junit for CI systems').choices(['text', 'junit']).default('text'),
    )
    .option('--coverage', 'say which search identifiers no event of the tests has met')
    .addHelpText(
      'after',
      `
Exit status: 0 all pass; 1 some fail; 2 they could not run, or there are none.

Examples:
  $ portreeve rules test my-rules/
  $ portreeve rules test my-rules/ --format junit > rules.xml`,
    )
    .action(async (paths: readonly string[], options: TestOptions) => {
      process.exitCode = await runTests(paths.length > 0 ? paths : [packFolder('kubernetes-network')], options);
    });
}

async function runTests(paths: readonly string[], options: TestOptions): Promise<number> {
  let failed = 0;
  let invalid = 0;
  const suites: TestSuite[] = [];
  try {
    for (const path of await testFiles(paths)) {
      const suite = await runFile(path, options);
      if (suite === undefined) {
        invalid++;
        continue;
      }
      invalid += suite.invalid;
      failed += suite.cases.filter(({ passed }) => !passed).length;
      suites.push(suite);
    }
  } catch (error) {
    if (!(error instanceof RulePathError)) throw error;
    process.stderr.write(`${printable(error.message)}\n`);
    return exitStatus.failed;
  }
  if (options.format === 'junit') process.stdout.write(junitXml(suites));
  const total = suites.reduce((sum, { cases }) => sum + cases.length, 0);
  if (total === 0) process.stderr.write('no tests; expected NAME.tests.yml beside NAME.yml (docs/rule-tests.md)\n');
  else process.stderr.write(`${total - failed} of ${total} cases pass\n`);
  if (invalid > 0 || total === 0) return exitStatus.failed;
  return failed > 0 ? exitStatus.findings : exitStatus.ran;
}

async function testFiles(paths: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    const info = await stat(path).catch((cause: unknown) => {
      throw new RulePathError(`cannot read ${path}: expected a rule file, a test file or a folder`, { cause });
    });
    if (info.isDirectory()) {
      const entries = await readdir(path, { recursive: true, withFileTypes: true });
      const tests = entries.filter((entry) => entry.isFile() && TESTS.test(entry.name));
      for (const entry of tests.map(({ parentPath, name }) => join(parentPath, name)).sort()) found.add(entry);
    } else found.add(TESTS.test(path) ? path : path.replace(/\.ya?ml$/, '.tests.yml'));
  }
  return [...found];
}

async function runFile(
  path: string,
  options: TestOptions,
): Promise<(TestSuite & { readonly invalid: number }) | undefined> {
  const rulePath = await firstThere([path.replace(TESTS, '.yml'), path.replace(TESTS, '.yaml')]);
  if (rulePath === undefined)
    throw new RulePathError(`${path} stands beside no rule file ${path.replace(TESTS, '.yml')}`);
  const library = await loadLibrary(readRuleTexts([rulePath]));
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new RulePathError(`cannot read the tests ${path}`, { cause });
  });
  const { cases, diagnostics } = readCases({ name: path, text });
  const wrong = [...library.diagnostics, ...diagnostics].filter(({ severity }) => severity === 'error');
  for (const diagnostic of wrong) process.stderr.write(`${printDiagnostic(diagnostic)}\n`);
  const seen = new Map<string, Set<string>>();
  const results: TestSuite['cases'][number][] = [];
  for (const one of cases) {
    const began = performance.now();
    const files = await Promise.all(one.files.map((name) => readEvents(path, name)));
    const { passed, message, seen: held } = runCase(one, library, files);
    for (const [title, names] of held) seen.set(title, new Set([...(seen.get(title) ?? []), ...names]));
    results.push({ name: one.name, passed, message, seconds: (performance.now() - began) / 1000 });
    if (options.format === 'text')
      process.stdout.write(
        `${passed ? '✓' : '✗'} ${printable(path)}: ${printable(one.name)}${passed ? '' : `: ${printable(message)}`}\n`,
      );
  }
  if (options.coverage) {
    for (const { title, identifiers } of library.rules) {
      const never = identifiers.map(({ name }) => name).filter((name) => !seen.get(title)?.has(name));
      const covered = identifiers.length - never.length;
      process.stderr.write(
        `${printable(title)}: ${covered} of ${identifiers.length} search identifiers met${never.length > 0 ? `; never: ${printable(never.join(', '))}` : ''}\n`,
      );
    }
  }
  return { name: path, cases: results, invalid: wrong.length };
}

async function readEvents(testPath: string, name: string): Promise<string> {
  const path = join(dirname(testPath), name);
  return readEventText(path).catch((cause: unknown) => {
    if (!(cause instanceof SourceError)) throw cause;
    throw new RulePathError(`${testPath} names ${name}, which cannot be read`, { cause });
  });
}

async function firstThere(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths)
    if (
      await stat(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  return undefined;
}
