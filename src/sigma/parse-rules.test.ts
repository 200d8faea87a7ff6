import assert from 'node:assert/strict';
import { test } from 'node:test';

import { positionAt } from '../base/source.ts';
import type { SigmaDiagnosticCode } from './diagnostic-codes.ts';
import { parseRules } from './parse-rules.ts';

const HEAD = 'title: t\nlogsource:\n  category: process_creation\n';
/** A rule whose detection is given, indented by two; it begins on line 5. */
const detection = (text: string): string => `${HEAD}detection:\n${text}\n`;

/** Each broken document: name, text, and the code, line and column of what must be said. */
const correlation = (body: string): string => `title: t\ncorrelation:\n${body}\n`;
const filter = (body: string): string => `title: t\nlogsource:\n  product: x\nfilter:\n${body}\n`;

export const broken: readonly (readonly [string, string, SigmaDiagnosticCode, number, number])[] = [
  ['no YAML', 'title: [a\nlevel: b', 'yaml-invalid', 2, 1],
  ['a tab for indentation', 'title: t\n\tlogsource: x\n', 'yaml-invalid', 2, 1],
  ['a key twice', 'title: a\ntitle: b\n', 'yaml-invalid', 2, 1],
  ['a list', '- a\n- b\n', 'document-not-a-mapping', 1, 1],
  ['a scalar', 'hello\n', 'document-not-a-mapping', 1, 1],
  ['no type', correlation('  rules: [a]\n  timespan: 1m\n  condition: {gte: 1}'), 'correlation-type', 2, 1],
  ['a type that is none', correlation('  type: count\n  rules: [a]\n  timespan: 1m'), 'correlation-type', 3, 9],
  ['no rules', correlation('  type: temporal\n  timespan: 1m'), 'correlation-rules', 2, 1],
  ['rules of none', correlation('  type: temporal\n  rules: []\n  timespan: 1m'), 'correlation-rules', 4, 3],
  [
    'a rule that is a mapping',
    correlation('  type: temporal\n  rules: [{a: b}]\n  timespan: 1m'),
    'correlation-rules',
    4,
    11,
  ],
  ['no timespan', correlation('  type: temporal\n  rules: [a]'), 'correlation-timespan', 2, 1],
  ['a timespan in weeks', correlation('  type: temporal\n  rules: [a]\n  timespan: 1w'), 'correlation-timespan', 5, 13],
  [
    'a timespan of nothing',
    correlation('  type: temporal\n  rules: [a]\n  timespan: 0s'),
    'correlation-timespan',
    5,
    13,
  ],
  [
    'a timespan in capitals',
    correlation('  type: temporal\n  rules: [a]\n  timespan: 1H'),
    'correlation-timespan',
    5,
    13,
  ],
  [
    'a timespan of years',
    correlation('  type: temporal\n  rules: [a]\n  timespan: 999d'),
    'correlation-timespan',
    5,
    13,
  ],
  [
    'a count without a condition',
    correlation('  type: event_count\n  rules: [a]\n  timespan: 1m'),
    'correlation-condition',
    3,
    3,
  ],
  [
    'an operator that is none',
    correlation('  type: event_count\n  rules: [a]\n  timespan: 1m\n  condition: {more: 1}'),
    'correlation-condition',
    6,
    15,
  ],
  [
    'a bound that is no number',
    correlation('  type: event_count\n  rules: [a]\n  timespan: 1m\n  condition: {gte: many}'),
    'correlation-condition',
    6,
    20,
  ],
  [
    'a bound that is a list',
    correlation('  type: event_count\n  rules: [a]\n  timespan: 1m\n  condition: {gte: [1]}'),
    'correlation-condition',
    6,
    20,
  ],
  [
    'a condition of text for a count',
    correlation('  type: event_count\n  rules: [a]\n  timespan: 1m\n  condition: a'),
    'correlation-condition',
    6,
    14,
  ],
  [
    'a condition that names another rule',
    correlation('  type: temporal\n  rules: [a]\n  timespan: 1m\n  condition: a and b'),
    'condition-unknown-identifier',
    6,
    20,
  ],
  [
    'values of no field',
    correlation('  type: value_count\n  rules: [a]\n  timespan: 1m\n  condition: {gte: 1}'),
    'correlation-field',
    2,
    1,
  ],
  [
    'a sum of two fields',
    correlation('  type: value_sum\n  rules: [a]\n  timespan: 1m\n  condition: {field: [x, y], gte: 1}'),
    'correlation-field',
    6,
    15,
  ],
  [
    'a percentile above 100',
    correlation(
      '  type: value_percentile\n  rules: [a]\n  timespan: 1m\n  condition: {field: x, percentile: 101, gte: 1}',
    ),
    'correlation-condition',
    6,
    37,
  ],
  [
    'an alias for a stranger',
    correlation('  type: temporal\n  rules: [a]\n  timespan: 1m\n  aliases: {x: {b: f}}'),
    'correlation-alias',
    6,
    17,
  ],
  [
    'an alias of text',
    correlation('  type: temporal\n  rules: [a]\n  timespan: 1m\n  aliases: {x: f}'),
    'correlation-alias',
    6,
    16,
  ],
  [
    'generate of text',
    correlation('  type: temporal\n  rules: [a]\n  timespan: 1m\n  generate: perhaps'),
    'field-type',
    6,
    13,
  ],
  ['a correlation that is text', 'title: t\ncorrelation: x\n', 'field-type', 2, 14],
  ['a filter of no rules', filter('  a: {b: c}\n  condition: not a'), 'filter-rules', 4, 1],
  ['a filter of an empty list', filter('  rules: []\n  a: {b: c}\n  condition: not a'), 'filter-rules', 5, 3],
  ['a filter without a condition', filter('  rules: [x]\n  a: {b: c}'), 'condition-missing', 4, 1],
  ['a filter of nothing', filter('  rules: [x]\n  condition: not a'), 'detection-empty', 4, 1],
  ['a filter that keeps', filter('  rules: [x]\n  a: {b: c}\n  condition: a'), 'filter-reading', 7, 14],
  ['no title', 'logsource:\n  product: x\ndetection:\n  a:\n    b: c\n  condition: a\n', 'field-missing', 1, 1],
  [
    'a blank title',
    "title: ' '\nlogsource:\n  product: x\ndetection:\n  a:\n    b: c\n  condition: a\n",
    'field-missing',
    1,
    1,
  ],
  [
    'a title that is a list',
    'title: [x]\nlogsource:\n  product: x\ndetection:\n  a:\n    b: c\n  condition: a\n',
    'field-type',
    1,
    8,
  ],
  ['an unknown level', `${HEAD}level: hgih\ndetection:\n  a:\n    b: c\n  condition: a\n`, 'level-unknown', 4, 8],
  ['an unknown status', `${HEAD}status: new\ndetection:\n  a:\n    b: c\n  condition: a\n`, 'status-unknown', 4, 9],
  ['no logsource', 'title: t\ndetection:\n  a:\n    b: c\n  condition: a\n', 'field-missing', 1, 1],
  [
    'a logsource that is text',
    'title: t\nlogsource: windows\ndetection:\n  a:\n    b: c\n  condition: a\n',
    'field-type',
    2,
    1,
  ],
  [
    'a product that is a list',
    'title: t\nlogsource:\n  product: [a]\ndetection:\n  a:\n    b: c\n  condition: a\n',
    'field-type',
    3,
    12,
  ],
  [
    'an empty logsource',
    'title: t\nlogsource:\n  definition: x\ndetection:\n  a:\n    b: c\n  condition: a\n',
    'logsource-empty',
    2,
    1,
  ],
  ['no detection', HEAD, 'field-missing', 1, 1],
  ['a detection that is a list', `${HEAD}detection:\n  - a\n`, 'field-type', 4, 1],
  ['no identifiers', detection('  condition: a'), 'detection-empty', 4, 1],
  ['no condition', detection('  a:\n    b: c'), 'condition-missing', 4, 1],
  ['an empty condition', detection("  a:\n    b: c\n  condition: ''"), 'condition-missing', 7, 14],
  ['a condition that is a mapping', detection('  a:\n    b: c\n  condition:\n    x: y'), 'condition-syntax', 8, 5],
  ['a condition that ends early', detection('  a:\n    b: c\n  condition: a and'), 'condition-syntax', 7, 18],
  ['a condition with two names', detection('  a:\n    b: c\n  condition: a a'), 'condition-syntax', 7, 16],
  ['a condition that begins with or', detection('  a:\n    b: c\n  condition: or a'), 'condition-syntax', 7, 14],
  ['an open parenthesis', detection('  a:\n    b: c\n  condition: (a'), 'condition-syntax', 7, 14],
  ['a stray parenthesis', detection('  a:\n    b: c\n  condition: a)'), 'condition-syntax', 7, 15],
  ['nothing in parentheses', detection('  a:\n    b: c\n  condition: ()'), 'condition-syntax', 7, 15],
  ['of without what', detection('  a:\n    b: c\n  condition: 1 of'), 'condition-syntax', 7, 14],
  ['of and a keyword', detection('  a:\n    b: c\n  condition: all of and'), 'condition-syntax', 7, 21],
  ['an unknown name', detection('  a:\n    b: c\n  condition: a and sel'), 'condition-unknown-identifier', 7, 20],
  ['a name in another case', detection('  a:\n    b: c\n  condition: A'), 'condition-unknown-identifier', 7, 14],
  [
    'a pattern that matches nothing',
    detection('  a:\n    b: c\n  condition: 1 of sel*'),
    'condition-unknown-identifier',
    7,
    19,
  ],
  [
    'them with hidden names only',
    detection('  _a:\n    b: c\n  condition: 1 of them'),
    'condition-unknown-identifier',
    7,
    19,
  ],
  ['an aggregation', detection('  a:\n    b: c\n  condition: a | count() > 5'), 'condition-aggregation', 7, 16],
  ['an empty identifier', detection('  a:\n  condition: a'), 'selection-empty', 5, 5],
  ['an empty mapping', detection('  a: {}\n  condition: a'), 'selection-empty', 5, 6],
  ['an empty list of values', detection('  a:\n    b: []\n  condition: a'), 'selection-empty', 6, 8],
  ['a value that is a mapping', detection('  a:\n    b:\n      c: d\n  condition: a'), 'value-type', 7, 7],
  ['a value that is a list', detection('  a:\n    b: [[c]]\n  condition: a'), 'value-type', 6, 9],
  ['a keyword that is null', detection('  a:\n    - x\n    - null\n  condition: a'), 'value-type', 7, 7],
  ['an unknown modifier', detection('  a:\n    b|contain: c\n  condition: a'), 'modifier-unknown', 6, 7],
  ['an unknown second modifier', detection('  a:\n    b|all|oops: [c]\n  condition: a'), 'modifier-unknown', 6, 11],
  ['a modifier in another case', detection('  a:\n    b|Contains: c\n  condition: a'), 'modifier-unknown', 6, 7],
  ['two places', detection('  a:\n    b|contains|endswith: c\n  condition: a'), 'modifier-conflict', 6, 5],
  ['two kinds', detection('  a:\n    b|re|cidr: c\n  condition: a'), 'modifier-conflict', 6, 5],
  ['a comparison of a place', detection('  a:\n    b|gt|contains: 1\n  condition: a'), 'modifier-conflict', 6, 5],
  ['windash with re', detection('  a:\n    b|windash|re: c\n  condition: a'), 'modifier-conflict', 6, 5],
  ['i without re', detection('  a:\n    b|i: c\n  condition: a'), 'modifier-order', 6, 5],
  ['wide after base64', detection('  a:\n    b|base64|wide: c\n  condition: a'), 'modifier-order', 6, 5],
  ['contains of null', detection('  a:\n    b|contains: null\n  condition: a'), 'modifier-value-type', 6, 17],
  ['exists of text', detection('  a:\n    b|exists: yes please\n  condition: a'), 'modifier-value-type', 6, 15],
  ['gt of text', detection('  a:\n    b|gt: many\n  condition: a'), 'modifier-value-type', 6, 11],
  ['hour of text', detection('  a:\n    b|hour: noon\n  condition: a'), 'modifier-value-type', 6, 13],
  ['fieldref of a number', detection('  a:\n    b|fieldref: 5\n  condition: a'), 'modifier-value-type', 6, 17],
  ['re of null', detection('  a:\n    b|re: null\n  condition: a'), 'modifier-value-type', 6, 11],
  ['re that is none', detection("  a:\n    b|re: '['\n  condition: a"), 'regex-invalid', 6, 12],
  ['look-ahead', detection("  a:\n    b|re: 'x(?=y)'\n  condition: a"), 'regex-unsupported', 6, 13],
  ['negative look-ahead', detection("  a:\n    b|re: 'x(?!y)'\n  condition: a"), 'regex-unsupported', 6, 13],
  ['look-behind', detection("  a:\n    b|re: '(?<=y)x'\n  condition: a"), 'regex-unsupported', 6, 12],
  ['a back-reference', detection("  a:\n    b|re: '(a)\\1'\n  condition: a"), 'regex-unsupported', 6, 15],
  ['a possessive quantifier', detection("  a:\n    b|re: 'a++'\n  condition: a"), 'regex-unsupported', 6, 13],
  ['an atomic group', detection("  a:\n    b|re: '(?>a)'\n  condition: a"), 'regex-unsupported', 6, 12],
  ['a network that is none', detection('  a:\n    b|cidr: 10.0.0.0/33\n  condition: a'), 'cidr-invalid', 6, 13],
  ['a host for a network', detection('  a:\n    b|cidr: example.com\n  condition: a'), 'cidr-invalid', 6, 13],
  ['half an address', detection('  a:\n    b|cidr: 10.0.0/8\n  condition: a'), 'cidr-invalid', 6, 13],
  [
    'a placeholder without a value',
    detection("  a:\n    b|expand: '%users%'\n  condition: a"),
    'placeholder-unresolved',
    6,
    15,
  ],
  ['deep nesting', detection(`  a: ${'['.repeat(70)}x${']'.repeat(70)}\n  condition: a`), 'selection-too-deep', 1, 1],
  ['an unknown alias', detection('  a: *nobody\n  condition: a'), 'yaml-invalid', 5, 6],
  ['a tag of YAML', 'title: !ruby/object x\n', 'yaml-invalid', 1, 8],
  ['a key that is a list', '? [a]\n: b\n', 'yaml-invalid', 1, 3],
  ['a field twice', detection('  a:\n    b: c\n    b: d\n  condition: a'), 'yaml-invalid', 7, 5],
  ['a merge of text', detection('  a:\n    <<: x\n    b: c\n  condition: a'), 'yaml-invalid', 6, 9],
  ['an alias inside of itself', detection('  a: &x [*x]\n  condition: a'), 'selection-too-deep', 1, 1],
  ['an open quote', "title: 'a\n", 'yaml-invalid', 2, 1],
  ['an unknown action', 'action: copy\ntitle: t\n', 'action-unknown', 1, 9],
  [
    'a long title',
    `title: ${'x'.repeat(257)}\n${detection('  a:\n    b: c\n  condition: a').slice(9)}`,
    'field-too-long',
    1,
    8,
  ],
  ['an id that is no UUID', `id: 1\n${detection('  a:\n    b: c\n  condition: a')}`, 'id-invalid', 1, 5],
  ['a date of Sigma 1', `date: 2019/10/25\n${detection('  a:\n    b: c\n  condition: a')}`, 'date-invalid', 1, 7],
  [
    'a month that is none',
    `modified: 2019-13-25\n${detection('  a:\n    b: c\n  condition: a')}`,
    'date-invalid',
    1,
    11,
  ],
  [
    'a tag without a namespace',
    `tags:\n  - attack.t1090\n  - Tunnel\n${detection('  a:\n    b: c\n  condition: a')}`,
    'tag-invalid',
    3,
    5,
  ],
  [
    'references that are a mapping',
    `references:\n  a: b\n${detection('  a:\n    b: c\n  condition: a')}`,
    'field-type',
    2,
    3,
  ],
  ['an author that is a list', `author: [x, y]\n${detection('  a:\n    b: c\n  condition: a')}`, 'field-type', 1, 9],
  ['related without a type', `related:\n  - id: x\n${detection('  a:\n    b: c\n  condition: a')}`, 'field-type', 2, 5],
  ['a level that is a list', `level: [high]\n${detection('  a:\n    b: c\n  condition: a')}`, 'field-type', 1, 8],
  ['a timeframe', detection('  a:\n    b: c\n  timeframe: 5m\n  condition: a'), 'detection-timeframe', 7, 3],
  ['a near', detection('  a:\n    b: c\n  condition: a |near a'), 'condition-aggregation', 7, 16],
  ['no conditions in a list', detection('  a:\n    b: c\n  condition: []'), 'condition-missing', 7, 14],
  [
    'one bad condition of two',
    detection('  a:\n    b: c\n  condition:\n    - a\n    - b'),
    'condition-unknown-identifier',
    9,
    7,
  ],
  ['a condition of nothing but not', detection('  a:\n    b: c\n  condition: not'), 'condition-syntax', 7, 16],
  [
    'a condition nested too deep',
    detection(`  a:\n    b: c\n  condition: ${'('.repeat(200)}a${')'.repeat(200)}`),
    'condition-syntax',
    7,
    115,
  ],
  [
    'a condition too long',
    detection(`  a:\n    b: c\n  condition: ${'a or '.repeat(5000)}a`),
    'condition-too-long',
    7,
    14,
  ],
  [
    'a condition in a folded scalar',
    detection('  a:\n    b: c\n  condition: >\n    a and\n    b'),
    'condition-unknown-identifier',
    7,
    14,
  ],
  ['none of them', detection('  a:\n    b: c\n  condition: 0 of them'), 'condition-count', 7, 14],
  ['more than there are', detection('  a:\n    b: c\n  condition: 3 of them'), 'condition-count', 7, 14],
  [
    'a hidden name under a pattern',
    detection('  _a:\n    b: c\n  condition: 1 of *a'),
    'condition-unknown-identifier',
    7,
    19,
  ],
  ['an empty field name', detection("  a:\n    '': c\n  condition: a"), 'value-type', 6, 5],
  ['an empty keyword', detection("  a:\n    - ''\n  condition: a"), 'value-type', 6, 7],
  ['a list in a list of keywords', detection('  a:\n    - [b]\n  condition: a'), 'value-type', 6, 7],
  ['an identifier that is null', detection('  a: null\n  condition: a'), 'selection-empty', 5, 6],
  ['an empty modifier', detection('  a:\n    b|: c\n  condition: a'), 'modifier-unknown', 6, 7],
  ['not as a modifier', detection('  a:\n    b|not: c\n  condition: a'), 'modifier-unknown', 6, 7],
  ['a modifier in quotes', detection("  a:\n    'b|oops': c\n  condition: a"), 'modifier-unknown', 6, 8],
  ['a modifier twice', detection('  a:\n    b|contains|contains: c\n  condition: a'), 'modifier-repeated', 6, 5],
  ['two comparisons', detection('  a:\n    b|gt|lt: 1\n  condition: a'), 'modifier-conflict', 6, 5],
  ['two parts of a time', detection('  a:\n    b|hour|day: 1\n  condition: a'), 'modifier-conflict', 6, 5],
  ['two encodings', detection('  a:\n    b|wide|utf16be: ab\n  condition: a'), 'modifier-conflict', 6, 5],
  ['base64 both ways', detection('  a:\n    b|base64|base64offset: ab\n  condition: a'), 'modifier-conflict', 6, 5],
  ['exists with all', detection('  a:\n    b|exists|all: true\n  condition: a'), 'modifier-conflict', 6, 5],
  ['cidr with contains', detection('  a:\n    b|cidr|contains: 10.0.0.0/8\n  condition: a'), 'modifier-conflict', 6, 5],
  ['re with startswith', detection('  a:\n    b|re|startswith: x\n  condition: a'), 'modifier-conflict', 6, 5],
  ['a comparison with cased', detection('  a:\n    b|gt|cased: 1\n  condition: a'), 'modifier-conflict', 6, 5],
  ['i before re', detection('  a:\n    b|i|re: c\n  condition: a'), 'modifier-order', 6, 5],
  ['contains before base64', detection('  a:\n    b|contains|base64: cc\n  condition: a'), 'modifier-order', 6, 5],
  ['windash after base64', detection('  a:\n    b|base64|windash: cc\n  condition: a'), 'modifier-order', 6, 5],
  ['expand after windash', detection('  a:\n    b|windash|expand: cc\n  condition: a'), 'modifier-order', 6, 5],
  ['keywords that exist', detection("  a:\n    '|exists': true\n  condition: a"), 'modifier-keyword', 6, 5],
  ['keywords that are compared', detection("  a:\n    '|gt': 5\n  condition: a"), 'modifier-keyword', 6, 5],
  ['all of one', detection('  a:\n    b|contains|all: c\n  condition: a'), 'all-single-value', 6, 5],
  ['exists of a number', detection('  a:\n    b|exists: 1\n  condition: a'), 'modifier-value-type', 6, 15],
  ['lt of true', detection('  a:\n    b|lt: true\n  condition: a'), 'modifier-value-type', 6, 11],
  ['lt of hexadecimal text', detection("  a:\n    b|lt: '0x10'\n  condition: a"), 'modifier-value-type', 6, 11],
  ['lt of infinity', detection('  a:\n    b|lt: .inf\n  condition: a'), 'modifier-value-type', 6, 11],
  ['half an hour', detection('  a:\n    b|hour: 1.5\n  condition: a'), 'modifier-value-type', 6, 13],
  ['an empty fieldref', detection("  a:\n    b|fieldref: ''\n  condition: a"), 'modifier-value-type', 6, 17],
  ['expand of a number', detection('  a:\n    b|expand: 5\n  condition: a'), 'modifier-value-type', 6, 15],
  ['cidr of a number', detection('  a:\n    b|cidr: 10\n  condition: a'), 'cidr-invalid', 6, 13],
  ['a network with host bits', detection('  a:\n    b|cidr: 10.0.0.1/8\n  condition: a'), 'cidr-host-bits', 6, 13],
  ['base64 of a wildcard', detection("  a:\n    b|base64: 'a*c'\n  condition: a"), 'encoding-wildcard', 6, 15],
  ['wide of a wildcard', detection("  a:\n    b|wide: 'a?'\n  condition: a"), 'encoding-wildcard', 6, 13],
  [
    'base64offset of one byte',
    detection('  a:\n    b|base64offset|contains: c\n  condition: a'),
    'base64offset-too-short',
    6,
    30,
  ],
  [
    'base64offset of nothing',
    detection("  a:\n    b|base64offset: ''\n  condition: a"),
    'base64offset-too-short',
    6,
    21,
  ],
  [
    'five dashes and base64',
    detection("  a:\n    b|windash|base64: '-a -b -c -d -e'\n  condition: a"),
    'windash-too-many',
    6,
    23,
  ],
  [
    'the second of two placeholders',
    detection("  a:\n    b|expand: ['x%', '\\%a% %b%']\n  condition: a"),
    'placeholder-unresolved',
    6,
    22,
  ],
  ['expand without a placeholder', detection('  a:\n    b|expand: 100%\n  condition: a'), 'placeholder-missing', 6, 15],
  ['a named back-reference', detection("  a:\n    b|re: '(?P<x>a)(?P=x)'\n  condition: a"), 'regex-unsupported', 6, 20],
  ['a back-reference by \\k', detection("  a:\n    b|re: '(?<x>a)\\k<x>'\n  condition: a"), 'regex-unsupported', 6, 19],
  ['recursion', detection("  a:\n    b|re: 'a(?R)?b'\n  condition: a"), 'regex-unsupported', 6, 13],
  ['a conditional group', detection("  a:\n    b|re: '(a)?(?(1)b|c)'\n  condition: a"), 'regex-unsupported', 6, 16],
  ['a comment in an expression', detection("  a:\n    b|re: 'a(?#x)'\n  condition: a"), 'regex-unsupported', 6, 13],
  ['a possessive count', detection("  a:\n    b|re: 'a{2,3}+'\n  condition: a"), 'regex-unsupported', 6, 17],
  ['too many repeats', detection("  a:\n    b|re: 'a{1001}'\n  condition: a"), 'regex-invalid', 6, 12],
  [
    'repeats of repeats',
    detection("  a:\n    b|re: '((a{1,99}){1,99}){1,99}'\n  condition: a"),
    'regex-invalid',
    6,
    12,
  ],
  ['an open group', detection("  a:\n    b|re: '(a'\n  condition: a"), 'regex-invalid', 6, 12],
  [
    'an expression too long',
    detection(`  a:\n    b|re: ${'a'.repeat(10_001)}\n  condition: a`),
    'regex-unsupported',
    6,
    11,
  ],
];

