import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import fc from 'fast-check';

import { lanes } from '../../bench/lanes/lanes.ts';
import { makeStream } from '../../bench/lanes/make-stream.ts';
import { RuleLibrary } from '../../src/pipeline/rule-library.ts';
import { packFolder } from '../../src/pipeline/rule-texts.ts';
import { batchesOf, compareEngines, libraryOf } from './engines.ts';
import { mutate } from './mutate-lines.ts';
import { rulesAndEvents } from './random-rules.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SHARED = join(ROOT, '..', 'shared', 'data');
const SIGMAHQ = join(SHARED, 'sigmahq');
const MUTATED = Number(process.env['PORTREEVE_FUZZ_LINES'] ?? 10_000);
const SEED = process.env['PORTREEVE_FUZZ_SEED'] ?? String(Date.now() % 1_000_000);

const sigmahqPaths = (): readonly string[] =>
  readdirSync(SIGMAHQ)
    .filter((folder) => folder === 'rules' || folder.startsWith('rules-'))
    .map((folder) => join(SIGMAHQ, folder));

const ownPaths: readonly string[] = [
  join(ROOT, 'bench', 'rules'),
  packFolder('kubernetes-network'),
  packFolder('portable'),
];

test('the byte engine finds what the object engine finds in streams of every lane', async () => {
  const library = await libraryOf(ownPaths);
  for (const lane of lanes) {
    for (const repeating of [true, false]) {
      for (const withLogSource of [true, false]) {
        const { bytes } = makeStream(lane, { seed: SEED, bytes: 192 * 1024, repeating, hitShare: 0.05, withLogSource });
        const { records } = compareEngines(library, batchesOf(bytes, 64 * 1024), `${lane.name}, seed ${SEED}`);
        assert.ok(records > 0);
      }
    }
  }
});

test(`the byte engine finds what the object engine finds in ${MUTATED} lines that were changed (seed ${SEED})`, async (t) => {
  const library = await libraryOf(existsSync(SIGMAHQ) && MUTATED > 10_000 ? sigmahqPaths() : ownPaths);
  const perLane = Math.ceil(MUTATED / lanes.length);
  let records = 0;
  let findings = 0;
  for (const lane of lanes) {
    const { bytes } = makeStream(lane, {
      seed: SEED,
      bytes: 256 * 1024,
      repeating: true,
      hitShare: 0.2,
      withLogSource: true,
    });
    const lines = bytes.toString('latin1').split('\n').filter(Boolean);
    const changed = Array.from({ length: perLane }, (_, i) =>
      mutate(lines[i % lines.length] ?? '', `${SEED} ${lane.name} ${i}`),
    );
    const compared = compareEngines(
      library,
      batchesOf(Buffer.from(changed.join('\n'), 'latin1'), 64 * 1024),
      lane.name,
    );
    records += compared.records;
    findings += compared.findings;
  }
  t.diagnostic(`${records} records, ${findings} findings`);
  assert.ok(findings > MUTATED / 500, 'too few lines match to show anything');
});

test('the byte engine holds each of many random rules for the events that the object engine holds it for', async (t) => {
  const samples = fc.sample(rulesAndEvents, { numRuns: 400, seed: Number(SEED) });
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-rules-'));
  t.after(() => rmSync(folder, { recursive: true }));
  samples.forEach(([detection], i) => {
    const text = JSON.stringify({ title: `rule ${i}`, logsource: { category: 'c' }, detection });
    // YAML reads this number as text of its own; JSON is YAML but for that.
    writeFileSync(join(folder, `${i}.yml`), text.replaceAll('1e+21', '1000000000000000000000'));
  });
  const library = await libraryOf([folder]);
  assert.ok(library.rules.length > 200, `${library.rules.length} rules`);
  const lines = samples.flatMap(([, events]) => events.map((event) => JSON.stringify(event, plainNumbers)));
  const { findings } = compareEngines(library, batchesOf(Buffer.from(lines.join('\n'))), `seed ${SEED}`);
  assert.ok(findings > lines.length / 10);
  const bytes = lines.slice(0, 12 * FIRST).map((line) => Buffer.from(line).toString('latin1'));
  const first = compareFirst(library, bytes);
  assert.ok(first > 10);
});

