import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { BatchBuilder } from '../frame/batch.ts';
import type { Batch } from '../frame/batch.ts';
import { LookBackWindow } from './look-back.ts';

/** Batches of records, one to a line of the input. */
function batchesOf(records: readonly (readonly string[])[]): { batches: Batch[]; offsets: number[] } {
  const batches: Batch[] = [];
  const offsets: number[] = [];
  const builder = new BatchBuilder(
    1024 * 1024,
    (size) => new Uint8Array(size),
    (batch) => batches.push(batch),
  );
  let offset = 0;
  for (const group of records) {
    for (const record of group) {
      const bytes = Buffer.from(record);
      builder.add(bytes, 0, bytes.length, 1, offset);
      offsets.push(offset);
      offset += bytes.length + 1;
    }
    builder.flush();
  }
  return { batches, offsets };
}

/** Texts of the records before record `last` that hold the needle as `LookBackWindow` must find it, nearest first. */
function naive(records: readonly string[], offsets: readonly number[], last: number, needle: string, bytes: number) {
  const floor = (offsets[last] ?? 0) - bytes;
  const after = /[\w.+/-]$/.test(needle) ? '(?![\\w.+/-])' : '';
  const pattern = new RegExp(needle.replaceAll(/[^\w ]/g, '\\$&') + after);
  return records
    .slice(0, last)
    .filter((record, i) => (offsets[i] ?? 0) >= floor && pattern.test(record))
    .reverse();
}

const id = fc.constantFrom(
  '1',
  '12',
  '123',
  '7',
  'a-b',
  'a.b_c',
  'a+/b==',
  '{a}',
  'x:1',
  'y:1',
  'x'.repeat(64),
  'x'.repeat(65),
  'x'.repeat(70),
);
const mark = fc.constantFrom(' pid=', '"pid":', '"pid":"', 'p=', 'ppid=');
const end = fc.constantFrom('', ' ', '"', '" ', ',');
const piece = fc.oneof(
  fc.tuple(mark, id, end).map((parts) => parts.join('')),
  fc.constantFrom('é', 'pid', ' ', '=', '1'),
);
const record = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
const needle = fc.tuple(mark, id, end).map((parts) => parts.join(''));

test('what looking back finds is what a plain search finds, nearest first, within the window', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(record, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 }),
      fc.array(needle, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 100, max: 2000 }),
      (groups, needles, bytes) => {
        const { batches, offsets } = batchesOf(groups);
        const texts = groups.flat();
        const window = new LookBackWindow(bytes);
        let first = 0;
        for (const batch of batches) {
          for (let i = 0; i < batch.count; i++)
            for (const wanted of needles) {
              window.begin();
              assert.deepEqual(
                Array.from(window.record(batch, i).earlier(wanted), (found) => found.text()),
                naive(texts, offsets, first + i, wanted, bytes),
                `${JSON.stringify(wanted)} before record ${first + i}`,
              );
            }
          first += batch.count;
          window.push(batch);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('ids behind texts that are never the same are found without a list for each', () => {
  const { batches } = batchesOf([Array.from({ length: 100 }, (_, i) => `"id":"of ${i}:7" ${i}`), ['last']]);
  const [first, second] = batches;
  assert.ok(first && second);
  const window = new LookBackWindow(1e6);
  window.push(first);
  for (let i = 0; i < 100; i++) {
    window.begin();
    const texts: readonly string[] = Array.from(window.record(second, 0).earlier(`"id":"of ${i}:7"`), (one) =>
      one.text(),
    );
    assert.deepEqual(texts, [`"id":"of ${i}:7" ${i}`]);
  }
});

test('a batch with more ids than are listed is searched as it is', () => {
  const many = Array.from({ length: 40_000 }, (_, i) => ` pid=${i} `).join('');
  const { batches } = batchesOf([[' pid=5 of this', many], [' pid=none ']]);
  const [first, second] = batches;
  assert.ok(first && second);
  const window = new LookBackWindow(1e9);
  window.begin();
  window.push(first);
  const found = [...window.record(second, 0).earlier(' pid=5 ')];
  assert.deepEqual(
    found.map((one) => one.text().slice(0, 14)),
    [many.slice(0, 14), ' pid=5 of this'],
  );
  assert.equal([...window.record(second, 0).earlier(' pid=39999 ')].length, 1);
  assert.equal([...window.record(second, 0).earlier(' pid=40000 ')].length, 0);
});