test('each broken document says what is wrong, and where', () => {
  const wrong: string[] = [];
  for (const [name, text, code, line, column] of broken) {
    const { diagnostics } = parseRules({ name: 'broken.yml', text });
    const found = diagnostics.map((diagnostic) => {
      const at = positionAt(diagnostic.span.source, diagnostic.span.start);
      return [diagnostic.code, at.line, at.column];
    });
    const [first] = found.filter(([one]) => one === code);
    if (JSON.stringify(first) !== JSON.stringify([code, line, column]))
      wrong.push(`${name}: ${JSON.stringify(found)}, expected ${line}:${column}`);
  }
  assert.deepEqual(wrong, []);
});

test('an error gives no rule, a warning does; neighbours stay', () => {
  for (const [name, text] of broken) {
    const { rules, correlations, filters, diagnostics } = parseRules({ name: 'broken.yml', text });
    const isError = diagnostics.some(({ severity }) => severity === 'error');
    assert.equal(rules.length + correlations.length + filters.length, isError ? 0 : 1, name);
  }
  const good = detection('  a:\n    Image: x\n  condition: a');
  const { rules, diagnostics } = parseRules({
    name: 'many.yml',
    text: `${good}---\n- a list\n---\n${good}---\n# nothing\n---\n${good}`,
  });
  assert.equal(rules.length, 3);
  assert.equal(diagnostics.length, 1);
});