test('the byte engine finds what the object engine finds in the first lines of streams, before it has tables', async () => {
  const library = await libraryOf(ownPaths);
  let findings = 0;
  for (const lane of lanes) {
    const { bytes } = makeStream(lane, {
      seed: SEED,
      bytes: 192 * 1024,
      repeating: false,
      hitShare: 0.5,
      withLogSource: true,
    });
    const lines = bytes
      .toString('latin1')
      .split('\n')
      .filter(Boolean)
      .slice(0, 3 * FIRST);
    findings += compareFirst(library, lines);
    findings += compareFirst(
      library,
      lines.map((line, i) => mutate(line, `${SEED} ${lane.name} ${i}`)),
    );
  }
  assert.ok(findings > 100);
});

/** Lines that an engine looks at before it makes tables for them. */
const FIRST = 16;

/** Each few lines with an engine that has seen none before; `lines` are bytes as Latin-1. */
function compareFirst({ parts }: RuleLibrary, lines: readonly string[]): number {
  let findings = 0;
  for (let from = 0; from < lines.length; from += FIRST) {
    const bytes = Buffer.from(lines.slice(from, from + FIRST).join('\n'), 'latin1');
    findings += compareEngines(new RuleLibrary(parts), batchesOf(bytes), `seed ${SEED}, from ${from}`).findings;
  }
  return findings;
}

test('the byte engine finds what the object engine finds in events of every source', async (t) => {
  if (!existsSync(SIGMAHQ)) return t.skip('no collection of real events beside the checkout');
  const library = await libraryOf([...sigmahqPaths(), ...ownPaths.slice(1)]);
  let records = 0;
  for (const file of filesIn(join(SHARED, 'events'))) {
    const { records: here } = compareEngines(library, batchesOf(readFileSync(file)), file);
    records += here;
  }
  assert.ok(records > 1000);
});

test('findings have the time of the record, wherever it stands and however it is written', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-rules-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const rule = {
    title: 'any',
    logsource: { category: 'file_event' },
    detection: { selection: { EventID: 11 }, condition: 'selection' },
  };
  writeFileSync(join(folder, 'any.yml'), JSON.stringify(rule));
  const library = await libraryOf([folder]);
  const keys = ['@timestamp', 'UtcTime', 'TimeCreated', 'EventTime', 'eventTime', 'timestamp', 'time', '_time', 'no'];
  const values = [
    '"2026-03-02 08:00:00.012"',
    '"2026-03-02T08:00:00.5Z"',
    '"2026-03-02\\u005408:00:01Z"',
    '"2026-03-02\\/08"',
    '"\u00e9"',
    '"-"',
    '""',
    '1772438400',
    '1772438400123',
    '1772438400.25',
    '17724384001234567890',
    '1.7724384e9',
    '-0',
    '0',
    'null',
    'true',
    '["2026-03-02T08:00:00Z"]',
    '{"a":"2026-03-02T08:00:00Z"}',
    `"${'2'.repeat(70)}"`,
  ];
  const sources = ['"product":"windows","category":"file_event",', ''];
  const lines = sources.flatMap((source) =>
    keys.flatMap((first, i) =>
      values.flatMap((one, j) => {
        const another = `"${keys[(i + j + 1) % keys.length]}":${values[(j * 7 + i) % values.length]}`;
        return [`{${source}"${first}":${one},"EventID":11}`, `{${source}"EventID":11,${another},"${first}":${one}}`];
      }),
    ),
  );
  const { findings } = compareEngines(library, batchesOf(Buffer.from(lines.join('\n'))));
  assert.equal(findings, lines.length);
});

function plainNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return /\.(jsonl|ndjson|json|log)$/.test(entry.name) ? [path] : [];
  });
}

