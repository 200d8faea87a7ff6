import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { printDiagnostic } from '../../src/base/print-diagnostic.ts';
import { githubLine, jsonLine, sarifLog } from '../../src/cli/rules/check-formats.ts';
import { compileRules } from '../../src/engine/rule-set.ts';
import { explainRule } from '../../src/engine/explain.ts';
import { applyFixes } from '../../src/lint/edits.ts';
import { lintFiles } from '../../src/lint/lint-files.ts';
import { parseRules } from '../../src/sigma/parse-rules.ts';
import type { Condition, Detection, SigmaRule } from '../../src/sigma/rule.ts';
import { flatSchema } from './flat-schema.ts';

const RUNS = Math.ceil(Number(process.env['PORTREEVE_PROPERTY_RUNS'] ?? 2500) / 5);

const good = `title: Good neighbour
id: 0e95725d-7320-415d-80f7-004da920fc11
status: test
description: |
  of several
  lines
references: [https://example.com/a]
author: A
date: 2026-01-31
modified: 2026/02/01
tags: [attack.t1090, attack.command_and_control]
logsource: {product: windows, category: process_creation}
detection:
  sel_a:
    Image|endswith: ['\\a.exe', "\\\\b.exe"]
    CommandLine|contains|all: ['x*', ' -y']
    Port|gte: 1024
  sel_b:
    - Ip|cidr: 10.0.0.0/8
    - Text|re|i: '^a+(b|c)$'
    - Data|wide|base64offset|contains: foo
  _words: ['evil', 5]
  filter: {User: null, Parent|windash: '-p', Other|fieldref: Image}
  condition: 1 of sel_* and not filter or _words # why
falsepositives: [Unknown]
level: high
`;
const correlated = `title: Many
correlation:
  type: value_count
  rules: [good]
  group-by: [User]
  timespan: 5m
  aliases: {a: {good: User}}
  condition: {gte: 3, field: Ip}
---
title: Filter
logsource: {product: windows}
filter:
  rules: [good]
  selection: {User: root}
  condition: not selection
---
action: global
title: Global
level: low
---
detection: {s: &s {a: b}, t: {<<: *s, z: 1}, timeframe: 5m, condition: s | count(x) by y > 5}
logsource: {product: z}
`;
const placeholders = (name: string): readonly string[] | undefined => (name === 'a' ? ['1', '*'] : undefined);

const pieces = fc.constantFrom(
  '\n',
  '\n---\n',
  '...\n',
  '  ',
  '\t',
  ':',
  ': ',
  '- ',
  '*',
  '&a',
  '*a',
  '<<: *b',
  '!!binary x',
  '!x',
  '|',
  '>',
  '|-\n',

  "'",
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  '#',
  '%',
  '%YAML 1.1\n',
  '? ',
  '\\',
  '\u0000',
  '\u0007',
  '\r',
  '\ufeff',
  '\ud800',
  '\u2028',

  'null',
  '~',
  'true',
  '.nan',
  '.inf',
  '0x10',
  '1e400',
  '9'.repeat(400),
  '2026-01-01',
  '__proto__: x',
  'constructor',

  '|re: (',
  '|re: (?=a)',
  '|re: "a{1,1000}{1,1000}"',
  '|cidr',
  '|all',
  '|neq',
  '|expand: "%a%"',
  '|exists: 5',
  '|minute|lt: 5',

  'condition: ((((',
  'condition: 1 of',
  'condition: not',
  'condition: [a, {b: c}]',
  'action: repeat',
  'action: x',
  'timeframe: 5m',

  'correlation: {}',
  'filter: []',
  'detection: 5',
  'logsource: [a]',
  'level: [high]',
  'tags: {a: b}',
  'title: [x]',
  'related: [5]',
  '('.repeat(2000),
  '['.repeat(2000),
  '{a: '.repeat(200),
  '- '.repeat(300),
  'a'.repeat(5000),
  '*?'.repeat(500),
);
/** Something elsewhere, and what stood there gone. */
const splice = fc
  .record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.constantFrom(0, 0, 0, 1, 1, 2, 5, 30),
    insert: fc.oneof(fc.constant(''), pieces, fc.string({ unit: 'binary', maxLength: 3 })),
  })
  .map(({ at, remove, insert }) => (text: string): string => {
    const place = Math.floor(at * text.length);
    return text.slice(0, place) + insert + text.slice(place + remove);
  });
