import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BatchBuilder } from '../frame/batch.ts';
import type { Batch } from '../frame/batch.ts';
import { BatchParts } from './batch-parts.ts';

function batchOf(records: readonly string[]): Batch {
  let made: Batch | undefined;
  const builder = new BatchBuilder(
    1024 * 1024,
    (size) => new Uint8Array(size),
    (batch) => (made = batch),
  );
  for (const [i, record] of records.entries()) builder.add(Buffer.from(record), 0, record.length, i + 1, 1000 * i);
  builder.flush();
  assert.ok(made);
  return made;
}

const told = ({ bytes, count, starts, ends, lines, offsets }: Batch): readonly string[] =>
  Array.from(
    { length: count },
    (_, i) => `${lines[i]} ${offsets[i]} ${Buffer.from(bytes.subarray(starts[i], ends[i])).toString()}`,
  );

test('a batch is taken in parts once the one before it was full of matches, and its records stay what and where they are', () => {
  const parts = new BatchParts();
  const records = Array.from({ length: 900 }, (_, i) => `${i}${'x'.repeat((i * 37) % 700)}`);
  const batch = batchOf([...records, 'y'.repeat(200_000), 'z']);
  assert.deepEqual(parts.of(batch), [batch]);
  parts.note(100_000);
  const many = parts.of(batch);
  assert.ok(many.length > 5, `${many.length} parts`);
  assert.deepEqual(many.flatMap(told), told(batch));
  for (const { bytes, count } of many) assert.ok(count === 1 || bytes.length <= 64 * 1024);
  parts.note(300);
  assert.ok(parts.of(batch).length > 1, 'neither few nor many: as before');
  parts.note(0);
  assert.deepEqual(parts.of(batch), [batch]);
});
