import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import fc from 'fast-check';

import { parseRules } from '../sigma/parse-rules.ts';
import type { ParsedRules } from '../sigma/parse-rules.ts';
import { readDocuments } from '../sigma/read-documents.ts';
import type { MapNode, RuleNode } from '../sigma/yaml-reader.ts';
import { hasAggregation, offerCorrelation } from './aggregation.ts';
import { mapAt, readLintDocuments, textAt } from './lint-document.ts';
import { yamlText } from './yaml-text.ts';

const sigmahq = join(import.meta.dirname, '../../../shared/data/sigmahq');

function rootOf(text: string): MapNode {
  const source = { name: 'r.yml', text };
  const [document] = readLintDocuments(source, readDocuments(source), []);
  assert.ok(document, text);
  return document.root;
}

/** The rule changed as the offer says, with the documents behind it. */
function accepted(root: MapNode): { readonly text: string; readonly parsed: ParsedRules } {
  const offer = offerCorrelation(root);
  assert.ok(typeof offer !== 'string', String(offer));
  const span = root.span;
  const scalar = (text: string): RuleNode => ({ kind: 'scalar', value: text, text, span });
  const changed: MapNode = {
    ...root,
    entries: [
      ...(offer.isNewName ? [{ key: 'name', keySpan: span, value: scalar(offer.reference) }] : []),
      ...root.entries.map((entry) =>
        entry.key === 'detection' && entry.value.kind === 'map'
          ? {
              ...entry,
              value: {
                ...entry.value,
                entries: entry.value.entries
                  .filter(({ key }) => key !== 'timeframe' && !offer.moved.includes(key))
                  .map((one) => (one.key === 'condition' ? { ...one, value: scalar(offer.condition) } : one)),
              },
            }
          : entry,
      ),
    ],
  };
  const text = yamlText(changed, 0) + offer.documents;
  return { text, parsed: parseRules({ name: 'accepted.yml', text }) };
}

const rule = (condition: string, head = 'title: "Many: failed logons"'): string =>
  `${head}\nlogsource: {product: windows}\ndetection:\n  a:\n    User: x\n  b:\n    - Image|endswith: ['\\a', 5]\n      C: null\n    - evil: "é\\u202e"\n  c: [one, two]\n  timeframe: 10m\n  condition: ${condition}\n`;

test('what is offered takes the place of an aggregation', () => {
  const cases: readonly (readonly [condition: string, type: string, fields: string, group: string, bounds: string])[] =
    [
      ['a | count() > 5', 'event_count', '', '', 'gt 5'],
      ['a and not c |count(User) by Host, Image >= 3', 'value_count', 'User', 'Host,Image', 'gte 3'],
      ['(a or c) | sum(bytes) by src_ip < 9', 'value_sum', 'bytes', 'src_ip', 'lt 9'],
      ['a | avg( x.y ) = 1', 'value_avg', 'x.y', '', 'eq 1'],
      ['a | near b', 'temporal', '', '', 'gte 2'],
      ['a | near b and c', 'temporal', '', '', 'gte 3'],
    ];
  for (const [condition, type, fields, group, bounds] of cases) {
    const { text, parsed } = accepted(rootOf(rule(condition)));
    assert.deepEqual(parsed.diagnostics, [], text);
    const [correlation, ...others] = parsed.correlations;
    assert.ok(correlation && others.length === 0, text);
    const { condition: made } = correlation;
    assert.deepEqual(
      [
        correlation.type,
        correlation.valueFields.join(),
        correlation.groupBy.join(),
        made.kind === 'bounds' ? made.bounds.map(({ operator, value }) => `${operator} ${value}`).join() : made.kind,
        correlation.timespanMs,
      ],
      [type, fields, group, bounds, 600_000],
      text,
    );
    const names = new Set(parsed.rules.map(({ name }) => name));
    for (const { to } of correlation.rules) assert.ok(names.has(to), text);
  }
  const { parsed } = accepted(rootOf(rule('a | near b and not c')));
  assert.deepEqual(parsed.diagnostics, []);
  assert.equal(parsed.correlations[0]?.condition.kind, 'expression');
});

test('what cannot be offered is said, not guessed', () => {
  const cases: readonly (readonly [condition: string, why: RegExp])[] = [
    ['a | max(x) > 5', /is a max/],
    ['a | count(x y) > 5', /cannot be read/],
    ['a | sum() > 5', /cannot be read/],
    ['a | near d', /near names d/],
    ['a | near', /names no/],
    ['"| count() > 5"', /before the/],
  ];
  for (const [condition, why] of cases) assert.match(String(offerCorrelation(rootOf(rule(condition)))), why);
  assert.match(String(offerCorrelation(rootOf(rule('a | count() > 5').replace('10m', 'a while')))), /timeframe/);
  const unbounded = offerCorrelation(rootOf(rule('a | count() > 5').replace('  timeframe: 10m\n', '')));
  assert.ok(typeof unbounded !== 'string' && unbounded.isGuess);
});

test('every rule of SigmaHQ with an aggregation is offered documents that can be read', (t) => {
  if (!existsSync(sigmahq)) {
    t.skip('shared data is not here: data/sigmahq');
    return;
  }
  let offered = 0;
  for (const name of globSync('{unsupported,deprecated}/**/*.yml', { cwd: sigmahq }).sort()) {
    const source = { name, text: readFileSync(join(sigmahq, name), 'utf8') };
    for (const { root } of readLintDocuments(source, readDocuments(source), [])) {
      const detection = mapAt(root, 'detection');
      if (!detection || !hasAggregation(textAt(detection, 'condition')?.text ?? '')) continue;
      const { text, parsed } = accepted(root);
      assert.deepEqual(
        parsed.diagnostics.filter(({ severity }) => severity === 'error'),
        [],
        text,
      );
      assert.equal(parsed.correlations.length, 1, text);
      offered++;
    }
  }
  assert.ok(offered >= 50, `${offered} offered`);
});

test('whatever a rule says, its text as YAML says it too', () => {
  const value = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        '',
        ' ',
        'a: b',
        '- x',
        "it's",
        '#',
        'null',
        'yes',
        '5',
        '\n',
        'a\n',
        '\u2028',
        '\u00a0',
        '%x%',
        '*a',
        '&a',
      ),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(fc.string({ maxLength: 5 }), tie('node'), { maxKeys: 3 }),
    ),
  })).node;
  const same = (node: RuleNode): unknown =>
    node.kind === 'scalar'
      ? node.value
      : node.kind === 'list'
        ? node.items.map(same)
        : node.entries.map(({ key, value: one }) => [key, same(one)]);
  const property = fc.property(value, (given) => {
    const root = rootOf(`x: ${JSON.stringify(given)}\n`);
    assert.deepEqual(same(rootOf(yamlText(root, 0))), same(root));
  });
  fc.assert(property, { numRuns: 1000 });
});
