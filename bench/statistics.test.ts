import assert from 'node:assert/strict';
import { test } from 'node:test';

import { median, spread } from './statistics.ts';

test('the median is in the middle, and is one of the values', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([10, 9, 1, 2]), 2);
  assert.equal(median([7]), 7);
  assert.ok(Number.isNaN(median([])));
});

test('the spread is half the distance between the quartiles over the median', () => {
  assert.equal(spread([5, 5, 5]), 0);
  assert.equal(spread([1, 2, 3, 4, 5]), 1 / 3);
  assert.equal(spread([50, 10, 30, 20, 40]), 1 / 3);
});
