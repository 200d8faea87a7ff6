import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseAllDocuments } from 'yaml';

import { parseRules } from '../../src/sigma/parse-rules.ts';
import { sigmahq } from '../regression/regression-case.ts';

const root = join(import.meta.dirname, '..', '..');
const schema: object = JSON.parse(readFileSync(join(root, 'schemas', 'sigma-rule.schema.json'), 'utf8'));
const validate = new Ajv2020({ allowUnionTypes: true, strictRequired: false }).compile(schema);

/** What the schema objects to in a file of rules; dates stay texts, as they are in YAML's core schema. */
function objections(text: string): readonly string[] {
  return parseAllDocuments(text, { version: '1.2' }).flatMap((document) => {
    if (validate(document.toJS())) return [];
    return (validate.errors ?? []).slice(0, 1).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
  });
}

const filesBelow = (folder: string, pattern: string): readonly string[] =>
  globSync(pattern, { cwd: folder })
    .filter((name) => !name.endsWith('.tests.yml'))
    .map((name) => join(folder, name));

test('the rules that come with the product are valid', () => {
  const files = filesBelow(root, 'rules/**/*.yml');
  assert.ok(files.length > 20);
  for (const file of files) assert.deepEqual(objections(readFileSync(file, 'utf8')), [], file);
});

test(
  "SigmaHQ's rules are valid",
  { skip: existsSync(sigmahq) ? false : 'shared data is not here: data/sigmahq' },
  () => {
    const wrong = filesBelow(sigmahq, 'rules*/**/*.yml').flatMap((file) => {
      const found = objections(readFileSync(file, 'utf8'));
      return found.length === 0 ? [] : [`${file}: ${found.join(', ')}`];
    });
    assert.deepEqual(wrong, []);
  },
);

test('what the parser refuses for its form, the schema refuses too', () => {
  const detection = (body: string): string => `title: t\nlogsource: {product: x}\ndetection:\n${body}\n`;
  const good = [
    detection('  a: {b|contains|all: [c, d]}\n  condition: a'),
    detection('  a: [x, y]\n  condition: [a, not a]'),
    detection("  a:\n    '|all': [x, y]\n  condition: a"),
    'title: t\ncorrelation: {type: event_count, rules: [a], timespan: 5m, condition: {gte: 5}}\n',
    'title: t\ncorrelation: {type: temporal, rules: [a, b], timespan: 5m, condition: a and b}\n',
    'title: t\nlogsource: {product: x}\nfilter: {rules: [a], s: {b: c}, condition: not s}\n',
  ];
  const bad = [
    'title: t\n',
    'logsource: {product: x}\ndetection: {a: {b: c}, condition: a}\n',
    detection('  a: {b: c}'),
    detection('  condition: a'),
    detection('  a: {b|oops: c}\n  condition: a'),
    detection('  a: {b: {c: d}}\n  condition: a'),
    detection('  a: {b: []}\n  condition: a'),
    `level: hgih\n${detection('  a: {b: c}\n  condition: a')}`,
    'title: t\ncorrelation: {type: count, rules: [a], timespan: 5m}\n',
    'title: t\ncorrelation: {type: temporal, rules: [], timespan: 5m}\n',
    'title: t\ncorrelation: {type: event_count, rules: [a], timespan: 5w, condition: {gte: 1}}\n',
    'title: t\ncorrelation: {type: event_count, rules: [a], timespan: 5m, condition: {more: 1}}\n',
    'title: t\nlogsource: {product: x}\nfilter: {s: {b: c}, condition: not s}\n',
  ];
  const isRead = (text: string): boolean => {
    const { rules, correlations, filters } = parseRules({ name: 'x.yml', text });
    return rules.length + correlations.length + filters.length === 1;
  };
  for (const text of good) assert.deepEqual([isRead(text), objections(text)], [true, []], text);
  for (const text of bad) assert.deepEqual([isRead(text), objections(text).length > 0], [false, true], text);
});
