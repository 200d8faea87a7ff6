import { constants } from 'node:buffer';
import { availableParallelism } from 'node:os';

import { Command, InvalidArgumentError, Option } from 'commander';

import { compareSeverity } from '../alert/severity.ts';
import { severities } from '../alert/severity.ts';
import type { Severity } from '../alert/alert.ts';
import { printDiagnostic, printRecordDiagnostic, printable } from '../base/print-diagnostic.ts';
import type { CorrelatorState } from '../correlate/state.ts';
import { CorrelatorStateError, loadCorrelatorState, saveCorrelatorState } from '../pipeline/correlator-file.ts';
import type { LogSource } from '../event/log-source.ts';
import { cacheFolder } from '../cache/cache-folder.ts';
import { loadLibrary } from '../pipeline/load-library.ts';
import type { RuleLibrary } from '../pipeline/rule-library.ts';
import { packFolder, readRuleTexts, RulePathError } from '../pipeline/rule-texts.ts';
import { rulesReadAhead } from '../pipeline/rules-ahead.ts';
import { looksAtBytes, scan } from '../pipeline/scan.ts';
import type { ScanSummary } from '../pipeline/scan.ts';
import { sigmaLevels, sigmaStatuses } from '../sigma/rule.ts';
import type { SigmaLevel, SigmaStatus } from '../sigma/rule.ts';
import { shapes } from '../shapes/shapes.ts';
import { formatNames } from '../sinks/formats.ts';
import { listInputs } from '../sources/list-inputs.ts';
import type { Input } from '../sources/list-inputs.ts';
import { AlertWriter } from './alert-writer.ts';
import { boundGarbage } from './bound-garbage.ts';
import { compileKernelWell } from './compile-kernel.ts';
import { DiagnosticPrinter } from './diagnostic-printer.ts';
import { exitStatus } from './exit-status.ts';
import { ProgressBar } from './progress.ts';
import { statisticsJson, statisticsText } from './scan-statistics.ts';
import type { ScanTimes } from './scan-statistics.ts';

interface ScanCommandOptions {
  readonly rules?: readonly string[];
  readonly pipeline?: readonly string[];
  readonly placeholder?: ReadonlyMap<string, readonly string[]>;
  readonly level?: SigmaLevel;
  readonly status?: readonly SigmaStatus[];
  readonly shape: string;
  readonly logsource?: LogSource;
  readonly format?: string;
  readonly failOn?: Severity;
  readonly threads?: number;
  readonly stats?: true | string;
  readonly maxRecordBytes: number;
  readonly lookBackBytes: number;
  readonly lateness?: number;
  readonly correlationMemory: number;
  readonly correlationState?: string;
  readonly validate?: true;
  readonly progress: boolean;
  readonly cache: boolean;
}

const MOST_THREADS = 64;
/** A longer one could be no string. */
const LONGEST_RECORD = constants.MAX_STRING_LENGTH;
/** From here on workers pay for their start. More than two by default would pass the bound on memory. */
const WORTH_THREADS = 256 * 1024 * 1024;
/** The same where most bytes are only looked at: 2 GiB took longer with two, each of which starts and compiles. */
const WORTH_THREADS_LOOKING = 4 * 1024 ** 3;
const DEFAULT_THREADS = 2;

