import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SeenCounts } from './seen-counts.ts';

test('keys are counted from 0, each by itself', () => {
  const seen = new SeenCounts();
  assert.deepEqual(
    ['a', 'b', 'a', 'a', 'b'].map((key) => seen.count(key)),
    [0, 0, 1, 2, 1],
  );
});

test('what was met among the last so many keys is remembered, through any number of others', () => {
  const seen = new SeenCounts(4);
  for (let i = 0; i < 40; i++) {
    assert.equal(seen.count('often'), i);
    assert.equal(seen.count(`once ${i}`), 0);
  }
});

test('what was not met for long is forgotten', () => {
  const seen = new SeenCounts(4);
  seen.count('a');
  for (let i = 0; i < 8; i++) seen.count(`other ${i}`);
  assert.equal(seen.count('a'), 0);
});
