import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { at, lines, portreeve } from './run-portreeve.ts';

const folder = join(import.meta.dirname, '..', '..', 'examples', 'attack-chain');

interface Expected {
  readonly file: string;
  readonly line: number;
  readonly action: string;
  /** The first is what the pack gives. */
  readonly severities: readonly string[];
}

test('the shipped example: every alert it is meant to raise, and no other', () => {
  const { alerts: expected }: { readonly alerts: readonly Expected[] } = JSON.parse(
    readFileSync(join(folder, 'expected.json'), 'utf8'),
  );
  const run = portreeve(['scan', folder, '--format', 'ndjson', '--stats=json', '--fail-on', 'critical']);
  assert.equal(run.status, 1, run.stderr);
  const found = lines(run.stdout).map((alert) => {
    const file = String(at(alert, 'event', 'file')).slice(folder.length + 1);
    return `${file}:${String(at(alert, 'event', 'line'))} ${String(at(alert, 'kubectl', 'action'))} ${String(at(alert, 'severity'))}`;
  });
  const wanted = expected.map(
    ({ file, line, action, severities }) => `${file}:${line} ${action} ${severities[0] ?? ''}`,
  );
  assert.deepEqual(found.toSorted(), wanted.toSorted());
  const statistics = lines(run.stderr.trimEnd().split('\n').at(-1) ?? '')[0];
  assert.ok(Object.keys(Object(at(statistics, 'shapes'))).length >= 6);
});
