import assert from 'node:assert/strict';
import { test } from 'node:test';

import { compileRule } from '../engine/compile.ts';
import { flatSchema } from '../../test/conformance/flat-schema.ts';
import { applyFilters } from './link-rules.ts';
import { parseRules } from './parse-rules.ts';

const rules = `
title: one
id: 6f3e2987-db24-4c78-a860-b4f4095a7095
name: one
logsource: {product: windows, category: process_creation}
detection:
  selection: {Image: a}
  _other: {Image: b}
  condition: 1 of them
---
title: two
name: two
logsource: {product: linux}
detection:
  selection: {Image: a}
  condition: selection
---
`;
const filter = (references: string, condition: string, logsource = '{product: windows}'): string =>
  `title: f\nlogsource: ${logsource}\nfilter:\n  rules: ${references}\n  selection: {User|startswith: adm_}\n  condition: ${condition}\n`;

/** For `Image: a` under two users: which rules hold, and the codes of what was reported. */
function outcome(text: string): readonly [string, string, readonly string[]] {
  const parsed = parseRules({ name: 'x.yml', text: `${rules}${text}` });
  const codes: string[] = parsed.diagnostics.map(({ code }) => code);
  const linked = applyFilters(parsed.rules, parsed.filters, ({ code }) => codes.push(code));
  const holding = (User: string): string =>
    linked
      .filter((rule) => compileRule(rule, flatSchema()).test({ Image: 'a', User }))
      .map(({ title }) => title)
      .join('+');
  return [holding('adm_x'), holding('joe'), codes];
}

test('filters are joined to the rules they name, by id in any case and by name', () => {
  const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
    ['', 'one+two', 'one+two', []],
    [filter('[one]', 'not selection'), 'two', 'one+two', []],
    [filter('6F3E2987-DB24-4C78-A860-B4F4095A7095', 'not selection'), 'two', 'one+two', []],
    [filter('[one]', 'selection'), 'one+two', 'two', ['filter-reading']],
    [filter('any', 'not selection'), 'two', 'one+two', []],
    [filter('any', 'selection'), 'one+two', 'two', ['filter-reading']],
    [filter('any', 'not selection', '{product: linux}'), 'one', 'one+two', []],
    [filter('[one, two]', 'not selection'), 'two', 'one+two', ['filter-logsource']],
    [filter('[three, one]', 'not 1 of sel*'), 'two', 'one+two', ['reference-unresolved']],
    [
      `${filter('[one]', 'not selection')}---\n${filter('[two]', 'not selection', '{product: linux}')}`,
      '',
      'one+two',
      [],
    ],
  ];
  for (const [text, admin, joe, codes] of cases) assert.deepEqual(outcome(text), [admin, joe, codes], text);
});