const scalars = fc.constantFrom(
  "''",
  'null',
  '~',
  '5',
  '-1.5',
  '1e400',
  '.nan',
  'true',
  '0x10',
  '9'.repeat(400),
  '2026-01-01',
  "'*'",
  "'%a%'",
  "'%b%'",
  '"\\0\\e[31m"',

  "'(?=a)'",
  "'(a|b'",
  "'\\\\'",
  '"\\ud800"',
  '[]',
  '{}',
  '[a, null, 5]',
  '[[a]]',
  '{a: b}',
  '!x y',
  '&c d',
  'sel_a',
  'not filter',
  '1 of them',
);
/** Another value in one line, so that the YAML mostly stays good. */
const change = fc.record({ line: fc.nat(60), value: scalars }).map(({ line, value }) => (text: string): string => {
  const lines = text.split('\n');
  const which = line % lines.length;
  lines[which] = (lines[which] ?? '').replace(/: .*$/s, () => `: ${value}`);
  return lines.join('\n');
});
const modifiers = fc.constantFrom(
  'contains',
  're',
  'i',
  'all',
  'neq',
  'cased',
  'windash',
  'base64offset',
  'utf16',
  'expand',
  'lt',
  'hour',
  'fieldref',
  'exists',
  'cidr',
  'x',
  '',
);
const modify = fc.record({ key: fc.nat(30), name: modifiers }).map(({ key, name }) => (text: string): string => {
  let at = 0;
  return text.replaceAll(/\w+(?=:)/g, (word) => (at++ === key ? `${word}|${name}` : word));
});
const mutated = fc
  .tuple(
    fc.constantFrom(good, correlated, `${good}---\n${correlated}`),
    fc.array(fc.oneof(splice, change, change, modify), { minLength: 1, maxLength: 3 }),
  )
  .map(([text, mutations]) => mutations.reduce<string>((whole, mutate) => mutate(whole), text));
const anything = fc.oneof(
  { weight: 4, arbitrary: mutated },
  fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
  fc.json().map((text) => text),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

/** What rules ask of events. */
function meaning(rules: readonly SigmaRule[]): unknown {
  const asked = (detection: Detection): unknown =>
    detection.kind === 'field'
      ? [
          detection.test.field,
          detection.test.all,
          detection.test.negated,
          detection.test.values.map(({ tests }) => tests),
        ]
      : [detection.kind, detection.items.map(asked)];
  const condition = (one: Condition): unknown => {
    if (one.kind === 'and' || one.kind === 'or') return [one.kind, one.items.map(condition)];
    if (one.kind === 'not') return [one.kind, condition(one.item)];
    return one.kind === 'identifier' ? one.name : [one.atLeast, one.names];
  };
  return rules.map((rule) => [
    rule.identifiers.map(({ name, detection }) => [name, asked(detection)]),
    condition(rule.condition),
    rule.logsource,
    rule.level,
  ]);
}

/** Mends a text as `--fix` does. What was read before is read again and means the same, and nothing is left to mend. */
function isMended(given: string, before: unknown): boolean {
  let text = given;
  for (let round = 0; round < 8; round++) {
    const fixes = lintFiles([{ name: 'a.yml', text }]).flatMap((one) => (one.fix ? [one.fix] : []));
    if (fixes.length === 0) {
      const { rules } = parseRules({ name: 'a.yml', text }, { placeholders });
      if (Array.isArray(before) && before.length > 0)
        assert.deepEqual(meaning(rules), before, `${given}\n=====\n${text}`);
      return text !== given;
    }
    text = applyFixes(text, fixes).text;
  }
  assert.fail(`never done: ${given}`);
}

test('whatever a rule file holds, nothing throws, places are in the file, and neighbours stay', () => {
  const schema = flatSchema();
  const event = {
    Image: 'C:\\a.exe',
    CommandLine: ['x', ' -y', null],
    User: null,
    Port: 10n ** 30n,
    Ip: '::ffff:10.0.0.1',
  };
  let rules = 0;
  let problems = 0;
  let mended = 0;
  const property = fc.property(anything, (text) => {
    const source = { name: 'a, b:c%\n.yml', text };
    const parsed = parseRules(source, { placeholders });
    const findings = lintFiles([source, { name: 'good.yml', text: good }]);
    for (const { span } of [...parsed.diagnostics, ...findings]) {
      const { length } = span.source.text;
      assert.ok(span.start >= 0 && span.start <= length && span.start <= span.end, `${span.start} of ${length}`);
    }
    for (const diagnostic of parsed.diagnostics)
      assert.doesNotMatch(printDiagnostic(diagnostic), /[\u0000\u0007\u001b]/);
    for (const finding of findings) {
      assert.doesNotMatch(githubLine(finding), /[\r\n]/);
      assert.doesNotMatch(jsonLine(finding), /[\r\n]/);
    }
    JSON.stringify(sarifLog(findings, '1.0.0'));
    mended += isMended(text, meaning(parsed.rules)) ? 1 : 0;
    rules += parsed.rules.length;
    problems += parsed.diagnostics.length;
    compileRules(parsed.rules, schema).matchAll(event);
    for (const rule of parsed.rules.slice(0, 3)) explainRule(rule, schema, event);
    // Documents are apart, unless one says that it is a part of others.
    if (text.includes('action') || text.includes('%YAML')) return;
    const between = parseRules({ name: 'many.yml', text: `${good}\n---\n${text}\n---\n${good}` });
    assert.ok(between.rules.filter(({ title }) => title === 'Good neighbour').length >= 2);
  });
  fc.assert(property, { numRuns: RUNS });
  assert.ok(mended > RUNS / 15, `${mended} mended`);
  assert.ok(rules > RUNS / 15 && problems > RUNS, `${rules} rules, ${problems} problems`);
});
