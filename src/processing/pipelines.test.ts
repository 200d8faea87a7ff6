import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { flatSchema } from '../../test/conformance/flat-schema.ts';
import type { FlatEvent } from '../../test/conformance/flat-schema.ts';
import { rulesAndEvents } from '../../test/conformance/random-rules.ts';
import { positionAt } from '../base/source.ts';
import { compileRule } from '../engine/compile.ts';
import { matchesPlain } from '../engine/plain.ts';
import { parseRules } from '../sigma/parse-rules.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import { applyPipelines } from './apply-pipeline.ts';
import { applyToCorrelation } from './apply-to-correlation.ts';
import type { ProcessingPipeline } from './pipeline.ts';
import { readPipeline } from './read-pipeline.ts';

function pipelineOf(items: string): ProcessingPipeline {
  const { pipeline, diagnostics } = readPipeline({
    name: 'p.yml',
    text: `name: p\npriority: 10\ntransformations:\n${items}\n`,
  });
  assert.deepEqual(
    diagnostics.map(({ message }) => message),
    [],
    items,
  );
  assert.ok(pipeline);
  return pipeline;
}

function ruleOf(items: string, pipeline?: ProcessingPipeline): SigmaRule | undefined {
  const text = `title: t\ntags: [attack.t1090]\nlevel: high\nlogsource: {product: windows, category: process_creation}\ndetection:\n  s:\n${items}\n  condition: s\n`;
  return parseRules({ name: 'r.yml', text }, pipeline ? { placeholders: (name) => pipeline.placeholder(name) } : {})
    .rules[0];
}

/** Does the changed rule hold for the event? `refused` where a pipeline refuses it. */
function outcome(pipelineText: string, items: string, event: FlatEvent): boolean | 'refused' {
  const pipeline = pipelineOf(pipelineText);
  const rule = ruleOf(items, pipeline);
  assert.ok(rule, items);
  const changed = applyPipelines(rule, [pipeline], () => undefined);
  if (changed === undefined) return 'refused';
  const holds = compileRule(changed, flatSchema()).test(event);
  assert.equal(matchesPlain(changed, flatSchema(), event), holds, pipelineText);
  return holds;
}

