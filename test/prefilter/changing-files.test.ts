import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { elastic } from '../cases/render.ts';
import { caseOf } from './disguises.ts';
import { outcome } from './outcome.ts';
import type { Outcome } from './outcome.ts';

/** Bytes of a file that one worker reads at once. */
const PART = 8 * 1024 * 1024;
const HIT = elastic(caseOf({ os: 'linux', argv: ['kubectl', 'port-forward', 'svc/web', '8080:80'] }), 1).join('\n');
const OTHER = `{"a":"${'x'.repeat(900)}"}\n`;

function fill(bytes: number): string {
  return OTHER.repeat(Math.floor(bytes / OTHER.length));
}

/** Scans a file with so many threads, and does something to it when it has begun. */
async function meanwhile(text: string, threads: number, then: (path: string) => void): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-changing-'));
  try {
    const path = join(folder, 'input');
    writeFileSync(path, text);
    let isDone = false;
    return await outcome(path, {
      threads,
      onProgress() {
        if (isDone) return;
        isDone = true;
        then(path);
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const places = ({ alerts }: Outcome): readonly string[] =>
  alerts.map(({ event: { place } }) => `${place.line}:${place.byte}`);

test('a file that is cut where a part of it ends: the record there is read once', async () => {
  const at = 2 * PART;
  const before = fill(at - HIT.length - 3 * OTHER.length);
  const pad = `{"a":"${'y'.repeat(at - before.length - HIT.length - 9)}"}\n`;
  const text = `${before}${pad}${HIT}\n${fill(PART + PART / 2)}`;
  assert.equal(before.length + pad.length + HIT.length, at);
  for (const threads of [1, 2, 3]) {
    const found = await meanwhile(text, threads, (path) => {
      truncateSync(path, at);
    });
    assert.deepEqual(places(found), [`${before.length / OTHER.length + 2}:${at - HIT.length}`], `${threads} threads`);
  }
});

test('what is written to a file while it is read is read too', async () => {
  for (const bytes of [PART / 2, 2 * PART + 100_000])
    for (const threads of [1, 2]) {
      const text = `${fill(bytes)}${HIT}\n${OTHER.slice(0, 400)}`;
      const found = await meanwhile(text, threads, (path) => {
        appendFileSync(path, `${OTHER.slice(400)}${fill(PART + 1000)}${HIT}\n`);
      });
      assert.equal(found.alerts.length, 2, `${bytes} bytes, ${threads} threads`);
      assert.deepEqual(found.codes, []);
    }
});

test('a file that says it is empty, and is not', async (t) => {
  const path = '/proc/kallsyms';
  let lines = 0;
  try {
    lines = readFileSync(path, 'latin1').split('\n').length - 1;
  } catch {
    // Not on this system, or not for this user.
  }
  if (lines < 10_000) {
    t.skip(`${path} cannot be read here`);
    return;
  }
  for (const threads of [1, 2]) assert.equal((await outcome(path, { threads })).statistics.records, lines);
});
