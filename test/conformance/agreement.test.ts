import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { compileRule } from '../../src/engine/compile.ts';
import { matchesPlain } from '../../src/engine/plain.ts';
import { compileRules } from '../../src/engine/rule-set.ts';
import { parseRules } from '../../src/sigma/parse-rules.ts';
import type { SigmaRule } from '../../src/sigma/rule.ts';
import { flatSchema } from './flat-schema.ts';
import type { FlatEvent } from './flat-schema.ts';
import { EVENTS_PER_RULE, families, rulesAndEvents, singlesOf } from './random-rules.ts';

const schema = flatSchema();
const RUNS = Number(process.env['PORTREEVE_PROPERTY_RUNS'] ?? 2500);

/** What random values may come to that is refused, and rightly so. */
const REFUSED = new Set(['placeholder-unresolved', 'base64offset-too-short', 'windash-too-many']);

/** As YAML: JSON is nearly that, but would write a large number as a float. */
const asYaml = (detection: object): string =>
  JSON.stringify({ title: 't', logsource: { category: 'c' }, detection }).replaceAll('1e+21', '1000000000000000000000');

const shown = (text: string, event: FlatEvent): string =>
  `${text}\n${JSON.stringify(event, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))}`;

/** The rule, or nothing where it is rightly refused. */
function ruleOf(text: string): SigmaRule | undefined {
  const { rules, diagnostics } = parseRules({ name: 'random', text });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0 && errors.every(({ code }) => REFUSED.has(code))) return undefined;
  const [rule] = rules;
  assert.ok(rule, `${text}\n${errors.map(({ message }) => message).join('\n')}`);
  return rule;
}

test(`the compiled matcher agrees with the plain one over ${RUNS * EVENTS_PER_RULE} random rules and events`, () => {
  let matched = 0;
  let compared = 0;
  const property = fc.property(rulesAndEvents, ([detection, given]) => {
    const text = asYaml(detection);
    const rule = ruleOf(text);
    if (!rule) return;
    const compiled = compileRule(rule, schema);
    const set = compileRules([rule, rule], schema);
    for (const event of given) {
      const plain: boolean = matchesPlain(rule, schema, event);
      assert.equal(compiled.test(event), plain, shown(text, event));
      assert.equal(compiled.match(event) !== undefined, plain, shown(text, event));
      assert.equal(set.matchAll(event).length, plain ? 2 : 0, shown(text, event));
      compared++;
      if (plain) matched++;
    }
  });
  fc.assert(property, { numRuns: RUNS });
  // A property over rules that never match, or that are all refused, would show nothing.
  assert.ok(compared > RUNS * EVENTS_PER_RULE * 0.9, `${compared} compared`);
  assert.ok(matched > compared / 20 && matched < compared * 0.95, `${matched} of ${compared} matched`);
});

test('so does each chain of modifiers alone', () => {
  const idle: string[] = [];
  for (const family of families) {
    for (const modifiers of family.modifiers) {
      const outcomes = new Set<boolean>();
      const property = fc.property(singlesOf(family, modifiers), ([detection, given]) => {
        const text = asYaml(detection);
        const rule = ruleOf(text);
        if (!rule) return;
        const compiled = compileRule(rule, schema);
        for (const event of given) {
          const plain: boolean = matchesPlain(rule, schema, event);
          assert.equal(compiled.test(event), plain, shown(text, event));
          outcomes.add(plain);
        }
      });
      fc.assert(property, { numRuns: Math.ceil(RUNS / 20) });
      if (outcomes.size < 2) idle.push(modifiers);
    }
  }
  // Each must have held and have failed, or it was not tried at all.
  assert.deepEqual(idle, []);
});

test('fields that a shape does not have read as absent, and rules that need them never match', () => {
  const partial = flatSchema({}, ['f']);
  const property = fc.property(rulesAndEvents, ([detection, given]) => {
    const text = asYaml(detection);
    const rule = ruleOf(text);
    if (!rule) return;
    const compiled = compileRule(rule, partial);
    for (const event of given) {
      const plain: boolean = matchesPlain(rule, partial, event);
      assert.equal(compiled.test(event), plain, shown(text, event));
      assert.ok(!(compiled.neverMatches && plain), shown(text, event));
    }
  });
  fc.assert(property, { numRuns: Math.ceil(RUNS / 5) });
});
