import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { FieldValue } from '../event/json.ts';
import { parseRules } from '../sigma/parse-rules.ts';
import { compileRule } from './compile.ts';
import type { EventSchema } from './event-view.ts';
import { matchesPlain } from './plain.ts';

type FlatEvent = Readonly<Record<string, FieldValue>>;

const schema: EventSchema<FlatEvent> = {
  name: 'flat',
  field: (name) => (event) => (Object.hasOwn(event, name) ? event[name] : undefined),
  *keywords(event) {
    for (const value of Object.values(event)) {
      if (Array.isArray(value)) yield* value;
      else if (value !== undefined) yield value as string;
    }
  },
  logSource: () => ({}),
};

/** Few letters, so that patterns and values meet; with characters whose case folding is a trap. */
const letters = fc.constantFrom('a', 'A', 'b', 'B', ' ', '-', '/', '\u2013', '*', '?', '\\', '.', '1', '0', 'k', 'K', '\u212a', 'İ', 'ß', 'é', 'É', '😀', ':');
const words = fc.string({ unit: letters, maxLength: 8 });
const addresses = fc.constantFrom('10.0.0.1', '10.1.2.3', '192.168.1.1', '::1', 'fe80::1', '::ffff:10.0.0.1', '2001:db8::5', '999.1.1.1', '1:2:3:4:5:6:7:8');
const networks = fc.constantFrom('10.0.0.0/8', '10.0.0.1', '0.0.0.0/0', '::/0', 'fe80::/10', '192.168.1.1/32', '::ffff:10.0.0.0/104', '2001:db8::/32', '10.0.0.0/9');
const times = fc.constantFrom('2026-03-14T01:02:03Z', '2024-12-30T23:59:59.999Z', '2021-01-03T12:00:00+02:00', 'no time', '1970-01-01');
const numbers = fc.constantFrom(0, 1, 10, -1, 1.5, 100);
const scalars = fc.oneof(words, words, words, addresses, times, numbers, fc.boolean(), fc.constant(null), fc.constantFrom('10', '1.5', '1e1', '010', ''));
const values = fc.oneof({ weight: 4, arbitrary: scalars }, { weight: 1, arbitrary: fc.array(scalars, { maxLength: 3 }) });
const fields = fc.constantFrom('f', 'g', 'h');
const events: fc.Arbitrary<FlatEvent> = fc.dictionary(fields, values, { maxKeys: 3 });

const patterned = fc.constantFrom('', '|contains', '|startswith', '|endswith', '|cased', '|contains|cased', '|windash', '|contains|windash', '|base64', '|base64offset|contains', '|wide|base64offset|contains', '|utf16be|base64', '|neq', '|contains|neq', '|all', '|contains|all', '|endswith|neq');
const entry = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fields, patterned, fc.oneof(scalars.filter((value) => typeof value === 'string'), fc.array(words, { minLength: 1, maxLength: 6 }))) },
  fc.tuple(fields, fc.constant(''), scalars),
  fc.tuple(fields, fc.constantFrom('|re', '|re|i', '|re|m', '|re|s', '|re|i|s'), fc.constantFrom('^a.*b$', 'a+', '[ab]{2}', '^$', '\\d', '.k', 'K|é')),
  fc.tuple(fields, fc.constantFrom('|cidr', '|cidr|neq'), networks),
  fc.tuple(fields, fc.constantFrom('|lt', '|lte', '|gt', '|gte'), numbers),
  fc.tuple(fields, fc.constant('|exists'), fc.boolean()),
  fc.tuple(fields, fc.constantFrom('|fieldref', '|fieldref|contains', '|fieldref|startswith', '|fieldref|endswith', '|fieldref|neq', '|fieldref|cased'), fields),
  fc.tuple(fields, fc.constantFrom('|minute', '|hour', '|day', '|week', '|month', '|year'), fc.constantFrom(1, 2, 3, 12, 14, 53, 2026)),
);
const mapping = fc.array(entry, { minLength: 1, maxLength: 3 }).map((entries) => Object.fromEntries(entries.map(([field, modifiers, value]) => [field + modifiers, value])));
const keywords = fc.array(fc.oneof(words.filter((word) => word !== ''), fc.constantFrom(10, 1)), { minLength: 1, maxLength: 3 });
const selection = fc.oneof({ weight: 4, arbitrary: mapping }, { weight: 1, arbitrary: fc.array(mapping, { minLength: 1, maxLength: 2 }) }, { weight: 1, arbitrary: keywords }, { weight: 1, arbitrary: keywords.map((list) => ({ '|all': list })) });
const condition = fc.constantFrom(
  'sel1', 'not sel1', 'sel1 and sel2', 'sel1 or sel2', 'sel1 and not sel2 or _hidden', '(sel1 or sel2) and not _hidden', '1 of sel*', 'all of sel*', '2 of them', '1 of them',
  'all of them', 'not (1 of *el* and sel2)', '3 of *', 'not not sel1', 'NOT sel1 OR sel2 AND _hidden', 'any of sel*', '1 of *1 or all of _*',
);
const rules = fc.record({ sel1: selection, sel2: selection, _hidden: selection, condition: fc.oneof(condition, fc.array(condition, { minLength: 1, maxLength: 2 })) });

const RUNS = Number(process.env['PORTREEVE_PROPERTY_RUNS'] ?? 2500);
const EVENTS_PER_RULE = 4;

test(`the compiled matcher agrees with the plain one over ${RUNS * EVENTS_PER_RULE} random rules and events`, () => {
  let matched = 0;
  let compared = 0;
  fc.assert(
    fc.property(rules, fc.array(events, { minLength: EVENTS_PER_RULE, maxLength: EVENTS_PER_RULE }), (detection, given) => {
      const text = JSON.stringify({ title: 't', logsource: { category: 'c' }, detection });
      const { rules: parsed, diagnostics } = parseRules({ name: 'random', text });
      const [rule] = parsed;
      assert.ok(rule, `${text}\n${diagnostics.map(({ message }) => message).join('\n')}`);
      const compiled = compileRule(rule, schema);
      for (const event of given) {
        const plain = matchesPlain(rule, schema, event);
        const said = `${text}\n${JSON.stringify(event)}`;
        assert.equal(compiled.test(event), plain, said);
        assert.equal(compiled.match(event) !== undefined, plain, said);
        compared++;
        if (plain) matched++;
      }
    }),
    { numRuns: RUNS },
  );
  // A property over rules that never match would show nothing.
  assert.ok(matched > compared / 20 && matched < compared * 0.95, `${matched} of ${compared} matched`);
});