test('all that is wrong is said at once', () => {
  const text = `title: ''\nlevel: x\nlogsource: 1\ndetection:\n  a:\n    b|oops: 1\n    c|re: '['\n  d: {}\n  condition: a and e\n`;
  const codes = parseRules({ name: 'x.yml', text }).diagnostics.map(({ code }) => code);
  assert.deepEqual(codes.toSorted(), [
    'condition-unknown-identifier',
    'field-missing',
    'field-type',
    'level-unknown',
    'modifier-unknown',
    'regex-invalid',
    'selection-empty',
  ]);
});

test('whatever is wrong with one document stays in it', () => {
  const good = detection('  a:\n    Image: x\n  condition: a');
  const bad = [
    "title: 'a\n",
    'title: [a\n',
    'title: {a\n',
    '%YAML 1.2\n',
    'title: |\n  a\n ...b\n',
    '\ttitle: x\n',
    '*x\n',
    '? ? ?\n',
    '"\n',
    '!!binary x\n',
  ];
  for (const text of bad) {
    const { rules } = parseRules({ name: 'x.yml', text: `${good}---\n${text}---\n${good}...\n${good}` });
    assert.equal(rules.length, 3, text);
  }
  const directive = parseRules({ name: 'x.yml', text: `%YAML 1.2\n# a rule\n---\n${good}` });
  assert.deepEqual([directive.rules.length, directive.diagnostics], [1, []]);
});

