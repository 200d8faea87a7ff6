import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

import { printDiagnostic } from '../base/print-diagnostic.ts';
import type { RuleChoice } from './choose-rules.ts';
import { loadLibrary } from './load-library.ts';
import type { RuleLibrary } from './rule-library.ts';
import { packFolder, readRuleTexts, RulePathError } from './rule-texts.ts';

const RULE = `title: First
id: 11111111-1111-4111-8111-111111111111
name: first
logsource: { category: process_creation, product: windows }
detection:
  selection:
    CommandLine|contains: whoami
    User|expand: '%admins%'
  condition: selection
`;
const OTHERS = `title: Broken
logsource: { category: process_creation }
detection: { a: { b|nope: 1 }, condition: a }
---
title: Many
correlation: { type: event_count, rules: [first], group-by: [User], timespan: 1m, condition: { gte: 3 } }
---
title: Never on tests
logsource: { category: process_creation, product: windows }
filter: { rules: [first], selection: { Computer: test }, condition: not selection }
`;
const PIPELINE = `name: fields
priority: 10
transformations:
  - { id: f, type: field_name_mapping, mapping: { CommandLine: process.command_line } }
`;

let folder: string;
let rules: string;
let cache: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portreeve-library-'));
  rules = join(folder, 'rules');
  cache = join(folder, 'cache');
  for (const path of [rules, cache]) mkdirSync(path, { mode: 0o700 });
  writeFileSync(join(rules, 'first.yml'), RULE);
  writeFileSync(join(rules, 'first.md'), 'Ask them.');
  writeFileSync(join(rules, 'others.yml'), OTHERS);
  writeFileSync(join(folder, 'pipeline.yml'), PIPELINE);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Loaded {
  readonly library: RuleLibrary;
  readonly isHit: boolean;
}

async function load(admins = ['root', 'admin'], isCached = true, choice: RuleChoice = {}): Promise<Loaded> {
  const texts = readRuleTexts([rules], {
    pipelines: [join(folder, 'pipeline.yml')],
    placeholders: new Map([['admins', admins]]),
    choice,
  });
  let isHit = true;
  const library = await loadLibrary(texts, {
    cacheFolder: isCached ? cache : undefined,
    onMiss: () => (isHit = false),
  });
  return { library, isHit };
}

/** Everything that a scan can see of a library. */
function seen(library: RuleLibrary): unknown {
  const numbers = [...library.rules.keys(), library.rules.length];
  return {
    rules: library.rules.map((rule) => structuredClone({ ...rule })),
    reported: library.reported.map((rule) => structuredClone({ ...rule })),
    plan: structuredClone(library.plan),
    diagnostics: library.diagnostics.map(printDiagnostic),
    guides: numbers.map((number) => library.guideOf(number)?.text),
    numbers: library.rules.map((rule) => library.numberOf(rule)),
    hash: library.hash,
    isUsable: library.isUsable,
    leftOut: library.leftOut,
  };
}

test('from the cache a library is the same, with what is wrong with the rules', async () => {
  const [plain, cold, warm] = [await load(undefined, false), await load(), await load()];
  assert.deepEqual([cold.isHit, warm.isHit], [false, true]);
  assert.deepEqual(seen(warm.library), seen(cold.library));
  assert.deepEqual(seen(warm.library), seen(plain.library));
  assert.match(warm.library.diagnostics.map(printDiagnostic).join('\n'), /others\.yml:3:.*modifier-unknown/);
  const [rule] = warm.library.rules;
  assert.equal(rule?.identifiers.length, 2, 'with its filter');
  assert.equal(warm.library.plan.correlations[0]?.rule.title, 'Many');
  assert.equal(warm.library.guideOf(0)?.text, 'Ask them.');
});

test('nothing stale is used: a change of anything that rules are made of is a miss', async () => {
  await load();
  const changed = async (what: string, change: () => void, admins?: string[]): Promise<void> => {
    change();
    const { library, isHit } = await load(admins);
    assert.equal(isHit, false, what);
    assert.deepEqual(seen(library), seen((await load(admins, false)).library), what);
    assert.equal((await load(admins)).isHit, true, `${what}, again`);
  };
  await changed('one byte of a rule', () => writeFileSync(join(rules, 'first.yml'), RULE.replace('whoami', 'whoamI')));
  await changed('one byte of a comment', () => writeFileSync(join(rules, 'first.yml'), `${RULE}#`));
  await changed('a byte-order mark and a letter', () => writeFileSync(join(rules, 'first.yml'), `\ufeff${RULE}é`));
  await changed('a rule more', () => writeFileSync(join(rules, 'more.yml'), RULE.replace('name: first', 'name: more')));
  await changed('another rule less', () => writeFileSync(join(rules, 'first.yml'), ''));
  await changed('a name', () => renameSync(join(rules, 'others.yml'), join(rules, 'other.yml')));
  await changed('where one file ends', () => {
    writeFileSync(join(rules, 'first.yml'), `${RULE}\n`);
    writeFileSync(join(rules, 'other.yml'), OTHERS.slice(0, -1));
  });
  await changed('a pipeline', () =>
    writeFileSync(join(folder, 'pipeline.yml'), PIPELINE.replace('command_line', 'args')),
  );
  await changed('a placeholder', () => undefined, ['root']);
  await changed('where one value of a placeholder ends', () => undefined, ['root,admin']);
});

