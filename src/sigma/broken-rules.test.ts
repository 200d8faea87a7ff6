import assert from 'node:assert/strict';
import { test } from 'node:test';

import { broken } from './parse-rules.test.ts';
import { parseRules } from './parse-rules.ts';

/** A rule whose detection has the text between « and » at the place where it is wrong. */
const rule = (items: string): string =>
  `title: t\nlogsource:\n  product: x\ndetection:\n  s:\n    ${items}\n  condition: s\n`;
const head = (line: string): string =>
  `title: t\n${line}\nlogsource:\n  product: x\ndetection:\n  s:\n    a: b\n  condition: s\n`;
const condition = (text: string): string =>
  `title: t\nlogsource:\n  product: x\ndetection:\n  s1:\n    a: b\n  s2:\n    c: d\n  _s3:\n    e: f\n  condition: ${text}\n`;

type Broken = readonly [code: string, text: string];
const each = (code: string, values: readonly string[], make: (value: string) => string): readonly Broken[] =>
  values.map((value) => [code, make(value)]);

const numbers = ['lt', 'lte', 'gt', 'gte', 'minute', 'hour', 'day', 'week', 'month', 'year'];
const texts = [
  'contains',
  'startswith',
  'endswith',
  'base64',
  'base64offset',
  'wide',
  'utf16',
  'utf16le',
  'utf16be',
  'windash',
];
const patterns = ['contains', 'startswith', 'endswith'];

