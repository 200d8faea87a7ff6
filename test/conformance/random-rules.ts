import fc from 'fast-check';

import type { Scalar } from '../../src/event/json.ts';
import type { FlatEvent } from './flat-schema.ts';

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
    fc.oneof(fc.constant(2026), fc.integer({ min: 1999, max: 2032 })),
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
export const EVENTS_PER_RULE = 4;

/** Ways to turn a text of the rule into one that its event might hold, so that rules and events meet. */
const variations = {
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
  wideBig: (text) => Buffer.from(text, 'utf16le').swap16().toString('latin1'),
  wideMark: (text) => `\u00ff\u00fe${Buffer.from(text, 'utf16le').toString('latin1')}`,
  base64Big: (text) => Buffer.from(text, 'utf16le').swap16().toString('base64'),
  base64InWide: (text) => Buffer.from(`q${text}qq`, 'utf16le').toString('base64'),
  base64InBig: (text) => Buffer.concat([Buffer.from('q'), Buffer.from(text, 'utf16le').swap16()]).toString('base64'),
  base64Cut: (text) => Buffer.from(`qq${text.slice(0, -1)}`).toString('base64'),
  mapped: (text) => `::ffff:${text}`,
  network: (text) => text.replace(/\/.*/, ''),
  zero: (text) => `${text}.0`,
} satisfies Readonly<Record<string, (text: string) => string>>;
type Way = (text: string) => string;
const everyWay: readonly Way[] = Object.values(variations);
/** Ways to encode a text, for rules that ask for encoded ones. */
const encodingWays: readonly Way[] = [
  variations.base64,
  variations.base64In,
  variations.base64Wide,
  variations.base64Mark,
  variations.base64Big,
  variations.base64InWide,
  variations.base64InBig,
  variations.base64Cut,
  variations.wide,
  variations.wideBig,
  variations.wideMark,
];

/** Every scalar of the rule's search identifiers. */
function scalarsOf(value: unknown): readonly Scalar[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(scalarsOf);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null
    ? [value]
    : [];
}

const eventsFor = (
  detection: object,
  ways: readonly Way[] = everyWay,
  most = 3,
): fc.Arbitrary<readonly FlatEvent[]> => {
  const varied = fc
    .tuple(
      fc.constantFrom(...scalarsOf(detection)),
      fc.array(fc.constantFrom(...ways), { minLength: most === 1 ? 1 : 0, maxLength: most }),
    )
    .map(([scalar, chosen]) => (typeof scalar === 'string' ? chosen.reduce((text, way) => way(text), scalar) : scalar));
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

/** A text or a list of them, and so on. */
const list = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> =>
  fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 6 }));

/** Modifiers that take the same kind of value, and values of events that such a rule may meet. */
interface Family {
  readonly weight: number;
  readonly modifiers: readonly string[];
  readonly rule: fc.Arbitrary<unknown>;
  readonly event?: fc.Arbitrary<Scalar>;
  /** How a text of the rule is changed to be an event's, where not every way is to the point. */
  readonly ways?: readonly Way[];
}

const split = (text: string): readonly string[] => text.split(' ');
const texts = scalars.filter((value) => typeof value === 'string');
const shortWords = fc.constantFrom('ab', 'a', 'b', 'AB', 'abc', 'bc', 'bab', '', null);

export const families: readonly Family[] = [
  {
    weight: 6,
    modifiers: [
      '',
      ...split(
        '|contains |startswith |endswith |cased |contains|cased |cased|endswith |windash |contains|windash |windash|startswith',
      ),
      ...split('|neq |contains|neq |all |contains|all |all|contains|windash |endswith|neq |expand |expand|contains'),
    ],
    rule: list(fc.oneof(texts, words)),
  },
  {
    weight: 2,
    modifiers: [
      ...split(
        '|base64 |base64|contains |base64offset |base64offset|contains |wide|base64offset|contains |utf16le|base64offset|contains',
      ),
      ...split(
        '|utf16be|base64 |utf16|base64 |wide |utf16|contains |windash|base64 |base64offset|contains|cased |base64offset|contains|all',
      ),
      ...split('|utf16be |utf16le|startswith |utf16be|base64offset |utf16|base64offset |windash|wide|base64'),
    ],
    rule: list(plainWords),
    ways: encodingWays,
  },
  { weight: 2, modifiers: ['', '|neq', '|all'], rule: list(scalars) },
  { weight: 1, modifiers: split('|contains |startswith |cased'), rule: list(fc.oneof(numbers, fc.boolean())) },
  {
    weight: 1,
    modifiers: split('|re |re|i |re|m |re|s |re|i|s |re|contains |re|all |re|neq'),
    rule: list(fc.constantFrom('^a.*b$', 'a+', '[ab]{2}', '^$', '\\d', '.k', 'K|é', '(?i)K', '^(a|b)*$')),
    event: fc.oneof(fc.constantFrom('axb', 'a\nb', 'AB', 'x\nab\ny', '\n', '\u212a'), texts),
  },
  {
    weight: 1,
    modifiers: split('|cidr |cidr|neq |cidr|all'),
    rule: list(networks),
    event: addresses,
  },
  {
    weight: 1,
    modifiers: split('|lt |lte |gt |gte |gt|neq |lt|all'),
    rule: list(fc.oneof(numbers, fc.constantFrom('9007199254740993', '1.5'))),
    event: fc.oneof(numbers, bigNumbers, fc.constantFrom('9007199254740993', '1.5', '-2', '1e3', 'x')),
  },
  { weight: 1, modifiers: ['|exists'], rule: fc.boolean(), event: fc.constantFrom('', null) },
  {
    weight: 1,
    modifiers: split(
      '|fieldref |fieldref|contains |startswith|fieldref |fieldref|endswith |fieldref|neq |fieldref|cased |fieldref|all',
    ),
    rule: list(fields),
    event: shortWords,
  },
  {
    weight: 1,
    modifiers: split('|minute |hour |day |week |month |year |hour|gte |lt|day |week|gt |month|lte |week|neq'),
    rule: list(fc.constantFrom(0, 1, 2, 3, 12, 23, 24, 28, 31, 52, 53, 59, 2026, '2')),
    event: times,
  },
];

const entry: fc.Arbitrary<[string, string, unknown]> = fc.oneof(
  ...families.map(({ weight, modifiers, rule }) => ({
    weight,
    arbitrary: fc.tuple(fields, fc.constantFrom(...modifiers), rule),
  })),
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

export const rulesAndEvents = rules.chain((detection) => fc.tuple(fc.constant(detection), eventsFor(detection)));

/**
 * One field with one chain of modifiers, and events that are to the point: no modifier hides behind the others. An
 * event's value stands in all of its fields, or the fields are independent where the family says what they hold.
 */
export const singlesOf = (family: Family, modifiers: string): fc.Arbitrary<readonly [object, readonly FlatEvent[]]> =>
  fc.tuple(fields, family.rule).chain(([field, value]) => {
    const one = family.event;
    const given = one
      ? fc.array(fc.record({ f: one, g: one, h: one }, { requiredKeys: [] }), {
          minLength: EVENTS_PER_RULE,
          maxLength: EVENTS_PER_RULE,
        })
      : (family.ways ? eventsFor({ value }, family.ways, 1) : eventsFor({ value })).map((events) =>
          events.map((event) => spread(event)),
        );
    return fc.tuple(fc.constant({ sel1: { [field + modifiers]: value }, condition: 'sel1' }), given);
  });

function spread(event: FlatEvent): FlatEvent {
  const [first] = Object.values(event);
  return { f: first, g: first, h: first };
}
