import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { labelledCases } from './labelled-case.ts';
import { packsTable } from './packs-table.ts';

test('docs/packs.md shows what each portable rule finds beside the default pack', async (t) => {
  const cases = labelledCases();
  if (cases === undefined) {
    t.skip('shared data is not here: data/kubectl-cases');
    return;
  }
  const page = readFileSync(new URL('../../docs/packs.md', import.meta.url), 'utf8');
  const [, shown = ''] = /<!-- table -->\n([\s\S]*?)<!-- \/table -->/.exec(page) ?? [];
  assert.equal(shown, await packsTable(cases));
});
