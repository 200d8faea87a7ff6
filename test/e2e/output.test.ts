import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const FULL = '/dev/full';

test('results that cannot be written are an error that says so, not findings', (t) => {
  if (!existsSync(FULL)) {
    t.skip(`there is no ${FULL} here`);
    return;
  }
  for (const format of ['ndjson', 'sarif', 'table']) {
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `exec "$0" "$@" > ${FULL}`, process.execPath, join(root, 'src', 'cli', 'main.ts'), 'scan', '--no-cache']
        .concat('--format', format)
        .concat(join(root, 'examples')),
      { encoding: 'utf8', timeout: 120_000 },
    );
    assert.equal(status, 2, format);
    assert.match(stderr, /^portreeve: error output-unwritable: results could not be written: ENOSPC/m);
    assert.doesNotMatch(stderr, /^ {4}at /m);
  }
});

test('a reader who leaves early does not undo --fail-on', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-output-'));
  try {
    const event = readFileSync(join(root, 'examples', 'attack-chain', 'elastic-defend.ndjson'), 'utf8');
    const many = join(folder, 'many.ndjson');
    writeFileSync(many, event.repeat(Math.ceil(4_000_000 / event.length)));
    const statusOf = (...options: string[]): number | null =>
      spawnSync(
        'bash',
        ['-c', '"$0" "$@" | head -c 100 > /dev/null; exit ${PIPESTATUS[0]}', process.execPath]
          .concat(join(root, 'src', 'cli', 'main.ts'), 'scan', '--no-cache', '--format', 'ndjson')
          .concat(options, many),
        { timeout: 120_000 },
      ).status;
    assert.equal(statusOf(), 0);
    assert.equal(statusOf('--fail-on', 'low'), 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a command that stops before its end says so and fails', () => {
  const file = JSON.stringify(join(root, 'src', 'cli', 'must-finish.ts'));
  const run = (promise: string): ReturnType<typeof spawnSync> =>
    spawnSync(
      process.execPath,
      ['--input-type=module', '-e', `const { mustFinish } = await import(${file}); await mustFinish(${promise});`],
      { encoding: 'utf8', timeout: 60_000 },
    );
  const stopped = run('new Promise(() => {})');
  assert.equal(stopped.status, 2);
  assert.match(String(stopped.stderr), /^portreeve: error not-finished: /m);
  const done = run('Promise.resolve()');
  assert.equal(done.status, 0);
  assert.equal(done.stderr, '');
});