test('a choice of rules is kept by itself, without filters, pipelines and correlations too', async () => {
  writeFileSync(
    join(rules, 'high.yml'),
    RULE.replace('title: First', 'title: High\nlevel: high').replace(/name: .*/, ''),
  );
  const chosen = async (): Promise<RuleLibrary> => {
    const [plain, cold, warm] = [
      await load(undefined, false, { level: 'high' }),
      await load(undefined, true, { level: 'high' }),
      await load(undefined, true, { level: 'high' }),
    ];
    assert.deepEqual([cold.isHit, warm.isHit], [false, true]);
    assert.deepEqual(seen(warm.library), seen(plain.library));
    return warm.library;
  };
  const all = await load();
  const some = await chosen();
  assert.deepEqual(
    some.rules.map(({ title }) => title),
    ['High'],
  );
  assert.equal(some.leftOut, all.library.rules.length + all.library.plan.correlations.length - 1);
  rmSync(join(rules, 'others.yml'));
  writeFileSync(
    join(rules, 'high.yml'),
    RULE.replace('title: First', 'title: High\nlevel: high').replace(/ +User.*/, ''),
  );
  writeFileSync(join(rules, 'first.yml'), RULE.replace(/ +User.*/, ''));
  const again = await loadLibrary(readRuleTexts([rules], { choice: { level: 'high' } }), { cacheFolder: cache });
  assert.deepEqual([again.rules.map(({ title }) => title), again.leftOut], [['High'], 1]);
});

test('the guide beside a rule is the one that is there now', async () => {
  await load();
  writeFileSync(join(rules, 'first.md'), 'Ask them twice.');
  const { library, isHit } = await load();
  assert.equal(isHit, true);
  assert.equal(library.guideOf(0)?.text, 'Ask them twice.');
});

test('a damaged file is made anew, and one that goes between two runs', async () => {
  const { library } = await load();
  const file = join(cache, readdirSync(cache)[0] ?? '');
  const whole = readFileSync(file);
  for (const harm of [
    () => truncateSync(file, whole.length >> 1),
    () => writeFileSync(file, 'junk'),
    () => rmSync(file),
  ]) {
    harm();
    const again = await load();
    assert.equal(again.isHit, false);
    assert.deepEqual(seen(again.library), seen(library));
    assert.deepEqual(readFileSync(file), whole);
  }
});

test('an image that is no image is as good as none, whoever gives it', async () => {
  const texts = readRuleTexts([rules]);
  const expected = seen(await loadLibrary(texts));
  for (const size of [0, 4, 40, 4096])
    for (const byte of [0, 1, 0xff]) {
      let isMiss = false;
      const image = new Uint8Array(new SharedArrayBuffer(size)).fill(byte);
      const library = await loadLibrary(texts, { image, onMiss: () => (isMiss = true) });
      assert.ok(isMiss);
      assert.deepEqual(seen(library), expected);
    }
});

test('a library in use does not need the cache any more, nor the rule files', async () => {
  await load();
  const { library } = await load();
  rmSync(folder, { recursive: true });
  assert.equal(library.rules[0]?.title, 'First');
  assert.equal(library.rules[0].source.text, RULE);
});

test('paths that cannot be read, and files that are too large', () => {
  assert.throws(() => readRuleTexts([join(folder, 'nowhere')]), RulePathError);
  assert.throws(() => readRuleTexts([rules], { pipelines: [join(folder, 'nowhere')] }), RulePathError);
  const large = join(rules, 'large.yml');
  writeFileSync(large, '');
  truncateSync(large, 16 * 1024 * 1024 + 1);
  assert.throws(() => readRuleTexts([rules]), /large\.yml has more than 16777216 bytes/);
  truncateSync(large, 16 * 1024 * 1024);
  assert.equal(readRuleTexts([rules]).files[1]?.source.text.length, 16 * 1024 * 1024);
  rmSync(large);
});

test('the texts are those of the files, whatever their bytes', () => {
  writeFileSync(join(rules, 'bytes.yml'), Buffer.from([0x74, 0xff, 0xc3, 0xa9]));
  writeFileSync(join(rules, 'empty.yaml'), '');
  writeFileSync(join(rules, 'first.tests.yml'), 'no rule');
  mkdirSync(join(rules, 'a'));
  writeFileSync(join(rules, 'a', 'inner.yml'), '\ufefftitle: x');
  const { files } = readRuleTexts([rules, join(rules, 'empty.yaml')]);
  assert.deepEqual(
    files.map(({ source }) => [source.name.slice(rules.length + 1), source.text]),
    [
      ['a/inner.yml', 'title: x'],
      ['bytes.yml', 't\ufffdé'],
      ['empty.yaml', ''],
      ['first.yml', RULE],
      ['others.yml', OTHERS],
    ],
  );
});

test('the pack that comes with the product, from the cache', async () => {
  const texts = readRuleTexts([packFolder('kubernetes-network')]);
  const cold = await loadLibrary(texts, { cacheFolder: cache });
  const warm = await loadLibrary(texts, { cacheFolder: cache, onMiss: () => assert.fail('a miss') });
  assert.deepEqual(seen(warm), seen(cold));
  assert.ok(warm.rules.every((_, number) => warm.guideOf(number) !== undefined));
});
