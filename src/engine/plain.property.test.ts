import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { Scalar } from '../event/json.ts';
import { parseRules } from '../sigma/parse-rules.ts';
import { compileRule } from './compile.ts';
import { flatSchema } from './flat-schema.fixture.ts';
import type { FlatEvent } from './flat-schema.fixture.ts';
import { matchesPlain } from './plain.ts';
import { compileRules } from './rule-set.ts';

const schema = flatSchema();

/** Few letters, so that patterns and values meet; with characters whose case folding is a trap. */
const TRAPS = [
  'a',
  'A',
  'b',
  'B',
  ' ',
  '-',
  '/',
  '\u2013',
  '\u2015',
  '.',
  '1',
  '0',
  'k',
  'K',
  '\u212a',
  'İ',
  'i',
  'ı',
  'ß',
  'ẞ',
  'σ',
  'ς',
  'Σ',
  's',
  'ſ',
  'é',
  'É',
  '😀',
  '𐐀',
  '𐐨',
  ':',
  '%',
];
const words = fc.string({ unit: fc.constantFrom(...TRAPS, '*', '?', '\\', '*', '?', '\\'), maxLength: 8 });
const plainWords = fc.string({ unit: fc.constantFrom('a', 'B', '-', 'é', '/', '😀'), minLength: 2, maxLength: 4 });
const addresses = fc.constantFrom(
  '10.0.0.1',
  '10.1.2.3',
  '192.168.1.1',
  '::1',
  'fe80::1',
  'fe80::1%eth0',
  '::ffff:10.0.0.1',
  '2001:db8::5',
  '999.1.1.1',
  '1:2:3:4:5:6:7:8',
  ':::',
  '10.0.0.1%x',
);
const networks = fc.constantFrom(
  '10.0.0.0/8',
  '10.0.0.1',
  '0.0.0.0/0',
  '::/0',
  'fe80::/10',
  '192.168.1.1/32',
  '::ffff:10.0.0.0/104',
  '2001:db8::/32',
  '10.0.0.0/9',
);
const turnsOfYear = fc
  .tuple(
    fc.integer({ min: 1999, max: 2032 }),
    fc.constantFrom('12-28', '12-29', '12-30', '12-31', '01-01', '01-02', '01-03', '01-04', '02-29'),
    fc.constantFrom('', 'T00:00:00Z', ' 23:59', 'T24:00', 'T12:60'),
  )
  .map(([year, day, time]) => `${year}-${day}${time}`);
const times = fc.oneof(
  turnsOfYear,
  fc.constantFrom(
    '2026-03-14T01:02:03Z',
    '2021-01-03T12:00:00+02:00',
    'no time',
    '2026/02/03 24:01',
    '2020-12-31 02:61',
  ),
  fc
    .date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
);
const numbers = fc.constantFrom(0, 1, 10, -1, 1.5, 100, 2 ** 53, 1e21);
const bigNumbers = fc.constantFrom(9007199254740993n, 9007199254740992n, 10n ** 21n);
const encodedWords = fc
  .tuple(words, plainWords, fc.constantFrom('utf8', 'utf16le'), words)
  .map(([before, word, encoding, after]) =>
    Buffer.from(
      Buffer.concat([
        Buffer.from(before),
        Buffer.from(word, encoding === 'utf8' ? 'utf8' : 'utf16le'),
        Buffer.from(after),
      ]),
    ).toString('base64'),
  );
const scalars = fc.oneof(
  words,
  words,
  words,
  addresses,
  times,
  numbers,
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('10', '1.5', '1e1', '010', '', '+1', '9007199254740993', '0x10', 'TRUE'),
);
const values = fc.oneof(
  { weight: 4, arbitrary: fc.oneof({ weight: 8, arbitrary: scalars }, bigNumbers, encodedWords) },
  { weight: 1, arbitrary: fc.array(scalars, { maxLength: 3 }) },
);
const fields = fc.constantFrom('f', 'g', 'h');
const EVENTS_PER_RULE = 4;

/** Ways to turn a text of the rule into one that its event might hold, so that rules and events meet. */
const variations: Readonly<Record<string, (text: string) => string>> = {
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  dashes: (text) => text.replaceAll(/[-/\u2013\u2015]/g, '\u2014'),
  dash: (text) => text.replace(/[-\u2013\u2015]/, '/'),
  slash: (text) => text.replace('/', '-'),
  filled: (text) => text.replaceAll('*', 'xy').replaceAll('?', 'z'),
  filledWithPairs: (text) => text.replaceAll('*', '').replaceAll('?', '😀'),
  unescaped: (text) => text.replaceAll(/\\([*?\\])/g, '$1'),
  percent: (text) => text.replaceAll('\\%', '%'),
  single: (text) => text.replaceAll(/\\+/g, '\\'),
  before: (text) => `z${text}`,
  after: (text) => `${text}z`,
  other: (text) => text.replace(/[kK]/, '\u212a').replace(/[σΣ]/, 'ς').replace(/s/i, 'ſ'),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64In: (text) => Buffer.from(`q${text}qq`).toString('base64'),
  base64Wide: (text) => Buffer.from(text, 'utf16le').toString('base64'),
  base64Mark: (text) => Buffer.from(`\ufeff${text}`, 'utf16le').toString('base64'),
  wide: (text) => Buffer.from(text, 'utf16le').toString('latin1'),
  mapped: (text) => `::ffff:${text}`,
  network: (text) => text.replace(/\/.*/, ''),
  zero: (text) => `${text}.0`,
};

