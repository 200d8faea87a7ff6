// Makes examples/attack-chain: one night of seven attack steps among ordinary events, as six products and the API server
// would have recorded it. The same program gives the same bytes everywhere. `--check` says whether the committed files
// are these.
import { readFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { auditd } from './example/auditd.ts';
import { attack } from './example/attack.ts';
import type { Severity, Step } from './example/attack.ts';
import { crowdstrike } from './example/crowdstrike.ts';
import { defender } from './example/defender.ts';
import { elastic } from './example/elastic.ts';
import { kubernetesAudit } from './example/kubernetes.ts';
import { Machine } from './example/machine.ts';
import { administration, builds, development, operations, reporting, services, webServer } from './example/ordinary.ts';
import { sentinelone } from './example/sentinelone.ts';
import { readme } from './example/story.ts';
import type { Row } from './example/story.ts';
import { sysmon } from './example/sysmon.ts';
import { NIGHT_BEGINS } from './example/time.ts';
import type { HostName, Process } from './example/world.ts';
import type { Writer } from './example/writer.ts';

export const EXAMPLE = join(import.meta.dirname, '..', 'examples', 'attack-chain');

const SOURCES: readonly (readonly [HostName, string, () => Writer])[] = [
  ['ops-1', 'elastic-defend.ndjson', elastic],
  ['build-1', 'crowdstrike-fdr.ndjson', crowdstrike],
  ['dev-1', 'sentinelone-cloud-funnel.ndjson.gz', sentinelone],
  ['web-1', 'auditd-audit.log', auditd],
  ['data-1', 'sysmon-linux-syslog.log', sysmon],
  ['admin-1', 'defender-event-hub.ndjson', defender],
];

/** An event that must raise an alert. `line` is 1-based, after decompression; of an auditd event its first record's. */
interface ExpectedAlert {
  readonly file: string;
  readonly line: number;
  /** Of the attack; `null`: not the intruder's. */
  readonly step: number | null;
  readonly action: string;
  /** The one to expect, then others that are right too. */
  readonly severities: readonly Severity[];
  readonly command: string;
}

/** Every file of the example by its name, uncompressed. */
export function makeExample(): ReadonlyMap<string, string> {
  const machines = {
    'ops-1': new Machine('ops-1'),
    'build-1': new Machine('build-1'),
    'dev-1': new Machine('dev-1'),
    'web-1': new Machine('web-1'),
    'data-1': new Machine('data-1'),
    'admin-1': new Machine('admin-1'),
  };
  for (const machine of Object.values(machines)) services(machine);
  operations(machines['ops-1']);
  builds(machines['build-1']);
  development(machines['dev-1']);
  const tomcat = webServer(machines['web-1']);
  reporting(machines['data-1']);
  administration(machines['admin-1']);
  machines['build-1'].inventory(NIGHT_BEGINS);
  const steps = attack(machines, tomcat);
  for (const machine of Object.values(machines)) machine.finish();

  const files = new Map<string, string>();
  const places = new Map<Process, { readonly file: string; readonly line: number }>();
  for (const [host, file, writer] of SOURCES) {
    const write = writer();
    const lines: string[] = [];
    for (const activity of machines[host].activities) {
      const written = write(activity);
      if (activity.kind === 'start' && written.length > 0)
        places.set(activity.process, { file, line: lines.length + 1 });
      lines.push(...written);
    }
    files.set(file, `${lines.join('\n')}\n`);
  }
  files.set(
    'kubernetes-audit.ndjson',
    `${kubernetesAudit(Object.values(machines).flatMap(({ activities }) => activities)).join('\n')}\n`,
  );

  const rows = steps.map((step): Row => {
    const place = places.get(step.process);
    if (place === undefined) throw new Error(`no product reported ${step.process.args.join(' ')}`);
    return { ...step, ...place };
  });
  const alerts = rows.flatMap((row): ExpectedAlert[] => (row.alert ? [expected(row, row.alert)] : []));
  files.set('expected.json', `${JSON.stringify({ alerts }, null, 2)}\n`);
  files.set('README.md', readme(rows, files));
  return files;
}

function expected({ file, line, number, process }: Row, alert: NonNullable<Step['alert']>): ExpectedAlert {
  return {
    file,
    line,
    step: number,
    action: alert.action,
    severities: alert.severities,
    command: process.args.join(' '),
  };
}

/** Names of files whose committed content is not what the program makes. zlib builds differ, so compressed files are compared by what they hold. */
export function staleFiles(): readonly string[] {
  return [...makeExample()].flatMap(([name, text]) => (committed(name) === text ? [] : [name]));
}

function committed(name: string): string | undefined {
  try {
    const bytes = readFileSync(join(EXAMPLE, name));
    return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  if (process.argv.includes('--check')) {
    const stale = staleFiles();
    for (const name of stale) console.error(`examples/attack-chain/${name} is not what tools/make-example.ts makes`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    mkdirSync(EXAMPLE, { recursive: true });
    for (const [name, text] of makeExample())
      writeFileSync(join(EXAMPLE, name), name.endsWith('.gz') ? gzipSync(text, { level: 9 }) : text);
  }
}
