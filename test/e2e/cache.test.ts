import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { at, lines, portreeve } from './run-portreeve.ts';

const RULES = `title: Who am I
id: 22222222-2222-4222-8222-222222222222
logsource: { category: process_creation }
detection: { selection: { CommandLine|contains: whoami }, condition: selection }
---
title: Broken
logsource: { category: process_creation }
detection: { selection: { CommandLine|nope: whoami }, condition: selection }
`;
const EVENT = `${JSON.stringify({ EventID: 1, Image: 'C:\\whoami.exe', CommandLine: 'whoami /all', product: 'windows', category: 'process_creation' })}\n`;

test('scan: the same from the cache and without it, on one thread and on two; --no-cache leaves nothing', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-e2e-cache-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'rules.yml'), RULES);
  writeFileSync(join(folder, 'events.ndjson'), EVENT.repeat(3));
  const cache = join(folder, 'cache');
  const run = (extra: readonly string[], env: Record<string, string> = {}): string => {
    const { status, stdout, stderr } = portreeve(
      ['scan', join(folder, 'events.ndjson'), '--rules', join(folder, 'rules.yml'), ...extra],
      '',
      { PORTREEVE_CACHE_DIR: cache, ...env },
    );
    assert.equal(status, 0, stderr);
    assert.match(stderr, /rules\.yml:8:39: error modifier-unknown/);
    assert.deepEqual(
      lines(stdout).map((alert) => at(alert, 'title')),
      ['Who am I', 'Who am I', 'Who am I'],
    );
    return stdout + stderr;
  };
  const images = (): readonly string[] => readdirSync(cache).filter((name) => name.startsWith('rules-'));

  const plain = run(['--no-cache']);
  assert.equal(existsSync(cache), false);
  assert.equal(run([], { PORTREEVE_CACHE: 'off' }), plain);
  assert.equal(existsSync(cache), false);
  assert.equal(run([]), plain);
  assert.equal(images().length, 1);
  assert.equal(run([]), plain);
  assert.equal(run(['--threads', '2']), plain);
  assert.equal(images().length, 1);

  writeFileSync(join(cache, images()[0] ?? ''), 'junk');
  assert.equal(run([]), plain);
  rmSync(cache, { recursive: true });
  writeFileSync(cache, 'a file where the folder should be');
  assert.equal(run([]), plain);
  rmSync(cache);
  mkdirSync(cache, { mode: 0o777 });
  assert.equal(run(['--threads', '2', '--no-cache']), plain);
});
