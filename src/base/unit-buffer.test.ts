import assert from 'node:assert/strict';
import { test } from 'node:test';

import { UnitBuffer } from './unit-buffer.ts';

const SIZE = 10_000;

for (const isPlain of [false, true])
  test(`a text comes out of units as it went in, ${isPlain ? 'anywhere' : 'in Node'}`, () => {
    const buffer = new UnitBuffer(SIZE, isPlain);
    for (const text of ['', 'a', 'é', 'ÿĀ', '😀', '\ud83d', '\ude00\ud83d', 'a\u0000\uffffb', '😀é'.repeat(SIZE / 3)]) {
      const length = buffer.load(text);
      assert.equal(length, text.length);
      assert.deepEqual(
        Array.from(buffer.units.subarray(0, length)),
        Array.from({ length }, (_, i) => text.charCodeAt(i)),
      );
      assert.equal(buffer.text(length), text);
      buffer.units.fill(0x41, 0, length);
      assert.equal(buffer.text(length), 'A'.repeat(length));
    }
  });
