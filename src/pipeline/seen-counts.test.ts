import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';

import { SeenCounts } from './seen-counts.ts';

const digest = (text: string): string => hash('sha256', text, 'binary');

test('keys are counted from 0, each by itself', () => {
  const seen = new SeenCounts();
  assert.deepEqual(
    ['a', 'b', 'a', 'a', 'b'].map((key) => seen.count(digest(key))),
    [0, 0, 1, 2, 1],
  );
});

test('counts are those of a map, whatever the order, through growth of the table', () => {
  const seen = new SeenCounts();
  const judge = new Map<string, number>();
  for (let i = 0; i < 40_000; i++) {
    const key = digest(String((i * i) % 12_289));
    const before = judge.get(key) ?? 0;
    assert.equal(seen.count(key), before);
    judge.set(key, before + 1);
  }
});

test('keys that begin alike are told apart', () => {
  const seen = new SeenCounts();
  const alike = [0, 1, 2].map((last) => `${'\u00ff'.repeat(8)}\u0000\u0000\u0000${String.fromCharCode(last)}`);
  for (let i = 0; i < 3; i++) for (const key of alike) assert.equal(seen.count(key), i);
});

test('what was met among the last so many keys is remembered, through any number of others', () => {
  const seen = new SeenCounts(4);
  for (let i = 0; i < 40; i++) {
    assert.equal(seen.count(digest('often')), i);
    assert.equal(seen.count(digest(`once ${i}`)), 0);
  }
});

test('what was not met for long is forgotten', () => {
  const seen = new SeenCounts(4);
  seen.count(digest('a'));
  for (let i = 0; i < 8; i++) seen.count(digest(`other ${i}`));
  assert.equal(seen.count(digest('a')), 0);
});
