import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from './parse-json.ts';

test('integers beyond 2^53 keep every digit', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['{"id":1715108060008519431}', { id: 1715108060008519431n }],
    ['[1,-9223372036854775808]', [1, -9223372036854775808n]],
    ['{"a": 9007199254740991, "b":9007199254740993}', { a: 9007199254740991, b: 9007199254740993n }],
    ['18446744073709551615', 18446744073709551615n],
    ['{"id":"363970027584976556"}', { id: '363970027584976556' }],
    ['{"x":1764730101.9322712345678901}', { x: 1764730101.9322712 }],
    ['{"x":1e30,"y":12345678901234567}', { x: 1e30, y: 12345678901234567n }],
    ['{"x":1.5}', { x: 1.5 }],
  ];
  for (const [text, expected] of cases) assert.deepEqual(parseJson(text), expected, text);
});

test('a key named __proto__ is only a key', () => {
  for (const text of ['{"__proto__":{"a":1}}', '{"__proto__":{"a":1},"n":12345678901234567890}']) {
    const value = parseJson(text);
    assert.ok(typeof value === 'object' && value !== null && Object.hasOwn(value, '__proto__'));
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
  }
});

test('what is no JSON throws SyntaxError, with long numbers in it or not', () => {
  for (const text of ['', '{', '{"a":12345678901234567', 'nothing', '{"a":1}{', '[1,12345678901234567890,]']) {
    assert.throws(() => parseJson(text), SyntaxError, text);
  }
});

test('a number of a million digits and nesting beyond the stack cost no failure', () => {
  assert.equal(parseJson('9'.repeat(1_000_000)), Infinity);
  const depth = 20_000;
  assert.ok(Array.isArray(parseJson(`${'['.repeat(depth)}12345678901234567890${']'.repeat(depth)}`)));
});