test('spans point into the file, not into the document', () => {
  const good = detection('  a:\n    Image: x\n  condition: a');
  const { diagnostics } = parseRules({
    name: 'x.yml',
    text: `${good}---\n${detection('  a:\n    b|oops: c\n  condition: a and e')}`,
  });
  const at = diagnostics.map(({ code, span }) => [
    code,
    positionAt(span.source, span.start).line,
    span.source.text.slice(span.start, span.end),
  ]);
  assert.deepEqual(at, [
    ['modifier-unknown', 14, 'oops'],
    ['condition-unknown-identifier', 15, 'e'],
  ]);
});

test('large and deep documents cost what they are long', () => {
  const began = performance.now();
  const hostile = [
    `title: t\nx: ${'['.repeat(200_000)}`,
    `title: t\nx: ${'{a: '.repeat(50_000)}`,
    `title: t\n${'- '.repeat(50_000)}`,
    `title: t\nx:\n${Array.from({ length: 20_000 }, (_, i) => `  k${i}: 1\n`).join('')}`,
    `title: t\na: &a [${'x,'.repeat(10_000)}x]\nb: [${'*a,'.repeat(1000)}1]\n`,
    `a: &a [*b]\nb: &b [*a]\n`,
    '---\n'.repeat(100_000),
    `title: '${"''".repeat(200_000)}'\n`,
    `condition: ${'('.repeat(200_000)}\n`,
  ];
  for (const text of hostile) assert.equal(parseRules({ name: 'x.yml', text }).rules.length, 0, text.slice(0, 30));
  const took = performance.now() - began;
  assert.ok(took < 20_000, `${took} ms`);
});