/** `portreeve scan`. */
export function scanCommand(): Command {
  return new Command('scan')
    .description('Read events from files, folders or standard input and print an alert for each that a rule matches.')
    .argument('<path...>', 'files and folders (plain, .gz, .zst), or - for standard input')
    .option(
      '--rules <path>',
      'a rule file or a folder of them; may be given several times (default: the pack kubernetes-network)',
      collect,
    )
    .option('--pipeline <file>', "a processing pipeline in pySigma's YAML; may be given several times", collect)
    .option(
      '--placeholder <name=value>',
      'a value of a placeholder that rules use under expand; may be given several times, also for one name',
      placeholder,
    )
    .addOption(
      new Option(
        '--level <level>',
        'only alerts of rules at this level or above; correlations of others still run',
      ).choices([...sigmaLevels]),
    )
    .option(
      '--status <status>',
      `only alerts of rules of this status (${sigmaStatuses.join(', ')}); may be given several times`,
      statuses,
    )
    .addOption(
      new Option('--shape <name>', 'take every record as this shape instead of recognising each')
        .choices(['auto', ...shapes.map((shape) => shape.name)])
        .default('auto'),
    )
    .option(
      '--logsource <parts>',
      'where events come from that do not say it themselves, such as product=windows,category=process_creation',
      logSourceParts,
    )
    .addOption(
      new Option('--format <name>', 'how alerts are written (default: table on a terminal, else ndjson)').choices([
        ...formatNames,
      ]),
    )
    .addOption(
      new Option('--fail-on <level>', 'exit with 1 if an alert is at or above this level').choices([...severities]),
    )
    .option(
      '--threads <n>',
      'worker threads; 1: none (default: 2 for 256 MiB and more, or 4 GiB with rules that most events need not be read for, where there are two cores, else 1)',
      wholeNumber(1, MOST_THREADS),
    )
    .option(
      '--stats [form]',
      'counts at the end on standard error: text, or =json for one JSON object on the last line',
      statisticsForm,
    )
    .option('--max-record-bytes <n>', 'longest record read', wholeNumber(1024, LONGEST_RECORD), 16 * 1024 * 1024)
    .option(
      '--look-back-bytes <n>',
      'how much of the input before a match is searched for its ancestors',
      wholeNumber(0, 1024 ** 3),
      8 * 1024 * 1024,
    )
    .option(
      '--lateness <seconds>',
      'correlations: events older than the latest by more than this are passed over, and counted (default: none is)',
      wholeNumber(0, 366 * 86_400),
    )
    .option(
      '--correlation-memory <bytes>',
      'correlations: what all open windows together may take; beyond it those not touched for longest are dropped, and counted',
      wholeNumber(64 * 1024, 16 * 1024 ** 3),
      64 * 1024 * 1024,
    )
    .option(
      '--correlation-state <file>',
      'correlations: go on from this file if it is there, and save to it at the end, so that windows span several scans',
    )
    .option(
      '--validate',
      'read every record in full: without it, records that no rule can match are counted, not checked, after the first 32 KiB of an input',
    )
    .option('--no-progress', 'no progress bar')
    .option('--no-cache', 'read every rule anew, and keep nothing for the next run (docs/rule-cache.md)')
    .addHelpText(
      'after',
      `
Exit status: 0 it ran; 1 findings at or above --fail-on; 2 it could not run, or an input is missing.

Examples:
  $ portreeve scan edr-export/                          # every file below, shapes recognised record by record
  $ zcat events.gz | portreeve scan - --format ndjson   # one alert a line
  $ portreeve scan audit.log --fail-on high --stats
  $ portreeve scan events.ndjson --rules my-rules/ --rules extra.yml --format sarif > findings.sarif`,
    )
    .action(async (paths: readonly string[], options: ScanCommandOptions) => {
      process.exitCode = await runScan(paths, options);
    });
}