const cases: readonly Broken[] = [
  // Numbers that are none.
  ...numbers.flatMap((name) =>
    each('modifier-value-type', ['many', 'true', 'null', "''"], (value) => rule(`a|${name}: «${value}»`)),
  ),
  ...each('modifier-value-type', ['minute', 'hour', 'day', 'week', 'month', 'year'], (name) =>
    rule(`a|${name}: «1.5»`),
  ),
  ...each('modifier-value-type', ["'yes'", '5', 'null'], (value) => rule(`a|exists: «${value}»`)),
  ...each('modifier-value-type', ['null', 'true'], (value) => rule(`a|re: «${value}»`)),
  ...each('modifier-value-type', ['5', 'null', "''", 'true'], (value) => rule(`a|fieldref: «${value}»`)),
  ...each('modifier-value-type', texts, (name) => rule(`a|${name}: «null»`)),
  // Networks.
  ...each(
    'cidr-invalid',
    [
      '5',
      'null',
      '10.0.0',
      '10.0.0.0/33',
      '10.0.0.256/8',
      'fe80::/129',
      'fe80::1::2/64',
      'ten/8',
      "''",
      '10.0.0.0/-1',
      '10.0.0.0/8/8',
      "'1.2.3.4/'",
    ],
    (value) => rule(`a|cidr: «${value}»`),
  ),
  // Expressions that cannot run in linear time, or are none.
  ...each(
    'regex-unsupported',
    [
      '(?=b)',
      '(?!b)',
      '(?<=b)',
      '(?<!b)',
      '(?>b)',
      '(?#b)',
      '(?R)',
      '\\K',
      '\\R',
      '\\G',
      '\\X',
      '\\h',
      '\\N',
      '\\v',
    ].map((one) => one),
    (value) =>
      rule(
        `a|re: 'a«${value.startsWith('\\') ? value : value.slice(0, Math.min(4, value.length))}»${value.startsWith('\\') ? '' : value.slice(4)}'`,
      ),
  ),
  ...each('regex-unsupported', ['[b«\\v»]', '[^\\\\«\\v»]'], (value) => rule(`a|re: '${value}'`)),
  ...each('regex-unsupported', ['1', '2', '9'], (value) => rule(`a|re: '(b)(c)«\\${value}»'`)),
  ...each('regex-unsupported', ['a«*+»', 'a«++»', 'a«?+»', 'a{2,3«}+»'], (value) => rule(`a|re: '${value}'`)),
  ...each('regex-invalid', ['(a', 'a)', '[a', 'a{2,1}', '*a', '(?P<n>a', '\\xZZ', '[z-a]'], (value) =>
    rule(`a|re: '«${value}»'`),
  ),
  // Modifiers.
  ...each(
    'modifier-unknown',
    [
      'is',
      'equals',
      'Contains',
      'CONTAINS',
      'regex',
      'like',
      'not',
      'startwith',
      'endwith',
      'b64',
      'utf8',
      'ne',
      'in',
      'case',
      'length',
    ],
    (name) => rule(`a|«${name}»: b`),
  ),
  ...each(
    'modifier-conflict',
    [
      'contains|startswith',
      'startswith|endswith',
      'contains|endswith',
      'lt|gt',
      'lte|lt',
      'gte|gt',
      'minute|hour',
      'day|month',
      're|cidr',
      're|startswith',
      're|endswith',
      're|base64',
      're|windash',
      'cidr|contains',
      'cidr|startswith',
      'cidr|cased',
      'fieldref|base64',
      'fieldref|windash',
      'exists|contains',
      'exists|all',
      'exists|neq',
      'exists|cased',
      'lt|contains',
      'gt|cased',
      'hour|contains',
      'wide|utf16',
      'utf16le|utf16be',
      'base64|base64offset',
    ],
    (chain) => rule(`«a|${chain}»: 5`),
  ),
  ...each('modifier-repeated', ['contains', 'all', 'cased', 'base64', 'wide', 'windash'], (name) =>
    rule(`«a|${name}|${name}»: [b, c]`),
  ),
  ...each(
    'modifier-order',
    [
      'base64|wide',
      'base64offset|utf16',
      'base64|windash',
      'wide|windash',
      'i|re',
      'm|re',
      's|re',
      'i',
      'm',
      's',
      ...patterns.map((place) => `${place}|base64`),
      'contains|wide',
    ],
    (chain) => rule(`«a|${chain}»: b`),
  ),
  ...each(
    'modifier-keyword',
    ['exists', 'fieldref', 'cidr', 'neq', 'lt', 'lte', 'gt', 'gte', 'minute', 'hour', 'day', 'week', 'month', 'year'],
    (name) => rule(`«'|${name}'»: 5`),
  ),
  ...each(
    'encoding-wildcard',
    ['base64', 'base64offset', 'wide', 'utf16', 'utf16le', 'utf16be'].flatMap((name) => [
      `${name}: «'a*b'»`,
      `${name}: «'a?b'»`,
    ]),
    (item) => rule(`a|${item}`),
  ),
  ...each('base64offset-too-short', ['a', 'é'].slice(0, 1), (value) => rule(`a|base64offset: «${value}»`)),
  ...each('all-single-value', ['b', '[b]'], (value) => rule(`«a|contains|all»: ${value}`)),
  // Values.
  ...each('value-type', ['{x: y}', '[x]'], (value) => rule(`a: [b, «${value}»]`)),
  ...each('selection-empty', ['[]'], (value) => rule(`a: «${value}»`)),
  // The head of a rule.
  ...each('level-unknown', ['hgih', 'severe', '5', 'info', 'crit'], (value) => head(`level: «${value}»`)),
  ...each('status-unknown', ['new', 'done', '1', 'beta'], (value) => head(`status: «${value}»`)),
  ...each(
    'id-invalid',
    ['5', 'abc', '0e95725d-7320-415d-80f7', '0e95725d-7320-415d-80f7-004da920fc1g', '0e95725d7320415d80f7004da920fc11'],
    (value) => head(`id: «${value}»`),
  ),
  ...each(
    'date-invalid',
    ['2026-13-01', '2026-00-10', '2026-01-32', '26-01-01', 'yesterday', '2026/01/01', '20260101'],
    (value) => head(`date: «${value}»`),
  ),
  ...each('date-invalid', ['2026-13-01', 'now'], (value) => head(`modified: «${value}»`)),
  ...each('tag-invalid', ['attack', 'attack.', '.t1090', 'Attack.T1090', "'attack t1090'", 'attack..t1'], (value) =>
    head(`tags: [«${value}»]`),
  ),
  ...each('field-type', ['author', 'license', 'description', 'name', 'taxonomy'], (key) => head(`${key}: «[x]»`)),
  // Conditions.
  ...each(
    'condition-unknown-identifier',
    ['«s4»', 's1 and «s4»', 'not «S1»', '1 of «x*»', 'all of «_x*»', '(s1 or «s22»)'],
    condition,
  ),
  ...each(
    'condition-syntax',
    [
      's1 «s2»',
      's1 and «or» s2',
      '«and» s1',
      '«)»',
      's1 «)»',
      "'s1 and («)»'",
      's1 or s2 «not»',
      '1 of «(»s1)',
      'not «and» s1',
    ],
    condition,
  ),
  ...each('condition-count', ['«0» of them', '«3 of them»', '«5 of s*»'], condition),
  ...each(
    'condition-aggregation',
    ['s1 «|» count() > 5', 's1 «|» count(User) by Host > 5', 's1 and s2 «|» near s1', 's1 «|» sum(x) > 1'],
    condition,
  ),
];

test(`${cases.length} more broken documents say what is wrong, and where; neighbours stay`, () => {
  const good = rule('a: b');
  const wrong: string[] = [];
  for (const [code, marked] of cases) {
    const start = marked.indexOf('«');
    const text = marked.replace('«', '').replace('»', '');
    const { diagnostics } = parseRules({ name: 'broken.yml', text });
    const end = marked.indexOf('»') - 1;
    const [place] = diagnostics.filter((one) => one.code === code).map(({ span }) => span);
    if (place?.start !== start || place.end !== end)
      wrong.push(
        `${code} ${JSON.stringify(marked)}: ${JSON.stringify(diagnostics.map((one) => [one.code, one.span.start, one.span.end]))}, expected ${start} to ${end}`,
      );
    const { rules } = parseRules({ name: 'many.yml', text: `${good}---\n${text}---\n${good}` });
    assert.ok(rules.filter(({ title }) => title === 't').length >= 2, marked);
  }
  assert.deepEqual(wrong, []);
  assert.ok(cases.length + broken.length >= 300, `${cases.length + broken.length} broken documents`);
  assert.equal(new Set(cases.map(([, text]) => text)).size, cases.length);
});
