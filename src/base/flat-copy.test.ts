import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flatCopy } from './flat-copy.ts';

test('a copy is the same text, lone surrogates too', () => {
  for (const text of ['', 'a', 'é', 'Ā', 'a\u0000b', '\ud800', 'x\udc00😀', 'abc'.repeat(1000)])
    assert.equal(flatCopy(text), text);
});