async function runScan(paths: readonly string[], options: ScanCommandOptions): Promise<number> {
  const times: ScanTimes = { began: performance.now(), loaded: 0, ended: 0 };
  const bar =
    process.stderr.isTTY && options.progress ? new ProgressBar(process.stderr, () => performance.now()) : undefined;
  const problems = new DiagnosticPrinter((text) => {
    bar?.clear();
    process.stderr.write(`${text}\n`);
  });

  const library = await loadRules(options, problems);
  if (library === undefined) return exitStatus.failed;
  times.loaded = performance.now();

  const state = await readState(options.correlationState, library.hash, problems);
  if (state === 'unusable') return exitStatus.failed;

  let missing = 0;
  const inputs = await listInputs(paths, (name, error) => {
    missing++;
    problems.line(`${printable(name)}: error ${error.code}: ${printable(error.message)}`);
  });
  if (inputs.length === 0) {
    if (missing === 0) problems.line(`no files in ${paths.map(printable).join(', ')}`);
    return exitStatus.failed;
  }

  const writer = new AlertWriter(process.stdout, options.format, () => library.reported);
  let failing = false;
  let bytes = 0;
  let alerts = 0;
  const total = totalSize(inputs);
  const note = (severity: Severity): void => {
    alerts++;
    if (!failing && options.failOn !== undefined && compareSeverity(severity, options.failOn) >= 0) {
      failing = true;
      // For a reader of the results who leaves before their end.
      process.exitCode = exitStatus.findings;
    }
    if (process.stdout.isTTY) bar?.clear();
  };
  compileKernelWell(total);
  await writer.begin();
  const summary = await scan({
    inputs,
    library,
    threads: options.threads ?? threadsFor(total, () => looksAtBytes({ library, validate: options.validate ?? false })),
    shape: options.shape === 'auto' ? null : options.shape,
    maxRecordBytes: options.maxRecordBytes,
    lookBackBytes: options.lookBackBytes,
    validate: options.validate ?? false,
    correlation: {
      latenessMs: options.lateness === undefined ? Infinity : options.lateness * 1000,
      memoryBytes: options.correlationMemory,
    },
    ...(state === undefined ? {} : { correlatorState: state }),
    onAlert: (alert) => {
      note(alert.severity);
      return writer.alert(alert);
    },
    onWritten: writer.takesWritten
      ? (alert) => {
          note(alert.severity);
          return writer.written(alert);
        }
      : undefined,
    onDiagnostic: (diagnostic) =>
      problems.problem(
        diagnostic.code,
        'span' in diagnostic ? printDiagnostic(diagnostic) : printRecordDiagnostic(diagnostic),
      ),
    onProgress: (read) => {
      bytes += read;
      bar?.update({ bytes, total, alerts });
    },
  });
  times.ended = performance.now();
  bar?.clear();
  await writer.end();
  const isSaved = await saveState(options.correlationState, library.hash, summary, problems);
  if (summary.correlation.dropped_entries > 0) problems.line(droppedText(summary));
  problems.end();
  say(options.stats, summary, library.rules.length, times);
  if (missing + summary.unopened > 0 || !isSaved) return exitStatus.failed;
  return failing ? exitStatus.findings : exitStatus.ran;
}

/** Reads and parses the rules; says what is wrong with them; `undefined` where nothing valid is left. */
async function loadRules(
  { rules, pipeline = [], placeholder: placeholders = new Map(), logsource, level, status, cache }: ScanCommandOptions,
  problems: DiagnosticPrinter,
): Promise<RuleLibrary | undefined> {
  const paths = rules ?? [packFolder('kubernetes-network')];
  boundGarbage();
  try {
    const choice = { ...(level === undefined ? {} : { level }), ...(status === undefined ? {} : { statuses: status }) };
    const folder = cacheFolder(cache);
    const ahead = await rulesReadAhead(paths, folder);
    const texts = readRuleTexts(paths, { pipelines: pipeline, placeholders, choice }, ahead?.files);
    const loaded = await loadLibrary(texts, {
      logSource: logsource,
      cacheFolder: folder,
      // What was found is for the files as they are, with nothing else to change what they mean.
      image: texts.hash === ahead?.files.hash ? ahead.image : undefined,
    });
    problems.ofRules(
      loaded.diagnostics.map((found) => ({ code: found.code, text: () => printDiagnostic(found) })),
      paths,
    );
    if (!loaded.isUsable) return undefined;
    if (loaded.leftOut > 0) problems.line(`${loaded.leftOut} rules are left out by --level and --status`);
    if (loaded.rules.length > 0) return loaded;
    if (loaded.leftOut > 0) return undefined;
    problems.line(
      `no valid rule in ${paths.map(printable).join(', ')}; expected Sigma rules in files that end in .yml`,
    );
  } catch (error) {
    if (!(error instanceof RulePathError)) throw error;
    problems.line(printable(error.message));
  }
  return undefined;
}

