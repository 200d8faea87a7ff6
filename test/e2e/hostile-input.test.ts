import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { at, lines, portreeve } from './run-portreeve.ts';
import type { Run } from './run-portreeve.ts';

const folder = mkdtempSync(join(tmpdir(), 'portreeve-hostile-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A process start in the shape of Elastic Defend: an API proxy open to the network, from bash. */
function proxyStart(n: number): string {
  return JSON.stringify({
    '@timestamp': '2026-03-14T01:02:03.000Z',
    agent: { type: 'endpoint' },
    event: {
      module: 'endpoint',
      dataset: 'endpoint.events.process',
      category: ['process'],
      type: ['start'],
      action: 'exec',
      kind: 'event',
    },
    host: { name: 'host-1', os: { type: 'linux' } },
    process: {
      pid: 1000 + n,
      name: 'kubectl',
      executable: '/usr/local/bin/kubectl',
      args: ['kubectl', 'proxy', '--address=0.0.0.0', `--port=${8000 + n}`],
      command_line: `kubectl proxy --address=0.0.0.0 --port=${8000 + n}`,
      parent: { pid: 1, name: 'bash', executable: '/usr/bin/bash', args: ['-bash'], command_line: '-bash' },
    },
  });
}

const first = proxyStart(1);
const last = proxyStart(2);

interface HostileCase {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Code and place of what must be said on standard error. */
  readonly says: RegExp;
  /** Code that `--stats=json` must count, and how often. */
  readonly counts: readonly [string, number];
  /** Alerts, of the good records around. */
  readonly alerts: number;
}

function between(middle: string | Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${first}\n`), Buffer.from(middle), Buffer.from(`\n${last}\n`)]);
}

const offset = first.length + 1;
const place = (line: number, byte: number): string => `:${line}: (error|warning) [a-z0-9-]+: .*\\(at byte ${byte}\\)`;

const cases: readonly HostileCase[] = [
  {
    name: 'malformed JSON',
    bytes: between('{"a": nonsense}'),
    says: new RegExp(place(2, offset)),
    counts: ['json-invalid', 1],
    alerts: 2,
  },
  {
    name: 'a truncated record',
    bytes: between(first.slice(0, 120)),
    says: new RegExp(place(2, offset)),
    counts: ['json-invalid', 1],
    alerts: 2,
  },
  {
    name: 'binary data',
    bytes: between(Buffer.from([0x7b, 0, 1, 2, 0xff, 0xfe, 0x80, 0x7d])),
    says: new RegExp(`record-binary: .*at byte ${offset}`),
    counts: ['record-binary', 1],
    alerts: 2,
  },
  {
    name: 'bytes that are not UTF-8, in a record that is read all the same',
    bytes: between(Buffer.from(first.replace('host-1', 'h\u00f6st'), 'latin1')),
    says: new RegExp(`warning record-invalid-utf8: .*at byte ${offset}`),
    counts: ['record-invalid-utf8', 1],
    alerts: 3,
  },
  {
    name: 'deep nesting',
    bytes: between('{"a":'.repeat(200_000) + '1' + '}'.repeat(200_000)),
    says: new RegExp(`json-too-deep: .*at byte ${offset}`),
    counts: ['json-too-deep', 1],
    alerts: 2,
  },
  {
    name: 'deep nesting that is not closed',
    bytes: between('['.repeat(300_000)),
    says: new RegExp(place(2, offset)),
    counts: ['json-invalid', 1],
    alerts: 2,
  },
  {
    name: 'a line of 64 MiB',
    bytes: between(`{"a":"${'x'.repeat(64 * 1024 * 1024)}"}`),
    says: new RegExp(`record-too-long: .*at byte ${offset}`),
    counts: ['record-too-long', 1],
    alerts: 2,
  },
  {
    name: 'a scalar where an object is expected',
    bytes: between('[1, 2, 3]'),
    says: new RegExp(`json-not-an-object: .*at byte ${offset}`),
    counts: ['json-not-an-object', 1],
    alerts: 2,
  },
  {
    name: 'half-written gzip',
    bytes: gzipSync(Buffer.concat([between('{"b":1}'), Buffer.alloc(100_000, 'y')])).subarray(0, -30),
    says: /input-cut: .*gzip data stop early/,
    counts: ['input-cut', 1],
    alerts: 2,
  },
];

function summary(run: Run): Record<string, unknown> {
  const [json] = lines(run.stderr.trimEnd().split('\n').at(-1) ?? '');
  assert.ok(json, run.stderr);
  return json;
}

test('bad input is named with its place and counted, and its neighbours are scanned', () => {
  for (const { name, bytes, says, counts, alerts } of cases) {
    const file = join(folder, 'input.ndjson');
    writeFileSync(file, bytes);
    const run = portreeve(['scan', file, '--format', 'ndjson', '--stats=json']);
    const said = `${name}\n${run.stderr.slice(0, 2000)}`;
    assert.equal(run.status, 0, said);
    assert.equal(lines(run.stdout).length, alerts, said);
    assert.match(run.stderr, says, name);
    const [code, count] = counts;
    assert.equal(at(summary(run), 'diagnostics', code), count, said);
    assert.ok(run.stderr.length < 4000, `${name}: ${run.stderr.length} characters on standard error`);
  }
});

test('wrong encodings are read as what they are', () => {
  const text = `${first}\r\n${last}\r\n`;
  const little = Buffer.from(text, 'utf16le');
  const inputs: readonly (readonly [string, Uint8Array])[] = [
    ['CRLF', Buffer.from(text)],
    ['UTF-8 with a byte-order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 LE', Buffer.concat([Buffer.from([0xff, 0xfe]), little])],
    ['UTF-16 BE', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(little).swap16()])],
    ['UTF-16 LE without a mark', little],
    [
      'pretty-printed',
      Buffer.from(`${JSON.stringify(JSON.parse(first), null, 2)}\n${JSON.stringify(JSON.parse(last), null, 2)}\n`),
    ],
    ['one array', Buffer.from(`[${first},${last}]`)],
  ];
  for (const [name, bytes] of inputs) {
    const file = join(folder, 'input.ndjson');
    writeFileSync(file, bytes);
    const run = portreeve(['scan', file, '--format', 'ndjson', '--stats=json']);
    assert.equal(run.status, 0, name);
    assert.equal(lines(run.stdout).length, 2, `${name}\n${run.stderr}`);
    assert.deepEqual(at(summary(run), 'diagnostics'), {}, name);
  }
});

test('a missing file is named, the others are scanned, and the status says so', () => {
  const good = join(folder, 'good.ndjson');
  writeFileSync(good, `${first}\n`);
  const missing = join(folder, 'missing.ndjson');
  const run = portreeve(['scan', missing, good, '--format', 'ndjson']);
  assert.equal(run.status, 2);
  assert.equal(lines(run.stdout).length, 1);
  assert.ok(run.stderr.includes(`${missing}: error input-missing`), run.stderr);
});

test('exit statuses: findings at a level, bad arguments, no rule', () => {
  const good = join(folder, 'good.ndjson');
  writeFileSync(good, `${first}\n`);
  const empty = join(folder, 'no-rules');
  mkdirSync(empty, { recursive: true });
  const bad = join(folder, 'bad-rule.yml');
  writeFileSync(
    bad,
    'title: broken\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    Image: x\n  condition: b\n',
  );
  const statuses: readonly (readonly [number, readonly string[]])[] = [
    [0, ['scan', good]],
    [0, ['scan', '--stats', good]],
    [1, ['scan', good, '--fail-on', 'high']],
    [0, ['scan', good, '--fail-on', 'critical']],
    [2, ['scan']],
    [2, ['scan', good, '--format', 'xml']],
    [2, ['scan', good, '--threads', '0']],
    [2, ['scan', good, '--rules', empty]],
    [2, ['scan', good, '--rules', join(folder, 'nowhere')]],
    [2, ['scan', good, '--rules', bad]],
    [2, ['frobnicate']],
    [0, ['--help']],
    [0, ['scan', '--help']],
    [0, ['--version']],
  ];
  for (const [status, args] of statuses) {
    const run = portreeve(args);
    assert.equal(run.status, status, `portreeve ${args.join(' ')}\n${run.stderr}`);
  }
});

test('standard input is read, and cannot be mistaken for a file', () => {
  const run = portreeve(['scan', '-', '--format', 'ndjson'], `${first}\n`);
  assert.equal(run.status, 0, run.stderr);
  assert.equal(at(lines(run.stdout)[0], 'event', 'file'), '<stdin>');
});
