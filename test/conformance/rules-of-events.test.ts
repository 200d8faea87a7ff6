import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { lanes } from '../../bench/lanes/lanes.ts';
import { makeStream } from '../../bench/lanes/make-stream.ts';
import type { JsonObject } from '../../src/event/json.ts';
import { isObject } from '../../src/event/json.ts';
import { parseJson } from '../../src/event/parse-json.ts';
import { readRecord } from '../../src/pipeline/read-record.ts';
import type { Shape } from '../../src/shapes/shape.ts';
import { startFields } from '../../src/shapes/start-fields.ts';
import { ownObject } from '../../src/shapes/values.ts';
import { Random } from '../../tools/example/random.ts';
import { batchesOf, compareEngines, libraryOf } from './engines.ts';
import { mutate } from './mutate-lines.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const EVENTS = join(ROOT, '..', 'shared', 'data', 'events');
const SEED = process.env['PORTREEVE_FUZZ_SEED'] ?? String(Date.now() % 1_000_000);
/** Events of a file that rules are made of, and rules of one event. */
const MOST_EVENTS = 12;
const MOST_RULES = 60;
/** So often that tables are made, and used. */
const TIMES = 48;

interface Found {
  readonly shape: Shape;
  readonly record: JsonObject;
}

/** Names of fields beside those of a process start that shapes answer to. */
const NAMES = ['type', 'name', 'exe', 'comm', 'key', 'a0', 'a1', 'a2', 'cwd', 'SYSCALL', 'syscall', 'proctitle'];

/** The paths of a record, some of the shape's own, and names for what is derived. */
function names(value: JsonObject, before = '', depth = 0): string[] {
  return Object.keys(value).flatMap((key) => {
    const inner = ownObject(value, key);
    return inner === undefined || depth > 4 ? [`${before}${key}`, key] : names(inner, `${before}${key}.`, depth + 1);
  });
}

function oneOf<T>(list: readonly T[], random: Random): T | undefined {
  return list[random.int(0, list.length - 1)];
}

/** A rule that holds for the event by one of its fields. */
function ruleOf({ shape, record }: Found, name: string, random: Random): object | undefined {
  const value = shape.field(name)?.(record);
  const one: unknown = Array.isArray(value) ? oneOf<unknown>(value, random) : value;
  const text = typeof one === 'string' || typeof one === 'number' || typeof one === 'bigint' ? String(one) : '';
  const run = oneOf(text.match(/[^\\*?"\u0000-\u001f]{3,40}/g) ?? [], random);
  if (run === undefined) return undefined;
  const logsource = Object.entries(shape.logSource(record)).flatMap(([part, said]) => {
    const [first] = typeof said === 'string' ? [said] : said;
    return first !== undefined && random.chance(0.7) ? [[part, first] as const] : [];
  });
  if (logsource.length === 0) return undefined;
  const isWhole = run === text;
  const modifier = isWhole ? random.pick(['', '|contains', '|startswith', '|endswith']) : '|contains';
  return {
    title: `${shape.name} ${name}`,
    logsource: Object.fromEntries(logsource),
    detection: { selection: { [`${name}${modifier}`]: run }, condition: 'selection' },
  };
}

async function compare(texts: readonly string[], hint: string): Promise<number> {
  const random = new Random(`${SEED} ${hint}`);
  const rules = new Map<string, object>();
  for (const text of texts)
    for (const found of readRecord(text, undefined).events) {
      const all = [...new Set([...names(found.record), ...NAMES, ...startFields.keys()])];
      for (let i = 0; i < MOST_RULES; i++) {
        const rule = ruleOf(found, oneOf(all, random) ?? '', random);
        if (rule !== undefined) rules.set(JSON.stringify(rule), rule);
      }
    }
  if (rules.size === 0) return 0;
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-rules-'));
  try {
    [...rules.values()].forEach((rule, i) => writeFileSync(join(folder, `${i}.yml`), JSON.stringify(rule)));
    // With few rules, each is tried.
    for (let i = 0; i < 100; i++)
      writeFileSync(
        join(folder, `other-${i}.yml`),
        JSON.stringify({
          title: `other ${i}`,
          logsource: { category: 'process_creation' },
          detection: { s: { CommandLine: `no such ${i}` }, condition: 's' },
        }),
      );
    const library = await libraryOf([folder]);
    const lines = Array.from({ length: TIMES }, (_, time) => again(texts.join('\n'), time)).join('\n');
    const changed = Buffer.from(lines)
      .toString('latin1')
      .split('\n')
      .map((line, i) => mutate(line, `${SEED} ${hint} ${i}`));
    const input = Buffer.concat([Buffer.from(`${lines}\n`), Buffer.from(changed.join('\n'), 'latin1')]);
    const { findings } = compareEngines(library, batchesOf(input), `${hint}, seed ${SEED}`);
    return findings;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same events once more: audit records of one event are told by its number. */
function again(text: string, time: number): string {
  return text.replaceAll(
    /(audit\(\d+\.\d+:)(\d+)/g,
    (_, before: string, number: string) => `${before}${number}${time}`,
  );
}

function fixtures(): readonly string[] {
  const file = join(ROOT, 'src', 'shapes', 'fixtures', 'process-starts.json');
  const all: unknown = parseJson(readFileSync(file, 'utf8'));
  assert.ok(Array.isArray(all));
  return all.flatMap((one: unknown) => {
    const record = isObject(one) ? ownObject(one, 'record') : undefined;
    return record === undefined
      ? []
      : [JSON.stringify(record, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))];
  });
}

test('rules made of what events hold find them, changed or not: fixtures of every shape', async () => {
  let findings = 0;
  for (const [i, text] of fixtures().entries()) findings += await compare([text], `fixture ${i}`);
  assert.ok(findings > 100, String(findings));
});

test('the same for audit lines', async () => {
  const lane = lanes.find(({ name }) => name === 'auditd');
  assert.ok(lane);
  const { bytes } = makeStream(lane, {
    seed: SEED,
    bytes: 16 * 1024,
    repeating: false,
    hitShare: 0.3,
    withLogSource: true,
  });
  const events: string[] = [];
  for (const batch of batchesOf(bytes))
    for (let i = 0; i < batch.count; i++)
      events.push(Buffer.from(batch.bytes.subarray(batch.starts[i], batch.ends[i])).toString());
  assert.ok((await compare(events, 'audit lines')) > events.length);
});

test('the same for real events of every source', async (t) => {
  if (!existsSync(EVENTS)) return t.skip('no collection of real events beside the checkout');
  let findings = 0;
  for (const file of filesIn(EVENTS)) {
    const texts: string[] = [];
    for (const batch of batchesOf(readFileSync(file)))
      for (let i = 0; i < batch.count && texts.length < MOST_EVENTS; i++)
        texts.push(Buffer.from(batch.bytes.subarray(batch.starts[i], batch.ends[i])).toString());
    findings += await compare(texts, file);
  }
  assert.ok(findings > 1000, String(findings));
});

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return /\.(jsonl|ndjson|json|log)$/.test(entry.name) ? [path] : [];
  });
}