test('integers of any length are compared digit by digit, and are no reason to read a line in full', async (t) => {
  const tests = [
    ...['9007199254740993', '12345678901234567890', '-12345678901234567890', '1234'].flatMap((value) => [
      { id: value },
      { 'id|contains': value },
      { 'id|startswith': value.slice(0, 5) },
      { 'id|endswith': value.slice(-5) },
      { 'id|re': `^${value}$` },
      [value],
      [`${value}0`],
    ]),
    { 'id|gt': 9007199254740992 },
    { 'id|lte': 1234 },
    { id: 9007199254740992 },
    { 'id|exists': true },
    { 'id|contains': '2345678901234568e+44' },
    { id: '0' },
    ['1.2345678901234568e+40'],
    { 'id|contains': 'infin' },
    { id: '1234' },
    { id: '1234567890123456' },
    ['123456789012345'],
  ];
  const digits = '1234567890'.repeat(6);
  const long = [4, 15, 16, 17, 19, 20, 21, 39, 40, 41, 45].map((length) => digits.slice(0, length));
  const others = '9007199254740991 9007199254740992 9007199254740993 1234.0 1234e0 0 -0 1E400 1234567890123456.0'.split(
    ' ',
  );
  const numbers = [...long, ...long.map((number) => `-${number}`), ...others];
  const lines = Array.from({ length: 600 }, (_, i) => {
    const number = numbers[i % numbers.length] ?? '';
    return `{"category":"c","id":${i % 3 === 0 ? `[${number},1]` : number},"other":{"n":${numbers[i % 7] ?? ''}}}`;
  });
  let findings = 0;
  const batches = batchesOf(Buffer.from(lines.join('\n')));
  // What one rule looks for says nothing of what another does, nor all of them of each.
  for (const selections of [...tests.map((one) => [one]), tests]) {
    const folder = mkdtempSync(join(tmpdir(), 'portreeve-rules-'));
    t.after(() => rmSync(folder, { recursive: true }));
    selections.forEach((selection, i) => {
      const detection = { selection, condition: 'selection' };
      const rule = { title: `t${i}`, logsource: { category: 'c' }, detection };
      writeFileSync(join(folder, `${i}.yml`), JSON.stringify(rule));
    });
    findings += compareEngines(await libraryOf([folder]), batches, JSON.stringify(selections)).findings;
  }
  assert.ok(findings > 1000, String(findings));
});

test('fields whose names have nothing beside a dot, or no name at all, take nothing away from others', async () => {
  const fields = ['.', '..', '.f', 'f.', 'f..g', '.f.g', '', ' ', 'f', 'g', 'f.g', '.Image', 'Image', '.product'];
  const rule = (field: string): string =>
    JSON.stringify({
      title: `field ${field}`,
      logsource: { category: 'process_creation' },
      detection: { s: { [field]: 'v' }, n: { g: 'w' }, condition: 's and not n' },
    });
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-fields-'));
  try {
    fields.forEach((field, i) => writeFileSync(join(folder, `${i}.yml`), rule(field)));
    const library = await libraryOf([folder]);
    const holders: readonly ((value: object) => object)[] = [
      (value) => value,
      (value) => ({ '': value, g: 'v' }),
      (value) => ({ f: value }),
      (value) => ({ f: { '': value } }),
      (value) => ({ '.': value, ' ': 'v' }),
    ];
    const keys = ['', '.', 'f', 'g', '.f', 'f.', 'f..g', 'f.g', 'Image', '.Image', 'product'];
    const lines: string[] = [];
    // Beyond the first lines of a kind, which are looked at otherwise.
    for (let time = 0; time < 60; time++)
      for (const hold of holders)
        for (const key of keys) {
          const value = hold({ [key]: time % 7 === 0 ? 'w' : 'v' });
          lines.push(
            JSON.stringify(time % 2 === 0 ? value : { category: 'process_creation', product: 'linux', ...value }),
          );
        }
    const { findings } = compareEngines(library, batchesOf(Buffer.from(lines.join('\n'))));
    assert.ok(findings > 500, String(findings));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