/** Every scalar of the rule's search identifiers. */
function scalarsOf(value: unknown): readonly Scalar[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(scalarsOf);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null
    ? [value]
    : [];
}

const eventsFor = (detection: object): fc.Arbitrary<readonly FlatEvent[]> => {
  const varied = fc
    .tuple(
      fc.constantFrom(...scalarsOf(detection)),
      fc.array(fc.constantFrom(...Object.values(variations)), { maxLength: 3 }),
    )
    .map(([scalar, ways]) => (typeof scalar === 'string' ? ways.reduce((text, way) => way(text), scalar) : scalar));
  const value = fc.oneof(
    { weight: 3, arbitrary: varied },
    { weight: 2, arbitrary: values },
    { weight: 1, arbitrary: times },
    { weight: 1, arbitrary: fc.array(varied, { maxLength: 3 }) },
  );
  return fc.array(fc.dictionary(fields, value, { minKeys: 1, maxKeys: 3 }), {
    minLength: EVENTS_PER_RULE,
    maxLength: EVENTS_PER_RULE,
  });
};

const PATTERNED = [
  '',
  '|contains',
  '|startswith',
  '|endswith',
  '|cased',
  '|contains|cased',
  '|cased|endswith',
  '|windash',
  '|contains|windash',
  '|windash|startswith',
  '|neq',
  '|contains|neq',
  '|all',
  '|contains|all',
  '|all|contains|windash',
  '|endswith|neq',
  '|expand',
  '|expand|contains',
];
const ENCODED = [
  '|base64',
  '|base64|contains',
  '|base64offset',
  '|base64offset|contains',
  '|wide|base64offset|contains',
  '|utf16le|base64offset|contains',
  '|utf16be|base64',
  '|utf16|base64',
  '|wide',
  '|utf16|contains',
  '|windash|base64',
  '|base64offset|contains|cased',
  '|base64offset|contains|all',
];
const TIME_PARTS = [
  '|minute',
  '|hour',
  '|day',
  '|week',
  '|month',
  '|year',
  '|hour|gte',
  '|lt|day',
  '|week|gt',
  '|month|lte',
  '|week|neq',
];
const list = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> =>
  fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 6 }));
const texts = scalars.filter((value) => typeof value === 'string');
const entry: fc.Arbitrary<[string, string, unknown]> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fields, fc.constantFrom(...PATTERNED), list(fc.oneof(texts, words))) },
  { weight: 2, arbitrary: fc.tuple(fields, fc.constantFrom(...ENCODED), list(plainWords)) },
  { weight: 2, arbitrary: fc.tuple(fields, fc.constantFrom('', '', '|neq', '|all'), list(scalars)) },
  fc.tuple(fields, fc.constantFrom('|contains', '|startswith', '|cased'), list(fc.oneof(numbers, fc.boolean()))),
  fc.tuple(
    fields,
    fc.constantFrom('|re', '|re|i', '|re|m', '|re|s', '|re|i|s', '|re|contains', '|re|all', '|re|neq'),
    list(fc.constantFrom('^a.*b$', 'a+', '[ab]{2}', '^$', '\\d', '.k', 'K|é', '(?i)K', '^(a|b)*$')),
  ),
  fc.tuple(fields, fc.constantFrom('|cidr', '|cidr|neq', '|cidr|all'), list(networks)),
  fc.tuple(
    fields,
    fc.constantFrom('|lt', '|lte', '|gt', '|gte', '|gt|neq', '|lt|all'),
    list(fc.oneof(numbers, fc.constantFrom('9007199254740993', '1.5'))),
  ),
  fc.tuple(fields, fc.constant('|exists'), fc.boolean()),
  fc.tuple(
    fields,
    fc.constantFrom(
      '|fieldref',
      '|fieldref|contains',
      '|startswith|fieldref',
      '|fieldref|endswith',
      '|fieldref|neq',
      '|fieldref|cased',
      '|fieldref|all',
    ),
    list(fields),
  ),
  fc.tuple(fields, fc.constantFrom(...TIME_PARTS), list(fc.constantFrom(1, 2, 3, 12, 14, 52, 53, 2026, '2'))),
);
const mapping = fc
  .array(entry, { minLength: 1, maxLength: 3 })
  .map((entries) => Object.fromEntries(entries.map(([field, modifiers, value]) => [field + modifiers, value])));
