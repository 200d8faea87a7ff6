import assert from 'node:assert/strict';
import { test } from 'node:test';

import { warmUp } from './passes.ts';

/** Runs that take these times, the last of them again and again. */
function runs(...seconds: readonly number[]): () => Promise<number> {
  let at = 0;
  return () => Promise.resolve(seconds[Math.min(at++, seconds.length - 1)] ?? 0);
}

test('warming up ends when it has got no faster for ten seconds', async () => {
  assert.equal(await warmUp(runs(4, 2, 1), 60), 4 + 2 + 1 + 10);
  // Faster by less than 1 % is none.
  assert.ok(Math.abs((await warmUp(runs(1, 0.995), 60)) - (1 + 11 * 0.995)) < 1e-9);
  // Slower in between counts as no faster.
  assert.equal(await warmUp(runs(2, 3, 3, 1), 60), 2 + 3 + 3 + 1 + 10);
});

test('warming up ends at its bound, and is left out where that is none', async () => {
  assert.equal(await warmUp(runs(1), 5), 5);
  assert.equal(await warmUp(runs(1), 0), 0);
});