/** What a scan goes on from; `unusable` has been said. */
async function readState(
  path: string | undefined,
  rules: string,
  problems: DiagnosticPrinter,
): Promise<CorrelatorState | 'unusable' | undefined> {
  if (path === undefined) return undefined;
  try {
    return await loadCorrelatorState(path, rules);
  } catch (error) {
    if (!(error instanceof CorrelatorStateError)) throw error;
    problems.line(printable(error.message));
    return 'unusable';
  }
}

/** Returns whether there was nothing to save, or it was saved; else why not has been said. */
async function saveState(
  path: string | undefined,
  rules: string,
  summary: ScanSummary,
  problems: DiagnosticPrinter,
): Promise<boolean> {
  if (path === undefined) return true;
  try {
    await saveCorrelatorState(path, rules, summary.correlatorState());
    return true;
  } catch (error) {
    if (!(error instanceof CorrelatorStateError)) throw error;
    problems.line(printable(error.message));
    return false;
  }
}

function droppedText({ correlation }: ScanSummary): string {
  const { dropped_groups: groups, dropped_entries: entries } = correlation;
  return `correlations: ${groups} open windows and ${entries} events in windows were dropped for want of memory; raise --correlation-memory to keep them`;
}

function say(stats: true | string | undefined, summary: ScanSummary, rules: number, times: ScanTimes): void {
  if (stats === undefined) return;
  process.stderr.write(
    `${stats === 'json' ? statisticsJson(summary, rules, times) : statisticsText(summary, rules, times)}\n`,
  );
}

function totalSize(inputs: readonly Input[]): number | null {
  let total = 0;
  for (const { size } of inputs) {
    if (size === null) return null;
    total += size;
  }
  return total;
}

/** `looks` is asked of large inputs alone: to know it takes longer than to scan a small one. */
function threadsFor(total: number | null, looks: () => boolean): number {
  if (total === null || total < WORTH_THREADS) return 1;
  return total < WORTH_THREADS_LOOKING && looks() ? 1 : Math.min(DEFAULT_THREADS, availableParallelism());
}

function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

function statuses(value: string, previous: readonly SigmaStatus[] | undefined): readonly SigmaStatus[] {
  const status = sigmaStatuses.find((known) => known === value);
  if (status === undefined) throw new InvalidArgumentError(`expected one of ${sigmaStatuses.join(', ')}.`);
  return [...(previous ?? []), status];
}

function placeholder(
  value: string,
  previous: ReadonlyMap<string, readonly string[]> = new Map(),
): ReadonlyMap<string, readonly string[]> {
  const at = value.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected NAME=VALUE.');
  const name = value.slice(0, at);
  return new Map([...previous, [name, [...(previous.get(name) ?? []), value.slice(at + 1)]]]);
}

function logSourceParts(value: string): LogSource {
  const parts: { product?: string; category?: string; service?: string } = {};
  for (const part of value.split(',')) {
    const [name = '', text = '', ...rest] = part.split('=').map((one) => one.trim());
    if ((name !== 'product' && name !== 'category' && name !== 'service') || text === '' || rest.length > 0)
      throw new InvalidArgumentError('expected product=…,category=…,service=…, one of them or more.');
    parts[name] = text;
  }
  return parts;
}

function statisticsForm(value: string): string {
  if (value !== 'text' && value !== 'json') throw new InvalidArgumentError(`expected text or json.`);
  return value;
}

function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < least || number > most) {
      throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}