const keywords = fc.array(
  fc.oneof(
    words.filter((word) => word !== ''),
    fc.constantFrom(10, 1, true),
  ),
  { minLength: 1, maxLength: 3 },
);
const keywordModifiers = fc.constantFrom(
  '|all',
  '|contains',
  '|contains|all',
  '|startswith',
  '|endswith',
  '|cased',
  '|windash',
  '|cased|all',
);
const selection = fc.oneof(
  { weight: 5, arbitrary: mapping },
  fc.array(mapping, { minLength: 1, maxLength: 2 }),
  keywords,
  fc.tuple(keywordModifiers, keywords).map(([modifiers, listed]) => ({ [modifiers]: listed })),
  fc.constantFrom('a+$', '^k', '\\d\\d').map((expression) => ({ '|re': expression })),
  plainWords.map((word) => ({ '|base64offset': word })),
  fc
    .tuple(
      mapping,
      words.filter((word) => word !== ''),
    )
    .map((mixed) => mixed),
);
const condition = fc.constantFrom(
  'sel1',
  'not sel1',
  'sel1 and sel2',
  'sel1 or sel2',
  'sel1 and not sel2 or _hidden',
  '(sel1 or sel2) and not _hidden',
  '1 of sel*',
  'all of sel*',
  '2 of them',
  '1 of them',
  'all of them',
  'not (1 of *el* and sel2)',
  '2 of *',
  '3 of *',
  'not not sel1',
  'NOT sel1 OR sel2 AND _hidden',
  'any of sel*',
  '1 of *1 or all of _*',
);
const rules = fc.record({
  sel1: selection,
  sel2: selection,
  _hidden: selection,
  condition: fc.oneof(condition, fc.array(condition, { minLength: 1, maxLength: 2 })),
});

const rulesAndEvents = rules.chain((detection) => fc.tuple(fc.constant(detection), eventsFor(detection)));

/** As YAML: JSON is nearly YAML, but would write a large number as a float. */
const asYaml = (value: unknown): string => JSON.stringify(value).replaceAll('1e+21', '1000000000000000000000');
/** What random values may come to that is refused, and rightly so. */
const REFUSED = new Set(['placeholder-unresolved', 'base64offset-too-short']);

const RUNS = Number(process.env['PORTREEVE_PROPERTY_RUNS'] ?? 2500);

test(`the compiled matcher agrees with the plain one over ${RUNS * EVENTS_PER_RULE} random rules and events`, () => {
  let matched = 0;
  let compared = 0;
  fc.assert(
    fc.property(rulesAndEvents, ([detection, given]) => {
      const text = asYaml({ title: 't', logsource: { category: 'c' }, detection });
      const { rules: parsed, diagnostics } = parseRules({ name: 'random', text });
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      if (errors.length > 0 && errors.every(({ code }) => REFUSED.has(code))) return;
      const [rule] = parsed;
      assert.ok(rule, `${text}\n${errors.map(({ message }) => message).join('\n')}`);
      const compiled = compileRule(rule, schema);
      const set = compileRules([rule, rule], schema);
      for (const event of given) {
        const plain: boolean = matchesPlain(rule, schema, event);
        const said = `${text}\n${JSON.stringify(event, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))}`;
        assert.equal(compiled.test(event), plain, said);
        assert.equal(compiled.match(event) !== undefined, plain, said);
        assert.equal(set.matchAll(event).length, plain ? 2 : 0, said);
        compared++;
        if (plain) matched++;
      }
    }),
    { numRuns: RUNS },
  );
  // A property over rules that never match, or that are all refused, would show nothing.
  assert.ok(compared > RUNS * EVENTS_PER_RULE * 0.9, `${compared} compared`);
  assert.ok(matched > compared / 20 && matched < compared * 0.95, `${matched} of ${compared} matched`);
});

test('fields that a shape does not have read as absent, and rules that need them never match', () => {
  const partial = flatSchema({}, ['f']);
  const property = fc.property(rulesAndEvents, ([detection, given]) => {
    const text = asYaml({ title: 't', logsource: { category: 'c' }, detection });
    const [rule] = parseRules({ name: 'random', text }).rules;
    if (!rule) return;
    const compiled = compileRule(rule, partial);
    for (const event of given) {
      const plain: boolean = matchesPlain(rule, partial, event);
      assert.equal(compiled.test(event), plain, text);
      assert.ok(!(compiled.neverMatches && plain), text);
    }
  });
  fc.assert(property, { numRuns: Math.ceil(RUNS / 5) });
});
