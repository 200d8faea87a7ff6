import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { FieldPlaces } from '../event/field-places.ts';
import { parseRules } from '../sigma/parse-rules.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import { NeedWriter, RequirementReader } from './need-code.ts';
import type { StoredNeeds } from './need-code.ts';
import type { Requirement } from './requirements.ts';

function rule(detection: string): SigmaRule {
  const { rules, diagnostics } = parseRules({
    name: 'rule.yml',
    text: `title: T\nlogsource: { product: p }\ndetection:\n${detection}\nlevel: low\n`,
  });
  const [only] = rules;
  assert.ok(only, JSON.stringify(diagnostics.map(({ code }) => code)));
  return only;
}

function stored(rules: readonly SigmaRule[]): StoredNeeds {
  const writer = new NeedWriter();
  for (const one of rules) writer.add(one);
  const { needs, rules: starts, values, valueStarts, literalEnds, text, fields } = writer.end();
  return {
    needs: Uint32Array.from(needs),
    rules: Uint32Array.from(starts),
    values: Uint32Array.from(values),
    valueStarts: Uint32Array.from(valueStarts),
    literalEnds: Uint32Array.from(literalEnds),
    fields,
    text: (from, to) => text.slice(from, to),
  };
}

/** As a text: `place path literal`, and lists in brackets. */
function shown(requirement: Requirement | undefined): string {
  if (requirement === undefined) return 'unknown';
  if (requirement.kind === 'witness')
    return [requirement.where, requirement.path ?? '*', requirement.literal].filter((one) => one !== '').join(' ');
  return `${requirement.kind}(${requirement.of.map(shown).join(', ')})`;
}

const own = (field: string): FieldPlaces => ({ kind: 'own', key: field, nothing: new Set() });
const texts = (field: string): FieldPlaces => ({ kind: 'texts', paths: [`x.${field}`, `y.${field}`] });
const words = (field: string): FieldPlaces => ({ kind: 'words', paths: [`x.${field}`] });
const absent = (): FieldPlaces => ({ kind: 'absent' });
const unknown = (): undefined => undefined;

const AB = `  a: { A: 'One, Two' }\n  b: { B|endswith: '\\cmd.exe' }\n`;

const cases: readonly (readonly [detection: string, (field: string) => FieldPlaces | undefined, expected: string])[] = [
  [`${AB}  condition: a and b`, own, 'all(whole A one, two, end B \\\\cmd.exe)'],
  [`${AB}  condition: a or b`, own, 'any(whole A one, two, end B \\\\cmd.exe)'],
  [`${AB}  condition: a and not b`, own, 'whole A one, two'],
  [`${AB}  condition: not a and not b`, own, 'unknown'],
  [
    `${AB}  condition: 1 of *`,
    texts,
    'any(whole x.A one, two, whole y.A one, two, end x.B \\\\cmd.exe, end y.B \\\\cmd.exe)',
  ],
  [`${AB}  condition: all of *`, words, 'all(present x.A, present x.B)'],
  [`${AB}  condition: a and b`, absent, 'any()'],
  [`${AB}  condition: a and b`, unknown, 'unknown'],
  [`${AB}  condition: a or b`, (field) => (field === 'A' ? absent() : own(field)), 'end B \\\\cmd.exe'],
  [`${AB}  condition: a or b`, (field) => (field === 'A' ? undefined : own(field)), 'unknown'],
  [`${AB}  condition: a and b`, (field) => (field === 'A' ? undefined : own(field)), 'end B \\\\cmd.exe'],
  [`  a: { A|contains: 'one, three-four' }\n  condition: a`, words, 'all(within x.A three, within x.A four)'],
  [`  a: { A|contains|all: [seven, eleven] }\n  condition: a`, own, 'all(within A seven, within A eleven)'],
  [`  a: { A: null }\n  condition: not a`, texts, 'any(present x.A, present y.A)'],
  [`  a: { A: null }\n  condition: not a`, absent, 'any()'],
  [`  a: { A: null }\n  condition: a`, absent, 'unknown'],
  [`  a: { A: 7 }\n  condition: a`, own, 'any(whole A 7, odd-number A)'],
  [`  a: { A: 7 }\n  condition: a`, words, 'present x.A'],
  [`  a: [some words]\n  condition: a`, absent, 'within * some words'],
];

test('what a rule requires follows from where its fields stand', () => {
  // All in one code, so that each is found by its place.
  const all = stored(cases.map(([detection]) => rule(detection)));
  cases.forEach(([detection, places, expected], i) => {
    const reader = new RequirementReader(all, places);
    assert.equal(shown(reader.of(i)), expected, detection);
    assert.deepEqual(reader.of(i), reader.of(i), detection);
  });
});

test('equal values are written once, and read as one object', () => {
  const needs = stored([rule(`${AB}  condition: a`), rule(`${AB}  condition: a and b`)]);
  assert.equal(needs.valueStarts.length, 2);
  const reader = new RequirementReader(needs, own);
  const [first, second] = [reader.of(0), reader.of(1)];
  assert.ok(second?.kind === 'all');
  assert.equal(first, second.of[0]);
});

test('places are asked for of every field that a rule reads, so that the kernel knows them all', () => {
  const needs = stored([
    rule(
      `  a: { A: x }\n  b: { B|fieldref: C, D: null }\n  c: [{ E: y }, { F|exists: false }]\n  condition: a and not b and not c`,
    ),
  ]);
  const asked: string[] = [];
  new RequirementReader(needs, (field) => {
    asked.push(field);
    return own(field);
  }).of(0);
  assert.deepEqual(asked.sort(), ['A', 'B', 'C', 'D', 'E', 'F']);
});
