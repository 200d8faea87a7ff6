import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { compileRule } from '../../src/engine/compile.ts';
import { explainRule } from '../../src/engine/explain.ts';
import type { Explanation } from '../../src/engine/explain.ts';
import { parseRules } from '../../src/sigma/parse-rules.ts';
import { flatSchema } from './flat-schema.ts';
import { rulesAndEvents } from './random-rules.ts';

test('an explanation says what the compiled rule says', () => {
  let compared = 0;
  const schema = flatSchema();
  const property = fc.property(rulesAndEvents, ([detection, events]) => {
    const text = JSON.stringify({ title: 't', logsource: { category: 'c' }, detection });
    const [rule] = parseRules({ name: 'x.yml', text }).rules;
    if (!rule) return;
    for (const event of events) {
      compared++;
      assert.equal(explainRule(rule, schema, event).condition.holds, compileRule(rule, schema).test(event), text);
    }
  });
  fc.assert(property, { numRuns: 500 });
  assert.ok(compared > 1000, `${compared} compared`);
});

const leaves = (one: Explanation): readonly string[] =>
  one.found === undefined ? one.parts.flatMap(leaves) : [`${one.holds ? '+' : '-'} ${one.asked} / ${one.found}`];

test('each leaf says what was compared, and why it failed', () => {
  const cases: readonly (readonly [string, Record<string, string | number | null>, string])[] = [
    ['Image|endswith: /kubectl', { Image: '/bin/kubectl' }, '+ Image|endswith: /kubectl / /bin/kubectl'],
    [
      'Image|endswith: /bin',
      { Image: '/bin/kubectl' },
      '- Image|endswith: /bin / /bin/kubectl (it stands elsewhere in the value)',
    ],
    ['Image|cased: X', { Image: 'x' }, '- Image|cased: X / x (it would hold without regard to case)'],
    ['Image: x', { Image: 'y' }, '- Image: x / y'],
    ['Image: x', { Other: 'x' }, '- Image: x / this event does not have the field'],
    ['Image: x', { Image: null }, '- Image: x / null'],
    ['Strange: x', { Image: 'x' }, '- Strange: x / no event of the shape flat has this field'],
    [
      'Image|cidr: 10.0.0.0/8',
      { Image: '11.0.0.1' },
      '- Image|cidr: 10.0.0.0/8 / 11.0.0.1 (not an address of this network)',
    ],
    ['Image|gt: 5', { Image: 4 }, '- Image|gt: 5 / 4 (not in this range, or no number)'],
    ['Image|re: a.c', { Image: 'abd' }, '- Image|re: a.c / abd (the expression is not found)'],
    ['Image|neq: x', { Image: 'x' }, '- Image|neq: x / x (neq: one of the values is this)'],
  ];
  const schema = flatSchema({}, ['Image', 'Other']);
  for (const [item, event, expected] of cases) {
    const text = `title: t\nlogsource: {product: x}\ndetection:\n  s:\n    ${item}\n  condition: s\n`;
    const [rule] = parseRules({ name: 'x.yml', text }).rules;
    assert.ok(rule, item);
    assert.deepEqual(leaves(explainRule(rule, schema, event).condition), [expected]);
  }
});

test('a rule for another log source says so', () => {
  const text = 'title: t\nlogsource: {product: windows}\ndetection:\n  s:\n    a: b\n  condition: s\n';
  const [rule] = parseRules({ name: 'x.yml', text }).rules;
  assert.ok(rule);
  const { matches, otherLogSource, condition } = explainRule(rule, flatSchema({ product: 'linux' }), { a: 'b' });
  assert.deepEqual([matches, condition.holds], [false, true]);
  assert.equal(otherLogSource, 'the rule is for product windows; the event is of product linux');
  const several = flatSchema({ product: 'linux', service: ['sysmon', 'security'] });
  assert.equal(
    explainRule(rule, several, { a: 'b' }).otherLogSource,
    'the rule is for product windows; the event is of product linux, service sysmon or security',
  );
});
