import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json, JsonObject } from '../event/json.ts';
import { at, pathReader } from './path.ts';

const cases: readonly (readonly [string, JsonObject, Json | undefined])[] = [
  ['a', { a: 1 }, 1],
  ['a.b.c', { a: { b: { c: 1 } } }, 1],
  ['a.b.c', { 'a.b.c': 1 }, 1],
  ['a.b.c', { a: { 'b.c': 1 } }, 1],
  ['a.b.c', { 'a.b': { c: 1 } }, 1],
  ['a.b.c', { a: { x: 1 }, 'a.b': { c: 2 } }, 2],
  ['a.b', { a: [{ b: 1 }, { b: [2, 3] }, 4, { c: 5 }] }, [1, 2, 3]],
  ['a.b', { a: [] }, undefined],
  ['a.b', { a: 'text' }, undefined],
  ['a.b', { a: null }, undefined],
  ['a.length', { a: 'text' }, undefined],
  ['toString', {}, undefined],
  ['a.constructor', { a: {} }, undefined],
  ['__proto__.x', JSON.parse('{"__proto__":{"x":1}}'), 1],
  ['__proto__.x', {}, undefined],
  ['a.b.c.d.e.f.g.h.i.j', { a: { b: { c: { d: { e: { f: { g: { h: { i: { j: 1 } } } } } } } } } }, 1],
];

test('dotted paths through nested objects, literal keys and arrays', () => {
  for (const [path, record, expected] of cases)
    assert.deepEqual(pathReader(path)(record), expected, `${path} of ${JSON.stringify(record)}`);
});

test('a path that is asked of one record after another finds the same', () => {
  const wide: JsonObject = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`key${i}`, i]));
  const ask = (record: JsonObject, path: string): void => {
    for (const one of [record, { ...wide, ...record }]) assert.deepEqual(at(one, path), pathReader(path)(one), path);
  };
  for (const [path] of cases) for (const [, record] of cases) ask(record, path);
  for (const [, record] of cases) for (const [path] of cases) ask(record, path);
});

test('an array of a million objects is read up to a bound', () => {
  const found = pathReader('a.b')({ a: Array.from({ length: 100_000 }, (_, b) => ({ b })) });
  assert.ok(Array.isArray(found) && found.length === 1_000);
});
