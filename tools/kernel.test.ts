import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { binaryFile, buildKernel } from './kernel.ts';

test('the kernel that is shipped is what its sources build', () => {
  assert.equal(readFileSync(binaryFile, 'utf8'), buildKernel(), 'run `npm run kernel`');
});
