import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { Worker } from 'node:worker_threads';

import { cacheFolder, cachePath, isOurs } from './cache-folder.ts';
import { RuleCache } from './rule-cache.ts';

const image = new TextEncoder().encode('what rules come to, for once quite short');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portreeve-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function onlyFile(): string {
  const names = readdirSync(folder);
  assert.equal(names.length, 1, names.join(' '));
  return join(folder, names[0] ?? '');
}

test('what was written is read, under its key alone', () => {
  const cache = new RuleCache(folder);
  assert.equal(cache.read('key'), undefined);
  cache.write('key', image);
  assert.deepEqual(cache.read('key'), image);
  assert.equal(cache.read('other'), undefined);
  cache.write('other', new Uint8Array(0));
  assert.deepEqual(cache.read('other'), new Uint8Array(0));
  assert.equal(statSync(join(folder, readdirSync(folder)[0] ?? '')).mode & 0o077, 0);
});

test('a file that is cut, changed, longer or of another key is as good as none', () => {
  const cache = new RuleCache(folder);
  cache.write('key', image);
  const path = onlyFile();
  const whole = readFileSync(path);
  for (let length = 0; length < whole.length; length++) {
    truncateSync(path, length);
    assert.equal(cache.read('key'), undefined, `cut to ${length}`);
    writeFileSync(path, whole);
  }
  for (let at = 0; at < whole.length; at++) {
    for (const flip of [1, 0x80]) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ flip;
      writeFileSync(path, damaged);
      assert.equal(cache.read('key'), undefined, `byte ${at}`);
    }
  }
  writeFileSync(path, Buffer.concat([whole, Buffer.from([0])]));
  assert.equal(cache.read('key'), undefined, 'longer');
  writeFileSync(path, whole);
  assert.deepEqual(cache.read('key'), image);
  cache.write('other', image);
  for (const name of readdirSync(folder)) writeFileSync(join(folder, name), whole);
  assert.equal(cache.read('other'), undefined, 'of another key');
});

test('a file that others can write to is not read', { skip: process.platform === 'win32' }, () => {
  const cache = new RuleCache(folder);
  cache.write('key', image);
  for (const mode of [0o620, 0o602, 0o666]) {
    chmodSync(onlyFile(), mode);
    assert.equal(cache.read('key'), undefined, mode.toString(8));
  }
  chmodSync(onlyFile(), 0o600);
  assert.deepEqual(cache.read('key'), image);
  assert.equal(isOurs({ uid: (process.getuid?.() ?? 0) + 1, mode: 0o700 }), false);
});

test('a cache that cannot be written or read does nothing', () => {
  const away = join(folder, 'away');
  const cache = new RuleCache(away);
  cache.write('key', image);
  assert.equal(cache.read('key'), undefined);
  const blocked = join(folder, 'blocked');
  writeFileSync(blocked, '');
  new RuleCache(blocked).write('key', image);
  assert.equal(new RuleCache(blocked).read('key'), undefined);
  // A folder where the file should be.
  const taken = join(folder, 'taken');
  mkdirSync(taken);
  const other = new RuleCache(taken);
  other.write('key', image);
  const [name = ''] = readdirSync(taken);
  rmSync(join(taken, name));
  mkdirSync(join(taken, name));
  other.write('key', image);
  assert.equal(other.read('key'), undefined);
  assert.deepEqual(readdirSync(taken), [name], 'nothing half written is left');
});

test('a pipe in place of the file is not waited for', { timeout: 20_000 }, (t) => {
  const cache = new RuleCache(folder);
  cache.write('key', image);
  const file = onlyFile();
  rmSync(file);
  if (spawnSync('mkfifo', ['-m', '600', file]).status !== 0) {
    t.skip('there is no mkfifo here');
    return;
  }
  assert.equal(cache.read('key'), undefined);
});

