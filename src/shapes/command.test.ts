import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Json, JsonObject } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import { parseJson } from '../event/parse-json.ts';
import type { ProcessCommand } from '../event/process-start.ts';
import type { Shape } from './shape.ts';
import { shapes } from './shapes.ts';
import { isArray, ownObject } from './values.ts';

const all = parseJson(readFileSync(new URL('fixtures/process-starts.json', import.meta.url), 'utf8'));
const records = (isArray(all) ? all : []).filter(isObject).map((fixture) => ownObject(fixture, 'record') ?? {});

function decides(command: ProcessCommand | undefined): unknown {
  if (command === undefined) return undefined;
  const { name, executable, commandLine, args, os, originalFileName, env } = command;
  return { name, executable, commandLine, args, os, originalFileName, env };
}

function agree(shape: Shape, record: JsonObject): void {
  const start = shape.processStart(record);
  if (shape.command) assert.deepEqual(decides(shape.command(record)), decides(start), shape.name);
  if (shape.isProcessStart) assert.equal(shape.isProcessStart(record), start !== undefined, shape.name);
}

test('the command of a start is that of the whole start, whatever the record', () => {
  const values: readonly Json[] = [
    null,
    '',
    '-',
    'x',
    0,
    true,
    [],
    ['exec', 'start'],
    {},
    { args: ['a'] },
    [{ name: 'n' }],
  ];
  const changed = fc
    .tuple(fc.constantFrom(...records), fc.array(fc.tuple(fc.nat(), fc.constantFrom(...values))))
    .map(([record, edits]) => {
      const keys = Object.keys(record);
      const inner = keys.filter((key) => isObject(record[key]));
      let made: JsonObject = { ...record };
      for (const [place, value] of edits) {
        const key = keys[place % (keys.length || 1)] ?? '';
        const held = inner.length === 0 || place % 2 === 0 ? undefined : made[inner[place % inner.length] ?? ''];
        if (!isObject(held)) made = { ...made, [key]: value };
        else {
          const innerKeys = Object.keys(held);
          const innerKey = innerKeys[place % (innerKeys.length || 1)] ?? '';
          made = { ...made, [inner[place % inner.length] ?? '']: { ...held, [innerKey]: value } };
        }
      }
      return made;
    });
  for (const record of records) for (const shape of shapes) agree(shape, record);
  fc.assert(
    fc.property(changed, (record) => {
      for (const shape of shapes) agree(shape, record);
    }),
    { numRuns: 300 },
  );
});
