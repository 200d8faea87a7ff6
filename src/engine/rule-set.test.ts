import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { LogSource } from '../event/log-source.ts';
import { parseRules } from '../sigma/parse-rules.ts';
import type { EventSchema } from './event-view.ts';
import { flatSchema } from '../../test/conformance/flat-schema.ts';
import { compileRules, isFor } from './rule-set.ts';
import type { RuleMatch } from './rule-set.ts';

interface SourcedEvent {
  readonly source: LogSource;
  readonly f: string;
}

const schema: EventSchema<SourcedEvent> = {
  name: 'sourced',
  field: (name) => (name === 'f' ? (event) => event.f : undefined),
  keywords: (event) => [event.f],
  logSource: (event) => event.source,
};

const rules = [
  'product: windows',
  'product: linux',
  'category: process_creation',
  'product: linux\n  service: auditd',
].flatMap(
  (source, i) =>
    parseRules({
      name: 'x.yml',
      text: `title: r${i}\nlogsource:\n  ${source}\ndetection:\n  s:\n    f: x\n  condition: s\n`,
    }).rules,
);

test('a rule for another log source never runs; what is not known contradicts nothing', () => {
  const cases: readonly (readonly [LogSource, readonly string[]])[] = [
    [{}, ['r0', 'r1', 'r2', 'r3']],
    [{ product: 'Linux' }, ['r1', 'r2', 'r3']],
    [{ product: 'linux', service: 'syslog' }, ['r1', 'r2']],
    [{ category: 'file_event' }, ['r0', 'r1', 'r3']],
    [{ product: 'macos', category: 'process_creation' }, ['r2']],
    [{ product: 'linux', service: ['syslog', 'AUDITD'] }, ['r1', 'r2', 'r3']],
    [{ product: 'linux', service: ['syslog', 'cron'] }, ['r1', 'r2']],
  ];
  const set = compileRules(rules, schema);
  for (const [source, titles] of [...cases, ...cases]) {
    const found = set.matchAll({ source, f: 'x' }).map(({ rule }) => rule.title);
    assert.deepEqual(found, titles, JSON.stringify(source));
    assert.equal(set.matchAll({ source, f: 'y' }).length, 0);
  }
  assert.equal(isFor({ product: 'windows' }, { product: 'linux' }), false);
});

test('rules that need the same come in their own order, among those that need nothing', () => {
  const texts = [
    's:\n    f: x\n  condition: s',
    's:\n    f: y\n  condition: not s',
    's:\n    f: [x, z]\n  condition: s',
    's:\n    f: X\n    g: null\n  condition: s',
    's:\n    f|all: [x, z]\n  condition: s',
    's:\n    - f: y\n    - f: x\n  condition: all of s*',
    'a:\n    f: x\n  s:\n    f: y\n  condition: 1 of s* or a',
    'a:\n    f: x\n  s:\n    f|neq: x\n  condition: a and not s',
  ];
  const set = compileRules(
    texts.flatMap(
      (text, i) =>
        parseRules({
          name: 'x.yml',
          text: `title: r${i}\nlogsource:\n  category: process_creation\ndetection:\n  ${text}\n`,
        }).rules,
    ),
    schema,
  );
  const titles = (f: string): readonly string[] => set.matchAll({ source: {}, f }).map(({ rule }) => rule.title);
  assert.deepEqual(titles('x'), ['r0', 'r1', 'r2', 'r3', 'r5', 'r6', 'r7']);
  assert.deepEqual(titles('y'), ['r5', 'r6']);
  assert.deepEqual(titles('z'), ['r1', 'r2']);
  assert.deepEqual(titles('w'), ['r1']);
});

test('log sources without end are matched as well, and cost no memory', () => {
  const set = compileRules(rules, schema);
  for (let i = 0; i < 3000; i++) assert.equal(set.matchAll({ source: { service: `s${i}` }, f: 'x' }).length, 3);
  assert.equal(set.matchAll({ source: { service: 's'.repeat(1e6) }, f: 'x' }).length, 3);
});

test('each event is read anew, also the same object with another content, and each field once', () => {
  let reads = 0;
  const base = flatSchema();
  const counting: typeof base = {
    ...base,
    field: (name) => {
      const read = base.field(name);
      return (event) => {
        reads++;
        return read?.(event);
      };
    },
  };
  const set = compileRules([...rules, ...rules], counting);
  const event: Record<string, string> = { f: 'x' };
  assert.equal(set.matchAll(event).length, 8);
  assert.equal(reads, 1);
  event['f'] = 'y';
  assert.equal(set.matchAll(event).length, 0);
  assert.equal(reads, 2);
});

test('rules that write the same test in several ways share its outcome, and each says its own', () => {
  const texts = [
    's:\n    f|contains: x\n  condition: s',
    "s:\n    f: '*X*'\n  condition: s",
    "s:\n    f: '*x*'\n  condition: not s",
  ];
  const set = compileRules(
    texts.flatMap(
      (text, i) =>
        parseRules({ name: 'x.yml', text: `title: r${i}\nlogsource:\n  product: linux\ndetection:\n  ${text}\n` })
          .rules,
    ),
    schema,
  );
  const said = (matches: readonly RuleMatch[]): readonly (readonly string[])[] =>
    matches.map(({ rule, evidence }) => [rule.title, ...evidence.map(({ pattern, value }) => `${pattern} ${value}`)]);
  const all = [0, 1, 2];
  for (let i = 0; i < 3; i++) {
    for (const [f, expected] of [
      [
        'axb',
        [
          ['r0', 'contains: x axb'],
          ['r1', '*X* axb'],
        ],
      ],
      ['ab', [['r2']]],
      [
        'X',
        [
          ['r0', 'contains: x X'],
          ['r1', '*X* X'],
        ],
      ],
    ] as const) {
      const event = { source: {}, f };
      assert.deepEqual(said(set.matchAll(event)), expected);
      assert.deepEqual(said(set.matchThese(event, all)), expected);
      assert.deepEqual(said(set.matchThese(event, [2, 1, 0])), expected);
      set.begin(event);
      assert.deepEqual(said(all.flatMap((rule) => set.match(rule) ?? [])), expected);
    }
  }
});

test('rules that need a number are told apart by it, also where it is written otherwise or is larger than JSON can say', () => {
  const large = '9007199254740993';
  const values = ['4697', '4698', '[4697, 4698]', '"4697"', large, `[4697, ${large}]`, '9007199254740992'];
  const set = compileRules(
    values.flatMap(
      (value, i) =>
        parseRules({
          name: 'x.yml',
          text: `title: r${i}\nlogsource:\n  category: process_creation\ndetection:\n  s:\n    f: ${value}\n  condition: s\n`,
        }).rules,
    ),
    schema,
  );
  for (const f of ['4697', '4698', '4697.0', '4699', large, '9007199254740992', 'x', '']) {
    const event = { source: {}, f };
    // One by one, without what is asked once for several.
    set.begin(event);
    const alone = values.flatMap((_, i) => (set.match(i) ? [`r${i}`] : []));
    assert.deepEqual(
      set.matchAll(event).map(({ rule }) => rule.title),
      alone,
      f,
    );
  }
  assert.equal(set.matchAll({ source: {}, f: '4697' }).length, 4);
});