test('each transformation and condition, by what the rule then matches', () => {
  const map = '- type: field_name_mapping\n  mapping: {Image: exe, User: [user, account]}';
  const cases: readonly (readonly [string, string, string, FlatEvent, boolean | 'refused'])[] = [
    ['a field', map, '    Image|endswith: b', { exe: 'ab' }, true],
    ['not by its old name', map, '    Image|endswith: b', { Image: 'ab' }, false],
    ['one of two fields', map, '    User: x', { account: 'x' }, true],
    ['neither of two fields', map, '    User|neq: x', { user: 'y', account: 'x' }, false],
    ['not mapped', map, '    Other: x', { Other: 'x' }, true],
    ['by prefix', '- type: field_name_prefix_mapping\n  mapping: {win.: w_}', '    win.a: x', { w_a: 'x' }, true],
    ['a prefix', '- type: field_name_prefix\n  prefix: event.', '    a: x', { 'event.a': 'x' }, true],
    ['a suffix', '- type: field_name_suffix\n  suffix: .text', '    a: x', { 'a.text': 'x' }, true],
    [
      'dropped',
      '- type: drop_detection_item\n  field_name_conditions: [{type: include_fields, fields: [a]}]',
      '    a: x\n    b: y',
      { b: 'y' },
      true,
    ],
    ['nothing left', '- type: drop_detection_item', '    a: x', {}, 'refused'],
    [
      'a condition more',
      '- type: add_condition\n  conditions: {source: [s1, s2]}',
      '    a: x',
      { a: 'x', source: 's2' },
      true,
    ],
    ['a condition that fails', '- type: add_condition\n  conditions: {source: s1}', '    a: x', { a: 'x' }, false],
    [
      'a condition turned round',
      '- type: add_condition\n  conditions: {source: s1}\n  negated: true',
      '    a: x',
      { a: 'x' },
      true,
    ],
    [
      'a template',
      '- type: add_condition\n  conditions: {index: $product-$category}\n  template: true',
      '    a: x',
      { a: 'x', index: 'windows-process_creation' },
      true,
    ],
    [
      'replaced text',
      '- type: replace_string\n  regex: "^C:"\n  replacement: /Device',
      "    a: 'C:\\x'",
      { a: '/Device\\x' },
      true,
    ],
    [
      'replaced group',
      '- type: replace_string\n  regex: (\\w+)-(\\w+)\n  replacement: \\2-\\1',
      '    a: b-c',
      { a: 'c-b' },
      true,
    ],
    ['mapped values', '- type: map_string\n  mapping: {x: [y, z]}', '    a: x', { a: 'z' }, true],
    ['cased', '- type: case\n  method: upper', '    a|cased: x', { a: 'X' }, true],
    ['a value', '- type: set_value\n  value: 5', '    a: x', { a: 5 }, true],
    ['a number', '- type: convert_type\n  target_type: num', "    a|cased: '5'", { a: '5' }, true],
    [
      'hashes',
      '- type: hashes_fields\n  valid_hash_algos: [MD5, SHA1]\n  field_prefix: File',
      '    Hashes|contains: SHA1=AB12',
      { FileSHA1: 'ab12' },
      true,
    ],
    [
      'refused',
      '- type: rule_failure\n  message: no\n  rule_conditions: [{type: logsource, product: windows}]',
      '    a: x',
      {},
      'refused',
    ],
    [
      'not refused',
      '- type: rule_failure\n  rule_conditions: [{type: logsource, product: linux}]',
      '    a: x',
      { a: 'x' },
      true,
    ],
    [
      'an item refused',
      '- type: detection_item_failure\n  field_name_conditions: [{type: include_fields, fields: [a]}]',
      '    a: x',
      {},
      'refused',
    ],
    [
      'other log source',
      '- type: change_logsource\n  service: s\n- type: rule_failure\n  rule_conditions: [{type: logsource, product: windows}]',
      '    a: x',
      { a: 'x' },
      true,
    ],
    [
      'state',
      '- type: set_state\n  key: k\n  val: v\n- type: rule_failure\n  rule_conditions: [{type: processing_state, key: k, val: v}]',
      '    a: x',
      {},
      'refused',
    ],
    [
      'applied',
      '- id: one\n  type: field_name_mapping\n  mapping: {a: b}\n- type: rule_failure\n  rule_conditions: [{type: processing_item_applied, processing_item_id: one}]',
      '    a: x',
      {},
      'refused',
    ],
    [
      'not applied',
      '- id: one\n  type: field_name_mapping\n  mapping: {c: b}\n- type: rule_failure\n  rule_conditions: [{type: processing_item_applied, processing_item_id: one}]',
      '    a: x',
      { a: 'x' },
      true,
    ],
    [
      'applied to the field',
      '- id: one\n  type: field_name_mapping\n  mapping: {a: b}\n- type: field_name_prefix\n  prefix: p.\n  field_name_conditions: [{type: processing_item_applied, processing_item_id: one}]\n  field_name_cond_not: true',
      '    a: x\n    c: y',
      { b: 'x', 'p.c': 'y' },
      true,
    ],
    [
      'by expression',
      '- type: field_name_prefix\n  prefix: p.\n  field_name_conditions: [{type: include_fields, fields: ["a.*"], match_type: re}]',
      '    ab: x\n    b: y',
      { 'p.ab': 'x', b: 'y' },
      true,
    ],
    [
      'all but',
      '- type: field_name_prefix\n  prefix: p.\n  field_name_conditions: [{type: exclude_fields, fields: [b]}]',
      '    a: x\n    b: y',
      { 'p.a': 'x', b: 'y' },
      true,
    ],
    [
      'by value',
      '- type: field_name_suffix\n  suffix: .x\n  detection_item_conditions: [{type: match_string, cond: any, pattern: "^x"}]',
      '    a: xy\n    b: y',
      { 'a.x': 'xy', b: 'y' },
      true,
    ],
    [
      'by null',
      '- type: field_name_suffix\n  suffix: .x\n  detection_item_conditions: [{type: is_null, cond: all}]',
      '    a: null\n    b: y',
      { a: 'set', b: 'y' },
      true,
    ],
    [
      'one of two conditions',
      '- type: rule_failure\n  rule_cond_op: or\n  rule_conditions: [{type: tag, tag: attack.t1}, {type: contains_field, field: a}]',
      '    a: x',
      {},
      'refused',
    ],
    [
      'by attribute',
      '- type: rule_failure\n  rule_conditions: [{type: rule_attribute, attribute: level, value: high}]',
      '    a: x',
      {},
      'refused',
    ],
    [
      'by item',
      '- type: rule_failure\n  rule_conditions: [{type: contains_detection_item, field: a, value: x}]',
      '    a: x',
      {},
      'refused',
    ],
    [
      'nested',
      '- type: nest\n  items:\n  - type: field_name_mapping\n    mapping: {a: b}\n  - type: field_name_suffix\n    suffix: .x',
      '    a: v',
      { 'b.x': 'v' },
      true,
    ],
    [
      'nested, for another rule',
      '- type: nest\n  items: [{type: field_name_suffix, suffix: .x}]\n  rule_conditions: [{type: logsource, product: linux}]',
      '    a: v',
      { a: 'v' },
      true,
    ],
    [
      'named conditions',
      '- type: field_name_suffix\n  suffix: .x\n  rule_conditions:\n    win: {type: logsource, product: windows}\n    lin: {type: logsource, product: linux}\n    net: {type: logsource, category: network_connection}\n  rule_cond_expr: (win or lin) and not net',
      '    a: v',
      { 'a.x': 'v' },
      true,
    ],
    [
      'named conditions that do not hold',
      '- type: field_name_suffix\n  suffix: .x\n  field_name_conditions:\n    one: {type: include_fields, fields: [a]}\n    two: {type: include_fields, fields: [b]}\n  field_name_cond_expr: one and two',
      '    a: v',
      { 'a.x': 'v' },
      false,
    ],
    [
      'names without an expression',
      '- type: field_name_suffix\n  suffix: .x\n  rule_conditions:\n    win: {type: logsource, product: windows}\n    lin: {type: logsource, product: linux}\n  rule_cond_op: or',
      '    a: v',
      { 'a.x': 'v' },
      true,
    ],
    ['fields to show', '- type: set_field\n  fields: [a]\n- type: add_field\n  field: b', '    a: v', { a: 'v' }, true],
    ['expressions', '- type: regex', '    a|startswith: v*w', { a: 'VxWy' }, true],
    ['expressions with case', '- type: regex\n  method: plain', '    a|startswith: v*w', { a: 'VxWy' }, false],
    ['a value of a type', "- type: set_value\n  value: '5'\n  force_type: num", '    a: x', { a: 5 }, true],
    [
      'text between wildcards',
      '- type: replace_string\n  regex: "[*]|b"\n  replacement: c\n  skip_special: true',
      "    a: 'b*\\*b'",
      { a: 'cxyzcc' },
      true,
    ],
    ['a number as text', '- type: replace_string\n  regex: ^1\n  replacement: 2', '    a: 10', { a: '20' }, true],
    [
      'a field that is referred to',
      '- type: field_name_mapping\n  mapping: {b: c}',
      '    a|fieldref: b',
      { a: 'v', c: 'v', b: 'w' },
      true,
    ],
    [
      'one value',
      '- type: field_name_suffix\n  suffix: .x\n  detection_item_conditions: [{type: match_value, value: 5}]',
      '    a: 5\n    b: 6',
      { 'a.x': 5, b: 6 },
      true,
    ],
    [
      'levels have an order',
      '- type: rule_failure\n  rule_conditions: [{type: rule_attribute, attribute: level, value: medium, op: gte}]',
      '    a: x',
      {},
      'refused',
    ],
    [
      'a tag in the list',
      '- type: rule_failure\n  rule_conditions: [{type: rule_attribute, attribute: tags, value: attack.t1090, op: in}]',
      '    a: x',
      {},
      'refused',
    ],
    [
      'a state that is greater',
      '- type: set_state\n  key: n\n  val: 3\n- type: rule_failure\n  rule_conditions: [{type: processing_state, key: n, val: 2, op: gt}]',
      '    a: x',
      {},
      'refused',
    ],
    [
      'hashes by their length',
      '- type: hashes_fields\n  valid_hash_algos: [MD5]',
      `    Hashes: [${'a'.repeat(32)}, IMPHASH=AB]`,
      { MD5: 'a'.repeat(32) },
      true,
    ],
    [
      'a hash that is not known stays',
      '- type: hashes_fields\n  valid_hash_algos: [MD5]',
      `    Hashes|contains: [MD5=AA, IMPHASH=AB]`,
      { Hashes: 'x,IMPHASH=AB' },
      true,
    ],
    [
      'all of several hashes',
      '- type: hashes_fields\n  valid_hash_algos: [MD5, SHA1]',
      `    Hashes|contains|all: [MD5=AA, SHA1=BB]`,
      { MD5: 'AA' },
      false,
    ],
    ['wildcard placeholder', '- type: wildcard_placeholders', '    a|expand: x%y%', { a: 'xabc' }, true],
    ['wildcard placeholder elsewhere', '- type: wildcard_placeholders', '    a|expand: x%y%', { a: 'abc' }, false],
  ];
  for (const [name, pipeline, items, event, expected] of cases)
    assert.equal(outcome(pipeline, items, event), expected, name);
});

