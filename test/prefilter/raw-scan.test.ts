import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import type { ScanOptions } from '../../src/pipeline/scan.ts';
import { auditd, crowdstrike, elastic, sysmon } from '../cases/render.ts';
import { caseOf, Chance, disguised, randomFrom } from './disguises.ts';
import { outcome } from './outcome.ts';
import type { Outcome } from './outcome.ts';

/** Scans the bytes with and without skipping; gives what skipping gave. */
async function both(bytes: string | Uint8Array, more: Partial<ScanOptions> = {}): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-raw-'));
  try {
    const path = join(folder, 'input');
    writeFileSync(path, bytes);
    const whole = await outcome(path, { ...more, engine: 'object' });
    const raw = await outcome(path, { readInFull: 100, ...more });
    assert.equal(whole.statistics.skipped, 0);
    assert.deepEqual(raw.alerts, whole.alerts);
    return raw;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const HIT = elastic(caseOf({ os: 'linux', argv: ['kubectl', 'port-forward', 'svc/web', '8080:80'] }), 1).join('\n');
const ordinary = (i: number): string =>
  elastic(caseOf({ os: 'linux', argv: ['git', 'log', `--max-count=${i}`, 'x'.repeat(i % 97)] }), i).join('\n');

test('the example of an attack: the same alerts, with records skipped', async () => {
  let skipped = 0;
  for (const file of [
    'elastic-defend.ndjson',
    'crowdstrike-fdr.ndjson',
    'auditd-audit.log',
    'sysmon-linux-syslog.log',
  ]) {
    const bytes = readFileSync(new URL(`../../examples/attack-chain/${file}`, import.meta.url));
    const { alerts, statistics } = await both(bytes);
    assert.ok(alerts.length > 0);
    skipped += statistics.skipped;
  }
  assert.ok(skipped > 1000);
});

test('a hit at every place of the bytes that are read at once', async () => {
  const lines: string[] = [];
  let size = 0;
  // Lines before and behind the edges of reads (1 MiB) and of what is looked ahead at (256 KiB).
  for (let i = 0; size < 5 * 1024 * 1024; i++) {
    const edge = size % (256 * 1024);
    const line = edge < 1500 || edge > 256 * 1024 - 1500 ? HIT : ordinary(i);
    lines.push(line);
    size += line.length + 1;
  }
  for (const end of ['\n', '\r\n', '\n\n \t\n']) {
    const { alerts, statistics } = await both(lines.join(end));
    assert.ok(alerts.length >= 30);
    assert.equal(statistics.records, lines.length);
  }
});

test('audit records: interleaved events across the edges, parents behind them', async () => {
  const lines: string[] = [];
  let held: readonly string[] = [];
  let size = 0;
  for (let i = 0; size < 4 * 1024 * 1024; i++) {
    const argv =
      i % 40 === 3 ? ['kubectl', 'port-forward', 'svc/web', `${i}:80`] : ['git', 'status', 'x'.repeat(i % 500)];
    const [head = '', ...rest] = auditd(caseOf({ os: 'linux', argv }), i);
    lines.push(head, ...held);
    held = rest;
    size += 1500;
  }
  const { alerts } = await both([...lines, ...held, ''].join('\n'));
  assert.ok(alerts.length > 50);
  const none = await both([...lines, ...held, ''].join('\n'), { lookBackBytes: 2000 });
  assert.equal(none.alerts.length, alerts.length);
});

test('audit records of a host whose name is a sign', async () => {
  const lines = Array.from({ length: 300 }, (_, i) => {
    const argv = i % 40 === 3 ? ['kubectl', 'port-forward', 'svc/web', `${i}:80`] : ['git', 'status'];
    return auditd({ ...caseOf({ os: 'linux', argv }), id: 'proxy' }, i).join('\n');
  });
  const { alerts } = await both(lines.join('\n'));
  assert.equal(alerts.length, 8);
});

test('random records of several shapes in one input', async (t) => {
  const seed = Number(process.env['PORTREEVE_FUZZ_SEED'] ?? Date.now() % 1_000_000_007);
  t.diagnostic(`seed ${seed}`);
  const chance = new Chance(randomFrom(seed));
  const lines: string[] = [];
  const count = Number(process.env['PORTREEVE_FUZZ_LINES'] ?? '10000') / 5;
  for (let i = 0; i < count; i++) {
    const render = chance.pick([elastic, crowdstrike, sysmon]);
    let line = chance.is(0.1) ? render(caseOf(disguised(chance)), i).join('\n') : ordinary(i);
    // Cut, doubled, or with bytes that are no JSON.
    if (chance.is(0.05)) line = line.slice(0, Math.floor(line.length / 2));
    if (chance.is(0.05)) line = `${line} ${chance.pick(['kubectl', '\u0000', 'port-forward', '{', '\ud800'])}`;
    if (chance.is(0.05)) line = chance.pick(['', ' ', '\r', '\t\t']);
    lines.push(line);
  }
  const { alerts } = await both(lines.join('\n'));
  assert.ok(alerts.length > 10);
});

test('lines that are too long are reported and passed over, whether they end or not', async () => {
  const long = `{"a":"${'x'.repeat(3 * 1024 * 1024)}"}`;
  const lines = [...Array.from({ length: 300 }, (_, i) => ordinary(i)), long, HIT, long];
  const raw = await both(lines.join('\n'), { maxRecordBytes: 100_000 });
  assert.equal(raw.alerts.length, 1);
  assert.ok(raw.codes.length >= 1);
  assert.ok(raw.codes.every((code) => code === 'record-too-long'));
});

test('every line a spark, none a match', async () => {
  const lines = Array.from({ length: 4000 }, (_, i) =>
    elastic(caseOf({ os: 'linux', argv: ['kubectl', 'get', 'pods', 'proxy', String(i)] }), i).join('\n'),
  );
  const { alerts, statistics } = await both(lines.join('\n'));
  assert.equal(alerts.length, 0);
  assert.equal(statistics.skipped, 0);
});

test('near misses, few or many, are not read where they lack what every rule needs besides kubectl', async () => {
  for (const each of [1, 40]) {
    const lines = Array.from({ length: 4000 }, (_, i) => {
      if (i % 1000 === 999) return HIT;
      if (i % each > 0) return ordinary(i);
      return elastic(caseOf({ os: 'linux', argv: ['kubectl', 'get', 'pods', String(i)] }), i).join('\n');
    });
    const { alerts, statistics } = await both(lines.join('\n'));
    assert.equal(alerts.length, 4);
    assert.equal(statistics.records, 4000);
    // Hits, and the first line, which is read in full.
    assert.equal(statistics.skipped, 3995);
  }
});

/** A process start as LAUREL writes it: the pid is a number, with nothing behind it that ends it but what JSON has. */
function laurel(number: number, pid: number, ppid: number, argv: readonly string[]): string {
  return JSON.stringify({
    ID: `1700000000.${String(number % 1000).padStart(3, '0')}:${number}`,
    NODE: 'host',
    SYSCALL: { pid, ppid, exe: `/usr/bin/${argv[0]}`, comm: argv[0], success: 'yes', uid: '1000' },
    EXECVE: { ARGV: argv },
  });
}

test('parents of several shapes in one input, ids that begin as others do', async () => {
  const hit = ['kubectl', 'port-forward', 'svc/web', '8080:80'];
  const lines: string[] = [];
  let size = 0;
  for (let i = 0; size < 3 * 1024 * 1024; i++) {
    const before = lines.length;
    const isHit = i % 50 === 49;
    // The parent is some events back; later pids begin with its digits.
    lines.push(
      laurel(i, 1000 + i, isHit ? 1000 + i - 40 : 1, isHit ? hit : ['bash', `/tmp/${i}.sh`]),
      laurel(i, (1000 + i) * 10 + 3, 1, ['true', `${i}`]),
      JSON.stringify({
        event_simpleName: 'ProcessRollup2',
        event_platform: 'Lin',
        TargetProcessId: String(5_000_000 + i),
        ParentProcessId: String(isHit ? 5_000_000 + i - 30 : 1),
        ComputerName: 'host',
        ImageFileName: isHit ? '/usr/bin/kubectl' : '/usr/bin/bash',
        CommandLine: isHit ? hit.join(' ') : `bash /tmp/${i}.sh ${'x'.repeat(i % 300)}`,
      }),
    );
    for (const line of lines.slice(before)) size += line.length;
  }
  const { alerts } = await both(lines.join('\n'));
  const parents = alerts.map(
    ({ process, event }) => `${event.shape} ${process?.parent?.args?.[1] ?? process?.parent?.commandLine}`,
  );
  const from = (shape: string): number =>
    parents.filter((one) => one.startsWith(`${shape} `) && one.includes('/tmp/')).length;
  assert.ok(from('auditd-laurel') > 50, parents.slice(0, 5).join());
  assert.ok(from('crowdstrike') > 50, parents.slice(0, 5).join());
});

test('a parent is found behind what it has done since, which is no start', async () => {
  const hit = ['kubectl', 'port-forward', 'svc/web', '8080:80'];
  const audit = (serial: number, syscall: number, ids: string, more: string): string =>
    `type=SYSCALL msg=audit(1700000000.${100 + serial}:${serial}): arch=c000003e syscall=${syscall} success=yes ${ids} uid=0
type=${more.replace(' ', ` msg=audit(1700000000.${100 + serial}:${serial}): `)}`;
  const falcon = (event_simpleName: string, id: number, more: object): string =>
    JSON.stringify({
      event_simpleName,
      event_platform: 'Lin',
      TargetProcessId: String(id),
      ComputerName: 'h',
      ...more,
    });
  const sources = [
    [
      audit(1, 59, 'ppid=1 pid=77', 'EXECVE argc=2 a0="sh" a1="/tmp/it.sh"'),
      ...Array.from({ length: 100 }, (_, i) => audit(10 + i, 257, 'ppid=1 pid=77', `PATH item=0 name="/tmp/${i}"`)),
      audit(300, 59, 'ppid=77 pid=78', `EXECVE argc=4 ${hit.map((one, i) => `a${i}="${one}"`).join(' ')}`),
    ],
    [
      falcon('ProcessRollup2', 77, { ImageFileName: '/usr/bin/sh', CommandLine: 'sh /tmp/it.sh' }),
      ...Array.from({ length: 100 }, (_, i) => falcon('ProcessActivity', 77, { Number: i })),
      falcon('ProcessRollup2', 78, {
        ParentProcessId: '77',
        ImageFileName: '/usr/bin/kubectl',
        CommandLine: hit.join(' '),
      }),
    ],
  ];
  // As many programs write JSON.
  sources.push((sources[1] ?? []).map((line) => line.replaceAll('":', '": ').replaceAll(',"', ', "')));
  for (const lines of sources) {
    const { alerts } = await both(lines.join('\n'));
    const [parent] = alerts.map(({ process }) => process?.parent);
    assert.match(parent?.args?.join(' ') ?? parent?.commandLine ?? '', /^sh \/tmp\/it\.sh$/);
  }
});

test('files that begin with a byte order mark, joined: no line of theirs is lost', async () => {
  const joined = Array.from(
    { length: 900 },
    (_, i) => `\ufeff${i % 150 === 0 ? HIT : ordinary(i)}\n${ordinary(i)}\n \ufeff\n`,
  );
  const { alerts, statistics } = await both(joined.join(''));
  assert.equal(alerts.length, 6);
  assert.equal(statistics.unrecognised, 0);
});
