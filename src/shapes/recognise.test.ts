import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Json, JsonObject } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import { observe } from '../event/observe.ts';
import { parseJson } from '../event/parse-json.ts';
import { recognise } from './recognise.ts';
import { shapes } from './shapes.ts';
import { sigmaByPart } from './sigma-fields.ts';
import { isArray, own, ownObject } from './values.ts';

const all = parseJson(readFileSync(new URL('fixtures/process-starts.json', import.meta.url), 'utf8'));
const records = (isArray(all) ? all : []).filter(isObject).map((fixture) => ownObject(fixture, 'record') ?? {});

const byAskingEach = (record: JsonObject): string | undefined =>
  [...shapes, sigmaByPart].find((shape) => shape.recognise(record))?.name;

test('the keys of a record leave out no shape that knows it', () => {
  const parts = records.flatMap((record) => Object.entries(record));
  const flat = records.flatMap((record) => {
    const paths: [string, Json][] = [];
    for (const [key, value] of Object.entries(record)) {
      if (!isObject(value)) continue;
      for (const [inner, held] of Object.entries(value)) if (held !== undefined) paths.push([`${key}.${inner}`, held]);
    }
    return paths;
  });
  const made = fc
    .tuple(
      fc.constantFrom({}, ...records),
      fc.array(fc.constantFrom(...parts, ...flat), { maxLength: 6 }),
      fc.array(fc.nat()),
    )
    .map(([base, added, left]) => {
      const keys = Object.keys(base);
      const without = new Set(left.map((place) => keys[place % (keys.length || 1)]));
      return Object.fromEntries([...Object.entries(base).filter(([key]) => !without.has(key)), ...added]);
    });
  for (const record of records) assert.equal(recognise({ ...record })?.name, byAskingEach(record));
  fc.assert(
    fc.property(made, (record) => {
      assert.equal(recognise(record)?.name, byAskingEach(record));
    }),
    { numRuns: 2_000 },
  );
});

test('of a record that is observed no more is asked than by asking each shape', () => {
  for (const record of records) {
    const known = observe(record, (standIn) => recognise(standIn)?.name);
    const wanted = observe(record, byAskingEach);
    assert.equal(known.result, wanted.result);
    assert.equal(known.observation.isWhole, wanted.observation.isWhole, known.result);
    assert.deepEqual(known.observation.asked, wanted.observation.asked, known.result);
  }
});

test('what every object inherits is no key of a record', () => {
  for (const key of ['constructor', 'toString', '__proto__', 'hasOwnProperty', '__defineGetter__'])
    assert.equal(own({ a: 1 }, key), undefined, key);
  assert.equal(own(JSON.parse('{"__proto__":1}'), '__proto__'), 1);
  assert.equal(own(JSON.parse('{"constructor":"x"}'), 'constructor'), 'x');
});