test('vars fill placeholders, in every combination; without one that is filled the rule is refused', () => {
  const text =
    'name: p\nvars: {host: [h1, h2], n: 7}\ntransformations:\n- type: value_placeholders\n  include: [host, n]\n';
  const { pipeline } = readPipeline({ name: 'p.yml', text });
  assert.ok(pipeline);
  const rule = ruleOf('    a|expand: "%host%-%n%\\\\%"', pipeline);
  assert.ok(rule);
  const [detection] = rule.identifiers.map((one) => one.detection);
  assert.ok(detection?.kind === 'all' && detection.items[0]?.kind === 'field');
  assert.deepEqual(
    detection.items[0].test.values.map((value) => value.text),
    ['h1-7%', 'h2-7%'],
  );
  assert.equal(ruleOf('    a|expand: "%other%"', pipeline), undefined);
  const many = new Map([['x', Array.from({ length: 200 }, (_, i) => `${i}`)]]);
  const bomb = 'title: t\nlogsource: {product: x}\ndetection:\n  s:\n    a|expand: "%x%%x%%x%"\n  condition: s\n';
  const parsed = parseRules({ name: 'r.yml', text: bomb }, { placeholders: (name) => many.get(name) });
  assert.deepEqual(
    parsed.diagnostics.map(({ code }) => code),
    ['placeholder-unresolved'],
  );
});

