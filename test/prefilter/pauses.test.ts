import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import type { Batch } from '../../src/frame/batch.ts';
import { loadLibrary } from '../../src/pipeline/load-library.ts';
import { takeRawScanner } from '../../src/pipeline/raw-scan.ts';
import { packFolder, readRuleTexts } from '../../src/pipeline/rule-texts.ts';
import { requiredSigns } from '../../src/prefilter/required-signs.ts';
import { auditd, elastic } from '../cases/render.ts';
import { caseOf, randomFrom } from './disguises.ts';
import { outcome } from './outcome.ts';

const SEED = Number(process.env['PORTREEVE_FUZZ_SEED'] ?? 20261128);
const { rules } = await loadLibrary(readRuleTexts([packFolder('kubernetes-network')]));
const required = requiredSigns(rules);

const isHit = (i: number): boolean => i % 40 === 3;
const argvOf = (i: number, random: () => number): readonly string[] =>
  isHit(i)
    ? ['kubectl', 'port-forward', 'svc/web', `${i}:80`]
    : ['git', 'status', 'x'.repeat(Math.floor(random() * 400))];

/** Events of one line. */
function elasticLines(random: () => number): string {
  const lines = Array.from({ length: 1500 }, (_, i) => elastic(caseOf({ os: 'linux', argv: argvOf(i, random) }), i));
  return [...lines.flat(), ''].join('\n');
}

/** Events of several lines, each with those of the next among them. */
function auditLines(random: () => number): string {
  const lines: string[] = [];
  let held: readonly string[] = [];
  for (let i = 0; i < 1500; i++) {
    const [head = '', ...rest] = auditd(caseOf({ os: 'linux', argv: argvOf(i, random) }), i);
    lines.push(head, ...held);
    held = rest;
  }
  return [...lines, ...held, ''].join('\n');
}

interface Scanned {
  readonly records: readonly string[];
  readonly skipped: number;
  /** Records that had been given at each pause. */
  readonly paused: readonly number[];
}

/** What a raw scan gives of the bytes in random pieces, with a pause behind some that are `apart` bytes or more from the last. */
function scanned(text: string, random: () => number, apart: number): Scanned {
  const bytes = Buffer.from(text);
  const options = required && { required, maxRecordBytes: 1024 * 1024, lookBackBytes: 64 * 1024 };
  const scanner = options && takeRawScanner(options);
  assert.ok(scanner);
  const records: string[] = [];
  const paused: number[] = [];
  let skipped = 0;
  scanner.begin({
    file: 'input',
    line: 1,
    offset: 0,
    past: [],
    finish: () => ({ taken: 0, goesOn: false }),
    evaluate({ bytes: held, count, starts, ends, lines, offsets }: Batch) {
      for (let i = 0; i < count; i++)
        records.push(`${lines[i]} ${offsets[i]} ${Buffer.from(held).toString('utf8', starts[i], ends[i])}`);
    },
    skipped: (count) => (skipped += count),
    report: ({ message }) => assert.fail(message),
  });
  let last = 0;
  for (let at = 0; at < bytes.length;) {
    const to = Math.min(bytes.length, at + 1 + Math.floor(random() * 40_000));
    scanner.push(bytes.subarray(at, to));
    at = to;
    if (at - last < apart || random() < 0.4) continue;
    last = at;
    scanner.pause();
    paused.push(records.length);
  }
  scanner.end();
  return { records, skipped, paused };
}

test(`pauses change nothing of what is evaluated, and let it go (seed ${SEED})`, () => {
  for (const [made, apart] of [
    [elasticLines, 0],
    [auditLines, 20_000],
  ] as const) {
    const text = made(randomFrom(SEED));
    const whole = scanned(text, randomFrom(SEED), Infinity);
    assert.deepEqual(whole.paused, []);
    assert.ok(whole.records.length >= 38);
    for (let turn = 1; turn <= 12; turn++) {
      const { records, skipped, paused } = scanned(text, randomFrom(SEED + turn), apart);
      assert.deepEqual(records, whole.records, `${made.name}, turn ${turn}`);
      assert.equal(skipped, whole.skipped);
      assert.ok(paused.length > 5 && (paused.at(-1) ?? 0) > 30, 'what has come was not given at pauses');
    }
  }
});

test('a pipe that pauses behind whatever it brings gives the alerts of a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-pauses-'));
  try {
    const path = join(folder, 'input');
    writeFileSync(path, elasticLines(randomFrom(SEED)));
    const pipe = { inputs: [{ name: 'input', path, size: null }], pauseMs: 0, readInFull: 100 };
    const whole = await outcome(path, { engine: 'object' });
    assert.ok(whole.alerts.length >= 38);
    for (const more of [{}, { threads: 2 }, { validate: true }, { validate: true, threads: 2 }]) {
      const paused = await outcome(path, { ...pipe, ...more });
      assert.deepEqual(paused.alerts, whole.alerts, JSON.stringify(more));
      assert.equal(paused.statistics.records, whole.statistics.records);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