test('old rule sets go, and what was half written and left', () => {
  const cache = new RuleCache(folder);
  for (let i = 0; i < 20; i++) {
    cache.write(`key ${i}`, image);
    for (const name of readdirSync(folder)) {
      const { mtimeMs } = statSync(join(folder, name));
      utimesSync(join(folder, name), new Date(), new Date(mtimeMs - 60_000));
    }
    assert.ok(cache.read('key 0'), 'what is used stays');
  }
  assert.equal(readdirSync(folder).length, 16);
  assert.equal(cache.read('key 1'), undefined);
  assert.ok(cache.read('key 19'));

  const left = join(folder, `rules-${'0'.repeat(32)}.bin.${'4'.repeat(16)}.tmp`);
  writeFileSync(left, '');
  writeFileSync(join(folder, 'mine.txt'), '');
  cache.write('key 20', image);
  assert.ok(statSync(left), 'somebody may still be writing it');
  utimesSync(left, new Date(0), new Date(0));
  utimesSync(join(folder, 'mine.txt'), new Date(0), new Date(0));
  cache.write('key 21', image);
  assert.equal(statSync(left, { throwIfNoEntry: false }), undefined);
  assert.ok(statSync(join(folder, 'mine.txt')), 'what is not of the cache is left alone');
});

test('several write and read at once: each reads all or nothing', async () => {
  const code = `
    const { workerData } = require('node:worker_threads');
    import(workerData.module).then(({ RuleCache }) => {
      const cache = new RuleCache(workerData.folder);
      const image = new Uint8Array(200_000).fill(7);
      for (let i = 0; i < 60; i++) {
        cache.write('key', image);
        const read = cache.read('key');
        if (read !== undefined && (read.length !== image.length || read.some((byte) => byte !== 7))) throw new Error('torn');
      }
    });`;
  const data = { folder, module: new URL('./rule-cache.ts', import.meta.url).href };
  const workers = Array.from({ length: 4 }, () => new Worker(code, { eval: true, workerData: data }));
  const ends = await Promise.all(
    workers.map(
      (worker) =>
        new Promise<number>((resolve, reject) => {
          worker.on('error', reject);
          worker.on('exit', resolve);
        }),
    ),
  );
  assert.deepEqual(ends, [0, 0, 0, 0]);
  assert.equal(new RuleCache(folder).read('key')?.length, 200_000);
  onlyFile();
});

test('where the cache lies', () => {
  const at = (platform: NodeJS.Platform, env: Record<string, string>): string | undefined =>
    cachePath({ platform, env, home: '/home/me' });
  assert.equal(at('linux', {}), '/home/me/.cache/portreeve');
  assert.equal(at('linux', { XDG_CACHE_HOME: '/c' }), '/c/portreeve');
  assert.equal(at('linux', { XDG_CACHE_HOME: 'not/absolute' }), '/home/me/.cache/portreeve');
  assert.equal(at('darwin', {}), '/home/me/Library/Caches/portreeve');
  assert.equal(at('win32', {}), undefined);
  assert.equal(at('linux', { PORTREEVE_CACHE_DIR: '/mine', XDG_CACHE_HOME: '/c' }), '/mine');
  for (const off of ['off', '0', 'OFF'])
    assert.equal(at('linux', { PORTREEVE_CACHE: off, PORTREEVE_CACHE_DIR: '/mine' }), undefined);
});

test('a folder that others can write to, or that is none, is not used', { skip: process.platform === 'win32' }, () => {
  const before = process.env['PORTREEVE_CACHE_DIR'];
  const use = (path: string): string | undefined => {
    process.env['PORTREEVE_CACHE_DIR'] = path;
    return cacheFolder(true);
  };
  try {
    const made = join(folder, 'a', 'b');
    assert.equal(use(made), made);
    assert.equal(statSync(made).mode & 0o777, 0o700);
    assert.equal(cacheFolder(false), undefined);
    chmodSync(made, 0o770);
    assert.equal(use(made), undefined);
    symlinkSync(folder, join(folder, 'link'));
    assert.equal(use(join(folder, 'link')), undefined);
    writeFileSync(join(folder, 'file'), '');
    assert.equal(use(join(folder, 'file')), undefined);
    assert.equal(use(join(folder, 'file', 'below')), undefined);
  } finally {
    if (before === undefined) delete process.env['PORTREEVE_CACHE_DIR'];
    else process.env['PORTREEVE_CACHE_DIR'] = before;
  }
});