test('what is wrong with a pipeline is said with its place, and there is then none', () => {
  const cases: readonly (readonly [string, string, number, number])[] = [
    ['- a\n', 'pipeline-invalid', 1, 1],
    ['', 'pipeline-invalid', 1, 1],
    ['name: [', 'pipeline-invalid', 1, 8],
    ['name: p\ntransformations: x\n', 'pipeline-invalid', 2, 18],
    ['name: p\ntransformations:\n- x\n', 'pipeline-invalid', 3, 3],
    ['name: p\ntransformations:\n- type: nest\n', 'pipeline-invalid', 3, 3],
    ['name: p\ntransformations:\n- type: query_expression_placeholders\n', 'pipeline-unsupported', 3, 9],
    ['name: p\ntransformations:\n- type: nest\n  items:\n  - type: moon\n', 'pipeline-unsupported', 5, 11],
    ['name: p\ntransformations:\n- type: case\n  moon: 1\n', 'pipeline-unsupported', 4, 3],
    ['name: p\ntransformations:\n- type: regex\n  method: moon\n', 'pipeline-invalid', 3, 3],
    ['name: p\ntransformations:\n- type: case\n  rule_cond_op: xor\n', 'pipeline-invalid', 4, 17],
    [
      'name: p\ntransformations:\n- type: case\n  rule_conditions:\n    a: {type: tag, tag: x}\n  rule_cond_expr: a and moon\n',
      'pipeline-invalid',
      6,
      25,
    ],
    ['name: p\ntransformations:\n- type: field_name_mapping\n', 'pipeline-invalid', 3, 3],
    ['name: p\ntransformations:\n- type: field_name_mapping\n  mapping: [a]\n', 'pipeline-invalid', 4, 12],
    ['name: p\ntransformations:\n- type: replace_string\n  regex: (a\n  replacement: b\n', 'pipeline-invalid', 4, 10],
    [
      'name: p\ntransformations:\n- type: replace_string\n  regex: (?=a)\n  replacement: b\n',
      'pipeline-invalid',
      4,
      10,
    ],
    ['name: p\ntransformations:\n- type: case\n  rule_conditions: [{type: moon}]\n', 'pipeline-unsupported', 4, 28],
    ['name: p\ntransformations:\n- type: case\n  rule_cond_expr: a and b\n', 'pipeline-invalid', 4, 19],
    ['name: p\npriority: high\n', 'pipeline-invalid', 2, 11],
    ['name: p\nvars: x\n', 'pipeline-invalid', 2, 7],
  ];
  for (const [text, code, line, column] of cases) {
    const { pipeline, diagnostics } = readPipeline({ name: 'p.yml', text });
    assert.equal(pipeline, undefined, text);
    const [first] = diagnostics;
    assert.ok(first, text);
    const at = positionAt(first.span.source, first.span.start);
    assert.deepEqual([first.code, at.line, at.column], [code, line, column], `${text}: ${first.message}`);
  }
});

