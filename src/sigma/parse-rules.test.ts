import assert from 'node:assert/strict';
import { test } from 'node:test';

import { positionAt } from '../base/source.ts';
import type { SigmaDiagnosticCode } from './diagnostic-codes.ts';
import { parseRules } from './parse-rules.ts';

const HEAD = 'title: t\nlogsource:\n  category: process_creation\n';
/** A rule whose detection is given, indented by two; it begins on line 5. */
const detection = (text: string): string => `${HEAD}detection:\n${text}\n`;

/** Each broken document: name, text, and the code, line and column of what must be said. */
const broken: readonly (readonly [string, string, SigmaDiagnosticCode, number, number])[] = [
  ['no YAML', 'title: [a\nlevel: b', 'yaml-invalid', 2, 1],
  ['a tab for indentation', 'title: t\n\tlogsource: x\n', 'yaml-invalid', 2, 1],
  ['a key twice', 'title: a\ntitle: b\n', 'yaml-invalid', 2, 1],
  ['a list', '- a\n- b\n', 'document-not-a-mapping', 1, 1],
  ['a scalar', 'hello\n', 'document-not-a-mapping', 1, 1],
  ['a correlation', 'title: t\ncorrelation:\n  type: event_count\n', 'document-unsupported', 2, 1],
  ['a filter', 'title: t\nfilter:\n  rules: []\n', 'document-unsupported', 2, 1],
  ['no title', 'logsource:\n  product: x\ndetection:\n  a:\n    b: c\n  condition: a\n', 'field-missing', 1, 1],
  ['a blank title', "title: ' '\nlogsource:\n  product: x\ndetection:\n  a:\n    b: c\n  condition: a\n", 'field-missing', 1, 1],
  ['a title that is a list', 'title: [x]\nlogsource:\n  product: x\ndetection:\n  a:\n    b: c\n  condition: a\n', 'field-type', 1, 8],
  ['an unknown level', `${HEAD}level: hgih\ndetection:\n  a:\n    b: c\n  condition: a\n`, 'level-unknown', 4, 8],
  ['an unknown status', `${HEAD}status: new\ndetection:\n  a:\n    b: c\n  condition: a\n`, 'status-unknown', 4, 9],
  ['no logsource', 'title: t\ndetection:\n  a:\n    b: c\n  condition: a\n', 'field-missing', 1, 1],
  ['a logsource that is text', 'title: t\nlogsource: windows\ndetection:\n  a:\n    b: c\n  condition: a\n', 'field-type', 2, 1],
  ['a product that is a list', 'title: t\nlogsource:\n  product: [a]\ndetection:\n  a:\n    b: c\n  condition: a\n', 'field-type', 3, 12],
  ['an empty logsource', 'title: t\nlogsource:\n  definition: x\ndetection:\n  a:\n    b: c\n  condition: a\n', 'logsource-empty', 2, 1],
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
  ['a pattern that matches nothing', detection('  a:\n    b: c\n  condition: 1 of sel*'), 'condition-unknown-identifier', 7, 19],
  ['them with hidden names only', detection('  _a:\n    b: c\n  condition: 1 of them'), 'condition-unknown-identifier', 7, 19],
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
  ['re that is none', detection("  a:\n    b|re: '['\n  condition: a"), 'regex-invalid', 6, 11],
  ['look-ahead', detection("  a:\n    b|re: 'x(?=y)'\n  condition: a"), 'regex-unsupported', 6, 11],
  ['negative look-ahead', detection("  a:\n    b|re: 'x(?!y)'\n  condition: a"), 'regex-unsupported', 6, 11],
  ['look-behind', detection("  a:\n    b|re: '(?<=y)x'\n  condition: a"), 'regex-unsupported', 6, 11],
  ['a back-reference', detection("  a:\n    b|re: '(a)\\1'\n  condition: a"), 'regex-unsupported', 6, 11],
  ['a possessive quantifier', detection("  a:\n    b|re: 'a++'\n  condition: a"), 'regex-unsupported', 6, 11],
  ['an atomic group', detection("  a:\n    b|re: '(?>a)'\n  condition: a"), 'regex-unsupported', 6, 11],
  ['a network that is none', detection('  a:\n    b|cidr: 10.0.0.0/33\n  condition: a'), 'cidr-invalid', 6, 13],
  ['a host for a network', detection('  a:\n    b|cidr: example.com\n  condition: a'), 'cidr-invalid', 6, 13],
  ['half an address', detection('  a:\n    b|cidr: 10.0.0/8\n  condition: a'), 'cidr-invalid', 6, 13],
  ['a placeholder without a value', detection("  a:\n    b|expand: '%users%'\n  condition: a"), 'placeholder-unresolved', 6, 15],
  ['deep nesting', detection(`  a: ${'['.repeat(70)}x${']'.repeat(70)}\n  condition: a`), 'selection-too-deep', 1, 1],
  ['an unknown alias', detection('  a: *nobody\n  condition: a'), 'selection-empty', 5, 6],
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
    if (JSON.stringify(first) !== JSON.stringify([code, line, column])) wrong.push(`${name}: ${JSON.stringify(found)}, expected ${line}:${column}`);
  }
  assert.deepEqual(wrong, []);
});

test('an error gives no rule, a warning does; neighbours stay', () => {
  for (const [name, text] of broken) {
    const { rules, diagnostics } = parseRules({ name: 'broken.yml', text });
    const isError = diagnostics.some(({ severity, code }) => severity === 'error' || code === 'document-unsupported');
    assert.equal(rules.length, isError ? 0 : 1, name);
  }
  const good = detection('  a:\n    Image: x\n  condition: a');
  const { rules, diagnostics } = parseRules({ name: 'many.yml', text: `${good}---\n${broken[10]?.[1] ?? ''}---\n${good}---\n# nothing\n---\n${good}` });
  assert.equal(rules.length, 3);
  assert.equal(diagnostics.length, 1);
});

test('all that is wrong is said at once', () => {
  const text = `title: ''\nlevel: x\nlogsource: 1\ndetection:\n  a:\n    b|oops: 1\n    c|re: '['\n  d: {}\n  condition: a and e\n`;
  const codes = parseRules({ name: 'x.yml', text }).diagnostics.map(({ code }) => code);
  assert.deepEqual(codes.toSorted(), ['condition-unknown-identifier', 'field-missing', 'field-type', 'level-unknown', 'modifier-unknown', 'regex-invalid', 'selection-empty']);
});

test('a bomb of aliases is refused', () => {
  const levels = Array.from({ length: 12 }, (_, i) => `  l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}*l${i}]`);
  const { rules, diagnostics } = parseRules({ name: 'bomb.yml', text: `${HEAD}detection:\n  l0: &l0 [x, y]\n${levels.join('\n')}\n  condition: l12\n` });
  assert.equal(rules.length, 0);
  assert.equal(diagnostics[0]?.code, 'selection-too-deep');
});

test('values keep their text, and names that objects have are only names', () => {
  const { rules, diagnostics } = parseRules({
    name: 'x.yml',
    text: detection('  __proto__:\n    constructor: 1.0\n    toString: 0x10\n  a:\n    b: yes\n  condition: __proto__ and a'),
  });
  assert.deepEqual(diagnostics, []);
  const [identifier] = rules[0]?.identifiers ?? [];
  assert.equal(identifier?.name, '__proto__');
  assert.deepEqual(
    identifier?.detection.kind === 'all' && identifier.detection.items.map((item) => item.kind === 'field' && item.test.values.map(({ text }) => text)),
    [['1.0'], ['0x10']],
  );
});
