import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { loadLibrary } from './load-library.ts';
import { packFolder, readRuleFiles, readRuleTexts } from './rule-texts.ts';
import { readRulesAhead, rulesReadAhead } from './rules-ahead.ts';

const skip = availableParallelism() < 2 ? 'one core' : false;
const pack = [packFolder('kubernetes-network')];

test(
  'what another thread reads is what this one would read, guides and texts with odd bytes too',
  { skip },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'portreeve-ahead-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'a.yml'), '\ufefftitle: Übung\n');
    writeFileSync(join(folder, 'b.yml'), Buffer.from([0xff, 0xfe, 0x00]));
    writeFileSync(join(folder, 'empty.yml'), '');
    const paths = [...pack, folder];
    readRulesAhead(paths, undefined);
    const read = await rulesReadAhead(paths, undefined);
    const here = readRuleFiles(paths);
    assert.equal(read?.image, undefined);
    assert.deepEqual(read?.files.table.names, here.table.names);
    assert.deepEqual(read.files.table.ends, here.table.ends);
    assert.deepEqual(Buffer.from(read.files.table.bytes), Buffer.from(here.table.bytes));
    assert.deepEqual(read.files.guides, here.guides);
    assert.ok(here.guides.size > 0);
    assert.equal(read.files.hash, here.hash);
    assert.deepEqual(readRuleTexts(paths, {}, read.files), readRuleTexts(paths));
    const choice = { level: 'high' } as const;
    assert.equal(readRuleTexts(paths, { choice }, read.files).hash, readRuleTexts(paths, { choice }).hash);
  },
);

test('the image is given where the cache has it', { skip }, async (t) => {
  const cacheFolder = mkdtempSync(join(tmpdir(), 'portreeve-ahead-'));
  t.after(() => rmSync(cacheFolder, { recursive: true, force: true }));
  const cold = await loadLibrary(readRuleTexts(pack), { cacheFolder });
  readRulesAhead(pack, cacheFolder);
  const read = await rulesReadAhead(pack, cacheFolder);
  assert.ok(read?.image);
  assert.deepEqual(Buffer.from(read.image), Buffer.from(cold.parts.image));
});

test(
  'nothing is given for other paths, another cache, a second time, or of what cannot be read',
  { skip },
  async () => {
    readRulesAhead(pack, undefined);
    assert.equal(await rulesReadAhead([packFolder('portable')], undefined), undefined);
    readRulesAhead(pack, undefined);
    assert.equal(await rulesReadAhead(pack, '/nowhere'), undefined);
    readRulesAhead(pack, undefined);
    assert.ok(await rulesReadAhead(pack, undefined));
    assert.equal(await rulesReadAhead(pack, undefined), undefined);
    readRulesAhead([...pack, '/nowhere/at/all'], undefined);
    assert.equal(await rulesReadAhead([...pack, '/nowhere/at/all'], undefined), undefined);
  },
);