test('correlations get the names that the fields of their rules get', () => {
  const rules =
    'title: a\nname: a\nlogsource: {product: windows}\ndetection:\n  s: {x: 1}\n  condition: s\n---\n' +
    'title: t\ncorrelation:\n  type: value_count\n  rules: [a]\n  group-by: [User, host]\n  timespan: 1m\n  condition: {field: Image, gte: 2}\n  aliases: {host: {a: Computer}}\n';
  const [rule] = parseRules({ name: 'r.yml', text: rules }).correlations;
  assert.ok(rule);
  const changed = (items: string, product = 'windows'): string => {
    const made = applyToCorrelation(rule, [{ product }], [pipelineOf(items)], () => undefined);
    if (made === undefined) return 'refused';
    return `${made.groupBy.join()} ${made.valueFields.join()} ${made.aliases.get('host')?.get('a') ?? ''}`;
  };
  const map = '- type: field_name_mapping\n  mapping: {User: [u, v], Image: exe, Computer: h, host: no}';
  assert.equal(changed(map), 'u,v,host exe h');
  assert.equal(changed(`${map}\n  rule_conditions: [{type: logsource, product: windows}]`), 'u,v,host exe h');
  assert.equal(changed(`${map}\n  rule_conditions: [{type: logsource, product: linux}]`), 'User,host Image Computer');
  assert.equal(changed(`${map}\n  rule_conditions: [{type: is_sigma_rule}]`), 'User,host Image Computer');
  assert.equal(changed('- type: field_name_mapping\n  mapping: {Image: [a, b]}'), 'refused');
  assert.equal(changed('- type: rule_failure\n  rule_conditions: [{type: is_sigma_correlation_rule}]'), 'refused');
  assert.equal(
    changed(
      '- type: field_name_prefix\n  prefix: p.\n  field_name_conditions: [{type: exclude_fields, fields: [User]}]',
    ),
    'User,host p.Image p.Computer',
  );
});

test('changed rules mean the same to the compiled and to the plain matcher', () => {
  const pipelines = [
    '- type: field_name_mapping\n  mapping: {a: [b, c], b: a}',
    '- type: replace_string\n  regex: "[a-f]"\n  replacement: A\n- type: field_name_suffix\n  suffix: x\n  field_name_conditions: [{type: include_fields, fields: [a]}]',
    '- type: convert_type\n  target_type: str\n- type: add_condition\n  conditions: {"a|contains": x, b: [1, null]}\n  negated: true',
    '- type: convert_type\n  target_type: num\n- type: case\n  method: upper',
  ].map(pipelineOf);
  let compared = 0;
  const property = fc.property(rulesAndEvents, fc.constantFrom(...pipelines), ([detection, events], pipeline) => {
    const text = JSON.stringify({ title: 't', logsource: { category: 'c' }, detection });
    const [rule] = parseRules({ name: 'x.yml', text }).rules;
    const changed = rule && applyPipelines(rule, [pipeline], () => undefined);
    if (!changed) return;
    const compiled = compileRule(changed, flatSchema());
    for (const event of events) {
      compared++;
      assert.equal(compiled.test(event), matchesPlain(changed, flatSchema(), event), text);
    }
  });
  fc.assert(property, { numRuns: 800 });
  assert.ok(compared > 1000, `${compared} compared`);
});