test('action: global, repeat and reset', () => {
  const text = [
    'action: global\ntitle: g\nlogsource:\n  product: windows\ndetection:\n  condition: a',
    'logsource:\n  service: security\ndetection:\n  a:\n    b: 1',
    'action: repeat\ntitle: h\ndetection:\n  a:\n    b: 2',
    'action: reset',
    'title: own\nlogsource:\n  product: linux\ndetection:\n  a:\n    b: 3\n  condition: a',
  ].join('\n---\n');
  const { rules, diagnostics } = parseRules({ name: 'x.yml', text });
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(
    rules.map(({ title, logsource }) => [title, logsource]),
    [
      ['g', { product: 'windows', service: 'security' }],
      ['h', { product: 'windows', service: 'security' }],
      ['own', { product: 'linux' }],
    ],
  );
});

test('a rule keeps all that it says', () => {
  const text = `title: t
id: 929a690e-bef0-4204-a928-ef5e620d6fcc
name: some_rule
related:
  - id: 08fbc97d-0a2f-491c-ae21-8ffcfd3174e9
    type: derived
taxonomy: sigma
status: test
description: d
license: MIT
references: [https://example.com]
author: alice
date: 2026-01-02
modified: 2026-01-03
tags: [attack.t1090]
logsource: {product: linux, definition: needs auditd}
detection: {a: {b: c}, condition: a}
fields: [b]
falsepositives: Unknown
level: HIGH
scope: [server]
portreeve: {guide: x, count: 1, list: [true, null]}
__proto__: 1
`;
  const { rules, diagnostics } = parseRules({ name: 'x.yml', text });
  assert.deepEqual(diagnostics, []);
  const [rule] = rules;
  assert.ok(rule);
  const { source, span, identifiers, condition, ...rest } = rule;
  assert.equal(source.text.slice(span.start, span.end).trim(), text.trim());
  assert.deepEqual([identifiers.length, condition.kind], [1, 'identifier']);
  assert.deepEqual(rest, {
    title: 't',
    id: '929a690e-bef0-4204-a928-ef5e620d6fcc',
    name: 'some_rule',
    related: [{ id: '08fbc97d-0a2f-491c-ae21-8ffcfd3174e9', type: 'derived' }],
    taxonomy: 'sigma',
    status: 'test',
    description: 'd',
    license: 'MIT',
    references: ['https://example.com'],
    author: 'alice',
    date: '2026-01-02',
    modified: '2026-01-03',
    tags: ['attack.t1090'],
    logsource: { product: 'linux', definition: 'needs auditd' },
    fields: ['b'],
    falsepositives: ['Unknown'],
    level: 'high',
    scope: ['server'],
    custom: new Map<string, unknown>([
      [
        'portreeve',
        new Map<string, unknown>([
          ['guide', 'x'],
          ['count', 1],
          ['list', [true, null]],
        ]),
      ],
      ['__proto__', 1],
    ]),
  });
});

test('a bomb of aliases is refused', () => {
  const levels = Array.from({ length: 12 }, (_, i) => `  l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}*l${i}]`);
  const { rules, diagnostics } = parseRules({
    name: 'bomb.yml',
    text: `${HEAD}detection:\n  l0: &l0 [x, y]\n${levels.join('\n')}\n  condition: l12\n`,
  });
  assert.equal(rules.length, 0);
  assert.equal(diagnostics[0]?.code, 'selection-too-deep');
});

test('values keep their text, and names that objects have are only names', () => {
  const { rules, diagnostics } = parseRules({
    name: 'x.yml',
    text: detection(
      '  __proto__:\n    constructor: 1.0\n    toString: 0x10\n  a:\n    b: yes\n  condition: __proto__ and a',
    ),
  });
  assert.deepEqual(diagnostics, []);
  const [identifier] = rules[0]?.identifiers ?? [];
  assert.equal(identifier?.name, '__proto__');
  assert.deepEqual(
    identifier?.detection.kind === 'all' &&
      identifier.detection.items.map((item) => item.kind === 'field' && item.test.values.map(({ text }) => text)),
    [['1.0'], ['0x10']],
  );
});
