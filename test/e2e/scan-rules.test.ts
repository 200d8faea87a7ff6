import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { at, lines, portreeve } from './run-portreeve.ts';

const rules = `title: forward
name: forward
logsource: {category: process_creation}
detection:
  s: {process.args: port-forward}
  condition: s
---
title: Many forwards of one user
id: 5d8fd9da-6916-45ef-8d4d-3fa9d19d1a64
level: high
correlation:
  type: event_count
  rules: [forward]
  group-by: [user.name]
  timespan: 1m
  condition: {gte: 3}
---
title: Leave root alone
logsource: {category: process_creation}
filter:
  rules: [forward]
  root: {user.name: root}
  condition: not root
`;

const start = (second: number, user: string): string =>
  JSON.stringify({
    '@timestamp': new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
    event: { kind: 'event', category: ['process'], type: ['start'], action: 'exec', module: 'endpoint' },
    agent: { type: 'endpoint' },
    data_stream: { dataset: 'endpoint.events.process' },
    process: {
      name: 'kubectl',
      executable: '/usr/bin/kubectl',
      args: ['kubectl', 'port-forward', 'svc/db', '5432'],
      pid: second,
    },
    user: { name: user },
    host: { name: 'h', os: { type: 'linux' } },
  });

test('--logsource says where events come from that do not say it; a record of no known shape is not dropped', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-'));
  try {
    const pack = join(folder, 'r.yml');
    const rule = (product: string): string =>
      `title: ${product}\nlogsource: {product: ${product}, category: process_creation}\ndetection:\n  s: {Image|endswith: kubectl}\n  condition: s\n`;
    writeFileSync(pack, `${rule('linux')}---\n${rule('windows')}`);
    const events = [
      '{"Image":"/bin/kubectl"}',
      '{"product":"linux","category":"process_creation","Image":"/bin/kubectl"}',
    ];
    const titles = (...args: string[]): readonly (readonly unknown[])[] => {
      const run = portreeve(['scan', '--rules', pack, '--format', 'ndjson', ...args, '-'], events.join('\n'));
      assert.equal(run.status, 0, run.stderr);
      return lines(run.stdout).map((alert) => [0, 1].map((i) => at(alert, 'rules', i, 'title')).filter(Boolean));
    };
    assert.deepEqual(titles(), [['linux', 'windows'], ['linux']]);
    assert.deepEqual(titles('--logsource', 'product=windows'), [['windows'], ['linux']]);
    assert.deepEqual(titles('--logsource', 'product=linux,category=process_creation', '--threads', '2'), [
      ['linux'],
      ['linux'],
    ]);
    assert.deepEqual(titles('--logsource', 'category=dns'), [['linux']]);
    for (const bad of ['windows', 'product=', 'vendor=x', 'product=a=b', ''])
      assert.equal(portreeve(['scan', '--logsource', bad, '-']).status, 2, bad);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('--level and --status choose the rules that give alerts; what a correlation is made of stays', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-'));
  try {
    const pack = join(folder, 'r.yml');
    const one = (title: string, head: string): string =>
      `title: ${title}\nname: ${title}\n${head}logsource: {product: x}\ndetection:\n  s: {Image: k}\n  condition: s\n---\n`;
    const many = (title: string, rule: string, head: string): string =>
      `title: ${title}\n${head}correlation:\n  type: event_count\n  rules: [${rule}]\n  timespan: 1h\n  condition: {gte: 2}\n---\n`;
    writeFileSync(
      pack,
      one('low', 'level: low\nstatus: stable\n') +
        one('high', 'level: high\nstatus: test\n') +
        one('old', 'level: critical\nstatus: deprecated\n') +
        one('none', '') +
        one('part', 'level: low\n') +
        many('often', 'part', 'level: high\nstatus: stable\n') +
        one('quiet', 'level: critical\nstatus: stable\n') +
        many('seldom', 'quiet', 'level: low\nstatus: stable\n'),
    );
    const event = (second: number): string =>
      JSON.stringify({ Image: 'k', '@timestamp': `2026-01-01T00:00:0${second}Z` });
    const titles = (...args: string[]): readonly string[] => {
      const run = portreeve(
        ['scan', '--rules', pack, '--format', 'ndjson', ...args, '-'],
        `${event(1)}\n${event(2)}\n`,
      );
      assert.equal(run.status, 0, run.stderr);
      const alerts = lines(run.stdout);
      const found = alerts.flatMap((alert) =>
        [0, 1, 2, 3, 4, 5].map((i) => at(alert, 'rules', i, 'title')).filter(Boolean),
      );
      return [...new Set(found.map(String))].sort();
    };
    assert.deepEqual(titles(), ['high', 'low', 'none', 'often', 'old', 'seldom']);
    assert.deepEqual(titles('--level', 'high'), ['high', 'often', 'old']);
    assert.deepEqual(titles('--level', 'high', '--threads', '2'), ['high', 'often', 'old']);
    assert.deepEqual(titles('--status', 'stable', '--status', 'test'), ['high', 'low', 'often', 'seldom']);
    assert.deepEqual(titles('--status', 'stable', '--level', 'medium'), ['often']);
    const none = portreeve(['scan', '--rules', pack, '--status', 'unsupported', '-'], event(1));
    assert.equal(none.status, 2);
    assert.match(none.stderr, /8 rules are left out by --level and --status/);
    assert.equal(portreeve(['scan', '--status', 'new', '-']).status, 2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('--pipeline and --placeholder change rules; a pipeline that cannot be read stops the scan', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-'));
  try {
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const rule = file(
      'r.yml',
      'title: T\nlogsource: {product: x}\ndetection:\n  s:\n    Image|expand: "%tool%"\n    User: joe\n  condition: s\n',
    );
    const map = file(
      'p.yaml',
      'name: p\nvars: {tool: [kubectl, oc]}\ntransformations:\n- type: value_placeholders\n- type: field_name_mapping\n  mapping: {Image: exe}\n',
    );
    const events = '{"exe":"oc","User":"joe"}\n{"Image":"k","User":"joe"}\n'.repeat(3);
    const found = (...args: string[]): number =>
      lines(portreeve(['scan', '--rules', rule, '--format', 'ndjson', ...args, '-'], events).stdout).length;
    assert.equal(found('--pipeline', map), 3);
    assert.equal(found('--pipeline', map, '--threads', '2'), 3);
    assert.equal(found('--placeholder', 'tool=k', '--placeholder', 'tool=z'), 3);
    const none = portreeve(['scan', '--rules', rule, '-'], events);
    assert.equal(none.status, 2);
    assert.match(none.stderr, /--placeholder tool=VALUE/);
    const bad = portreeve(
      [
        'scan',
        '--rules',
        rule,
        '--pipeline',
        file('b.yaml', 'transformations:\n- type: query_expression_placeholders\n'),
        '-',
      ],
      events,
    );
    assert.equal(bad.status, 2);
    assert.match(bad.stderr, /b\.yaml:2:9: error pipeline-unsupported/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a correlation gives one alert with its events, the same on two threads, and goes on from a saved state', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-'));
  try {
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const pack = file('r.yml', rules);
    const steps = ['joe', 'ann', 'root', 'joe', 'root', 'root', 'joe', 'ann'].map((user, i) => start(i, user));
    const whole = file('whole.ndjson', `${steps.join('\n')}\n`);
    const scan = (...args: string[]) =>
      portreeve(['scan', '--rules', pack, '--format', 'ndjson', '--stats=json', ...args]);
    const one = scan(whole);
    assert.equal(one.status, 0, one.stderr);
    const [alert, ...others] = lines(one.stdout);
    assert.deepEqual(others, []);
    assert.equal(at(alert, 'title'), 'Many forwards of one user: joe');
    assert.equal(at(alert, 'severity'), 'high');
    assert.equal(at(alert, 'event', 'line'), 7);
    const expected = {
      type: 'event_count',
      timespan_seconds: 60,
      group: { 'user.name': 'joe' },
      value: 3,
      first: '2026-01-01T00:00:00.000Z',
      last: '2026-01-01T00:00:06.000Z',
      count: 3,
    };
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(at(alert, 'correlation', key), value, key);
    assert.deepEqual(
      [0, 1, 2, 3].map((i) => at(alert, 'correlation', 'events', i, 'line')),
      [1, 4, 7, undefined],
    );
    assert.equal(scan('--threads', '2', whole).stdout, one.stdout);

    const state = join(folder, 'state.json');
    const [first, second] = [
      file('1.ndjson', `${steps.slice(0, 4).join('\n')}\n`),
      file('2.ndjson', `${steps.slice(4).join('\n')}\n`),
    ];
    assert.equal(scan('--correlation-state', state, first).stdout, '');
    const later = scan('--correlation-state', state, second);
    assert.equal(at(lines(later.stdout)[0], 'correlation', 'count'), 3);
    // The same file again: every event is known.
    const again = scan('--correlation-state', state, second);
    assert.equal(again.stdout, '');
    assert.match(again.stderr, /"duplicates":2/);
    assert.ok(readFileSync(state, 'utf8').length > 100);
    writeFileSync(state, '{"rules":"x","state":{}}');
    const refused = scan('--correlation-state', state, second);
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /is no correlation state/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a scan shows a few problems of each kind in its rules, and says how many there are', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-'));
  try {
    const rule = (i: number, more: string): string =>
      `title: r${i}\nlogsource: {product: linux}\ndetection:\n  s: {Image|endswith: kubectl${more}}\n  condition: s\n`;
    for (let i = 0; i < 7; i++) writeFileSync(join(folder, `${i}.yml`), rule(i, i < 5 ? ', User|expand: "%who%"' : ''));
    const run = portreeve(['scan', '--rules', folder, '-'], '{"Image":"/bin/kubectl"}');
    assert.equal(run.status, 0, run.stderr);
    assert.equal(run.stderr.match(/error placeholder-unresolved/g)?.length, 3, run.stderr);
    assert.ok(
      run.stderr.includes(
        `further problems in the rules: 2 placeholder-unresolved; portreeve rules check ${folder} tells more`,
      ),
      run.stderr,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
