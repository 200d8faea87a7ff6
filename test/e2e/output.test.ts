import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
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
