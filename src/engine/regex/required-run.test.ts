import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseRegex } from './parse.ts';
import { requiredRun } from './required-run.ts';

const cases: readonly (readonly [expression: string, least: number | undefined, member?: string])[] = [
  ['[a-f0-9]{64}', 64, 'f'],
  [String.raw`\s[a-fA-F0-9]{64}\s[a-fA-F0-9]{16}`, 64, 'A'],
  ['x(?:[0-9]{3,})?y{2}', 2, 'y'],
  ['(?:a{4}|b{9})c{3,5}', 3, 'c'],
  ['(?:d{7}e){2}', 7, 'd'],
  ['f*g+', 1, 'g'],
  ['h{0,9}', undefined],
  ['.{40}', undefined],
  ['é{9}', undefined],
  ['abc', undefined],
];

test('the longest run that an expression needs', () => {
  for (const [expression, least, member] of cases) {
    const regex = parseRegex(expression, { i: false, m: false, s: false });
    const run = regex && requiredRun(regex);
    assert.equal(run?.least, least, expression);
    if (member !== undefined) assert.equal(run?.ascii[member.charCodeAt(0)], 1, expression);
  }
});
