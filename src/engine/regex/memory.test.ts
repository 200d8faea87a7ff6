import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SharedMemory } from './memory.ts';
import type { Forgetful } from './memory.ts';

class Holder implements Forgetful {
  bytes = 0;
  readonly #memory: SharedMemory;

  constructor(memory: SharedMemory) {
    this.#memory = memory;
    memory.add(this);
  }

  grow(bytes: number): void {
    this.#memory.take(this, bytes);
    this.bytes += bytes;
  }

  forget(): void {
    this.bytes = 0;
  }
}

test('when all have grown too much, the others forget', () => {
  const memory = new SharedMemory(1000);
  const [a, b, c] = [new Holder(memory), new Holder(memory), new Holder(memory)];
  a.grow(400);
  b.grow(600);
  assert.deepEqual([a.bytes, b.bytes, c.bytes], [400, 600, 0]);
  c.grow(1);
  assert.deepEqual([a.bytes, b.bytes, c.bytes], [0, 0, 1]);
  a.grow(999);
  assert.deepEqual([a.bytes, b.bytes, c.bytes], [999, 0, 1]);
});

test('what a holder has forgotten by itself is free again', () => {
  const memory = new SharedMemory(1000);
  const [a, b] = [new Holder(memory), new Holder(memory)];
  a.grow(900);
  a.forget();
  b.grow(900);
  a.grow(50);
  assert.deepEqual([a.bytes, b.bytes], [50, 900]);
});
