import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Batch } from '../frame/batch.ts';
import { BatchMemory } from './batch-memory.ts';

const LOOK_BACK = 1000;

function batchOf(bytes: Uint8Array): Batch {
  const none = new Uint32Array(0);
  return {
    sequence: 0,
    bytes,
    count: 0,
    starts: none,
    ends: none,
    lines: new Float64Array(0),
    offsets: new Float64Array(0),
  };
}

test('a batch that may be looked back into is not written over; one out of the window is', () => {
  const memory = new BatchMemory(LOOK_BACK, (size) => new ArrayBuffer(size));
  const first = memory.allocate(600);
  memory.done(memory.handOut(batchOf(first)));
  const second = memory.allocate(600);
  assert.notEqual(second.buffer, first.buffer);
  memory.done(memory.handOut(batchOf(second)));
  const third = memory.allocate(600);
  assert.notEqual(third.buffer, first.buffer);
  assert.notEqual(third.buffer, second.buffer);
  memory.done(memory.handOut(batchOf(third)));
  assert.equal(memory.allocate(600).buffer, first.buffer);
});

test('what earlier inputs took serves the next, each request in the smallest that will do', () => {
  let made = 0;
  const memory = new BatchMemory(LOOK_BACK * 1000, (size) => {
    made += size;
    return new ArrayBuffer(size);
  });
  for (let input = 0; input < 20; input++) {
    memory.begin();
    for (const size of [1024, 16, 64, 256]) memory.done(memory.handOut(batchOf(memory.allocate(size))));
  }
  assert.equal(made, 1024 + 16 + 64 + 256);
});

test('a batch that is being filled when an input begins is nobody else’s', () => {
  const memory = new BatchMemory(LOOK_BACK, (size) => new ArrayBuffer(size));
  const filled = memory.allocate(100);
  memory.begin();
  assert.notEqual(memory.allocate(100).buffer, filled.buffer);
});
