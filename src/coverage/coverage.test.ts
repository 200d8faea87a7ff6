import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseRules } from '../sigma/parse-rules.ts';
import { attackCoverage, navigatorLayer } from './attack-coverage.ts';
import { ruleFields } from './rule-fields.ts';

const rule = (title: string, level: string, tags: string, items: string): string =>
  `title: ${title}\nlevel: ${level}\ntags: [${tags}]\nlogsource: {product: x}\ndetection:\n  s:\n${items}\n  condition: s\n`;

const { rules } = parseRules({
  name: 'x.yml',
  text: [
    rule('a', 'low', 'attack.t1090, attack.command-and-control', '    Image: x\n    User|fieldref: Owner'),
    rule('b', 'high', 'attack.t1090, attack.t1552.007, attack.g0001', '    - Image: y\n    - Image: z'),
    rule('c', 'medium', 'cve.2021-44228', '    - keyword'),
  ].join('---\n'),
});

test('techniques and tactics by the tags of rules', () => {
  const coverage = attackCoverage(rules);
  assert.deepEqual(
    coverage.techniques.map(({ technique, rules: of, highest }) => [technique, of.length, highest]),
    [
      ['T1090', 2, 'high'],
      ['T1552.007', 1, 'high'],
    ],
  );
  assert.deepEqual([...coverage.tactics], [['command-and-control', 1]]);
  assert.deepEqual(
    coverage.untagged.map(({ title }) => title),
    ['c'],
  );
  const layer = navigatorLayer(coverage, 'mine');
  assert.deepEqual([layer['name'], layer['domain']], ['mine', 'enterprise-attack']);
  assert.deepEqual(JSON.parse(JSON.stringify(layer['techniques']))[1], {
    techniqueID: 'T1552.007',
    score: 1,
    comment: 'b',
    enabled: true,
    showSubtechniques: true,
  });
});

test('each field counts once for a rule; a referred field is one too', () => {
  assert.deepEqual(
    [...ruleFields(rules)],
    [
      ['Image', 2],
      ['Owner', 1],
      ['User', 1],
    ],
  );
});
