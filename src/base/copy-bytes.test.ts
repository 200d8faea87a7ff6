import assert from 'node:assert/strict';
import { test } from 'node:test';

import { copyBytes } from './copy-bytes.ts';

test('bytes are copied as `set` copies them, whatever memory they lie in', () => {
  const memories = [(size: number) => new ArrayBuffer(size), (size: number) => new SharedArrayBuffer(size)];
  const size = 1000;
  for (const of of memories)
    for (const to of memories)
      for (const [start, end, at] of [
        [0, size, 0],
        [0, size, 7],
        [3, size, 0],
        [0, size - 1, 1],
        [500, 520, 9],
        [500, 501, 0],
        [4, 4, 5],
        [0, 0, size],
      ] as const) {
        const source = new Uint8Array(of(size + 5), 5);
        source.set(Uint8Array.from({ length: size }, (_, i) => i * 7));
        const into = new Uint8Array(to(2 * size + 3), 3).fill(1);
        const expected = new Uint8Array(2 * size).fill(1);
        expected.set(source.subarray(start, end), at);
        copyBytes(source, start, end, into, at);
        assert.deepEqual(Buffer.from(into), Buffer.from(expected), `${start} ${end} ${at}`);
      }
  // Within one memory, over itself.
  const same = new Uint8Array(2000).map((_, i) => i & 255);
  const shared = new Uint8Array(new SharedArrayBuffer(2000));
  shared.set(same);
  copyBytes(shared, 0, 1500, shared, 300);
  same.copyWithin(300, 0, 1500);
  assert.deepEqual(Uint8Array.from(shared), same);
});
