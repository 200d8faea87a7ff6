import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import type { Source } from '../base/source.ts';
import { planCorrelations } from '../correlate/plan.ts';
import { parseRules } from '../sigma/parse-rules.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import { openRuleImage, RuleImageWriter } from './rule-image.ts';
import type { ReadyRules } from './rule-image.ts';

const root = join(import.meta.dirname, '..', '..');
const sigmahq = join(root, '..', 'shared', 'data', 'sigmahq');

/** Writes the rules of the sources and opens them again; with what was parsed, for comparison. */
function throughImage(sources: readonly Source[]): {
  readonly parsed: readonly SigmaRule[];
  readonly ready: ReadyRules;
} {
  const numbers = new Map(sources.map((source, number) => [source, number]));
  const writer = new RuleImageWriter({ numberOf: (source) => numbers.get(source) });
  const files = sources.map((source) => parseRules(source));
  const parsed = files.flatMap(({ rules }) => rules);
  for (const rule of parsed) writer.add(rule);
  const correlations = files.flatMap((file) => file.correlations);
  const diagnostics = files.flatMap((file) => file.diagnostics);
  const plan = planCorrelations(parsed, correlations, () => undefined);
  const image = writer.end({ correlations, plan, diagnostics, isUsable: true, leftOut: 3 });
  const ready = openRuleImage(image, sources);
  assert.deepEqual(ready.correlations, correlations);
  assert.deepEqual(ready.diagnostics, diagnostics);
  assert.deepEqual(ready.plan, plan);
  assert.equal(ready.leftOut, 3);
  return { parsed, ready };
}

function sourcesBelow(folder: string, pattern: string): readonly Source[] {
  return globSync(pattern, { cwd: folder })
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

/** Nothing here is as plain as most rules are. */
const ODD = `title: Odd "ü" \\ud800
logsource: { product: windows, definition: "say \\"so\\"" }
detection:
  selection:
    - A|contains|all: ['x*y', 'a\\*b', '?', '*', '']
    - B: [1, 1.0, 0x10, 12345678901234567890123, -0, true, null, '']
    - C|re|i: ['a.*b', '(x|y)+']
      D|cidr: 10.0.0.0/8
      E|gt: 12345678901234567890123
      F|exists: false
      G|fieldref|endswith: H
      I|hour|gte: 5
      J|cased|startswith: Übung
      K|base64offset|contains: text
      L|windash|contains: ' -x'
      M|neq: [a, b]
    - keyword
    - 'key*word'
  other|x:
    '|all': [one, two]
  __proto__:
    toString: constructor
  condition: (selection or 1 of o*) and not (all of them and __proto__)
my_number: .inf
my_nan: .nan
my_zero: -0.0
my_map: { a: [1, { '~': map, of: [] }], b: 99999999999999999999 }
__proto__: { polluted: true }
`;

test('rules come out of an image as they went in', () => {
  const { parsed, ready } = throughImage([
    { name: 'odd.yml', text: ODD },
    { name: 'empty.yml', text: '' },
    { name: 'bad.yml', text: 'title: 1\ndetection: {a: {b|nope: 1}, condition: c}' },
    ...sourcesBelow(root, 'rules/**/*.yml'),
    ...sourcesBelow(root, 'examples/**/*.yml'),
  ]);
  assert.ok(parsed.length > 20, `${parsed.length} rules`);
  assert.equal(parsed[0]?.identifiers.length, 3, 'the odd rule is valid');
  assert.deepEqual(ready.rules, parsed);
  assert.deepEqual(
    ready.rules.map((rule) => ({ ...rule })),
    parsed,
  );
  for (const [i, rule] of ready.rules.entries()) {
    assert.equal(rule.source, parsed[i]?.source);
    assert.equal(rule.identifiers, rule.identifiers, 'read once');
    assert.equal('id' in rule, parsed[i]?.id !== undefined);
    assert.equal(JSON.stringify(rule.title), JSON.stringify(parsed[i]?.title));
    assert.throws(() => Object.assign(rule, { title: 'other' }), TypeError);
  }
});

test(
  'every rule of SigmaHQ comes out of an image as it went in',
  {
    skip: existsSync(sigmahq) ? false : 'shared data is not here: data/sigmahq',
  },
  () => {
    const { parsed, ready } = throughImage(sourcesBelow(sigmahq, '{rules,rules-*}/**/*.yml'));
    assert.ok(parsed.length > 3500, `${parsed.length} rules`);
    assert.equal(ready.rules.length, parsed.length);
    for (const [i, rule] of parsed.entries()) assert.deepEqual(ready.rules[i], rule, rule.title);
  },
);
