import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';

import fc from 'fast-check';

import type { CorrelatorState } from '../correlate/state.ts';
import { CorrelatorStateError, loadCorrelatorState, saveCorrelatorState } from './correlator-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'portreeve-state-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const stateOf = (groups: number): CorrelatorState => ({
  version: 2,
  latest: 1_700_000_000_000,
  nextEvent: 7,
  counts: { observed: 7, duplicates: 0, late: 0, ungrouped: 0, dropped_groups: 0, dropped_entries: 0 },
  groups: Array.from({ length: groups }, (_, i) => ({
    correlation: 3,
    key: JSON.stringify([`üser ${i}`]),
    said: [1, 2],
    entries: [1, 2, 3].map((n) => ({
      time: n,
      event: n,
      member: 0,
      values: ['x\n'],
      id: `e${n}`,
      place: { file: 'f', line: n, byte: n },
      rule: 1,
      fields: { u: ['é'] },
    })),
  })),
});

test('what is saved is what is loaded', async () => {
  const path = join(folder, 'whole');
  assert.deepEqual((await loadCorrelatorState(join(folder, 'none'), 'r')).groups, []);
  for (const groups of [0, 1, 3000]) {
    await saveCorrelatorState(path, 'r', stateOf(groups));
    assert.deepEqual(await loadCorrelatorState(path, 'r'), stateOf(groups));
  }
  await assert.rejects(loadCorrelatorState(path, 'other'), /belongs to other rules/);
  assert.deepEqual(readdirSync(folder), ['whole']);
});

test('a file that is cut, changed at any byte or foreign is an error that says so, never a state', async () => {
  const path = join(folder, 'damaged');
  await saveCorrelatorState(path, 'r', stateOf(2));
  const good = readFileSync(path);
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), async (at, by, isCut) => {
      const bytes = isCut ? good.subarray(0, at) : Buffer.from(good);
      if (!isCut) bytes[at] = (bytes[at] ?? 0) ^ by;
      writeFileSync(path, bytes);
      // The last line's end alone may be missing.
      if (isCut && at === good.length - 1) return;
      await assert.rejects(loadCorrelatorState(path, 'r'), (error) => {
        assert.ok(error instanceof CorrelatorStateError);
        assert.match(error.message, /no correlation state|damaged|other rules/);
        return true;
      });
    }),
    { numRuns: 400 },
  );
  for (const foreign of ['', '{}', '[]\n', 'null', '{"format":"portreeve correlation state"}', '\0'.repeat(5000)]) {
    writeFileSync(path, foreign);
    await assert.rejects(loadCorrelatorState(path, 'r'), /no correlation state/, foreign.slice(0, 40));
  }
  await assert.rejects(loadCorrelatorState(folder, 'r'), /cannot read/);
});

test('values that no state can have are refused: times without a date, events out of order', async () => {
  const path = join(folder, 'values');
  const [group] = stateOf(1).groups;
  const [entry] = group?.entries ?? [];
  assert.ok(group && entry);
  for (const bad of [
    { ...group, entries: [{ ...entry, time: 1e300 }] },
    { ...group, entries: [{ ...entry, time: 5 }, entry] },
    { ...group, entries: [{ ...entry, member: -1 }] },
    { ...group, said: [2, 1] },
    { ...group, key: '"text"' },
  ]) {
    await saveCorrelatorState(path, 'r', { ...stateOf(0), groups: [bad] });
    await assert.rejects(loadCorrelatorState(path, 'r'), /damaged/, JSON.stringify(bad));
  }
});

test('a place that cannot be written to is an error, and leaves nothing behind', async () => {
  await assert.rejects(saveCorrelatorState(join(folder, 'no', 'state'), 'r', stateOf(1)), /cannot write/);
  writeFileSync(join(folder, 'plain'), '');
  await assert.rejects(saveCorrelatorState(join(folder, 'plain', 'state'), 'r', stateOf(1)), CorrelatorStateError);
  await assert.rejects(saveCorrelatorState(folder, 'r', stateOf(1)), CorrelatorStateError);
  assert.ok(!readdirSync(folder).some((name) => name.endsWith('.tmp')));
});

test('killed while it saves: the file is the one before or the one after, whole', async () => {
  const path = join(folder, 'killed');
  await saveCorrelatorState(path, 'r', stateOf(1));
  const module = new URL('./correlator-file.ts', import.meta.url).href;
  const script = `const { saveCorrelatorState } = await import(${JSON.stringify(module)});
    const state = ${JSON.stringify(stateOf(1))};
    const groups = Array.from({ length: 20000 }, (_, i) => ({ ...state.groups[0], key: JSON.stringify(['k' + i]) }));
    console.log('ready');
    for (;;) await saveCorrelatorState(${JSON.stringify(path)}, 'r', { ...state, groups });`;
  const sizes = new Set<number>();
  for (let round = 0; round < 6; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await wait(20 + 37 * round);
    child.kill('SIGKILL');
    await once(child, 'exit');
    sizes.add((await loadCorrelatorState(path, 'r')).groups.length);
  }
  for (const size of sizes) assert.ok(size === 1 || size === 20_000, String(size));
});
