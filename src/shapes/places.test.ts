import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import type { FieldPlaces } from '../event/field-places.ts';
import { pathsOf } from '../event/field-places.ts';
import type { Json, JsonObject } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import { parseJson } from '../event/parse-json.ts';
import { unwrap } from './envelope.ts';
import { recognise } from './recognise.ts';
import type { Shape } from './shape.ts';
import { startFields } from './start-fields.ts';
import { decodeText } from './text.ts';
import { isArray, isScalar, own, ownObject } from './values.ts';

const DATA = new URL('../../../shared/data/events/', import.meta.url);
/** Real records of a file that are changed, and values of one that are. */
const MOST_RECORDS = 3;
const MOST_VALUES = 50;
const NAMES = ['type', 'name', 'exe', 'comm', 'key', 'a0', 'a1', 'cwd', 'SYSCALL', 'EventID', ...startFields.keys()];
/** Where values are split, the name of a digest is none of a record's words. */
const DIGESTS = new Set(['MD5', 'SHA1', 'SHA256', 'IMPHASH']);

/** Every scalar that stands under a dotted path: a dot may be a step or part of a key, and lists are looked through. */
function under(value: Json | undefined, parts: readonly string[]): string[] {
  if (isArray(value)) return value.flatMap((item) => under(item, parts));
  if (parts.length === 0) return value === undefined || !isScalar(value) || value === null ? [] : [String(value)];
  if (!isObject(value)) return [];
  return parts.flatMap((_, i) => under(own(value, parts.slice(0, i + 1).join('.')), parts.slice(i + 1)));
}

/** What is wrong with what a shape says of where the field stands in the record. */
function problemOf(shape: Shape, record: JsonObject, placed: JsonObject, name: string): string | undefined {
  const places: FieldPlaces | undefined = shape.places?.(name);
  if (places === undefined) return undefined;
  const value = shape.field(name)?.(record);
  const values = (isArray(value) ? value : [value]).filter((one) => one !== undefined && one !== null).map(String);
  const found = pathsOf(places).flatMap((path) => under(placed, path.split('.')));
  const isThere = (one: string): boolean =>
    places.kind === 'words'
      ? (one.match(/[A-Za-z0-9]+/g) ?? []).every((run) => DIGESTS.has(run) || found.some((text) => includes(text, run)))
      : found.includes(one);
  const missed = values.find((one) => !isThere(one));
  return (
    missed &&
    `${shape.name}: ${name} is ${JSON.stringify(missed)}, which stands at none of ${pathsOf(places).join(', ')}`
  );
}

/** Rules compare without case. */
function includes(text: string, run: string): boolean {
  return text.toLowerCase().includes(run.toLowerCase());
}

/** The paths of a record's scalars. */
function leaves(value: Json | undefined, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (isArray(value)) return value.flatMap((item, i) => leaves(item, [...path, i]));
  if (isObject(value)) return Object.keys(value).flatMap((key) => leaves(own(value, key), [...path, key]));
  return [path];
}

/** The record with another value in one place. */
function changed(value: Json | undefined, [first, ...rest]: readonly (string | number)[], to: Json): Json {
  if (first === undefined) return to;
  if (isArray(value)) return value.map((item, i) => (i === first ? changed(item, rest, to) : item));
  if (!isObject(value)) return to;
  return { ...value, [first]: changed(own(value, String(first)), rest, to) };
}

/** The names of a record's values, alone and with what they stand in. */
function namesIn(record: JsonObject): string[] {
  return leaves(record).flatMap((path) => {
    const keys = path.filter((part) => typeof part === 'string');
    return [keys.join('.'), keys.at(-1) ?? ''];
  });
}

function check(record: JsonObject, problems: Set<string>): number {
  let asked = 0;
  const names = [...new Set([...NAMES, ...namesIn(record)])];
  const ask = (one: JsonObject): void => {
    const shape = recognise(one);
    if (shape === undefined || shape.isPlaced?.(one) === false) return;
    const placed = shape.placed === undefined ? one : shape.placed(one, names);
    if (placed === undefined) return;
    for (const name of names) {
      asked++;
      const problem = problemOf(shape, one, placed, name);
      if (problem !== undefined) problems.add(problem);
    }
  };
  ask(record);
  leaves(record)
    .slice(0, MOST_VALUES)
    .forEach((path, i) => {
      const one = changed(record, path, `/Only${i}/bin${i} --Arg${i}="x${i}"`);
      if (isObject(one)) ask(one);
    });
  return asked;
}

/** sudo's own record of what it runs: the process of the record becomes the command's parent. */
const RAN_BY_SUDO: JsonObject = {
  event: { module: 'auditd', action: 'ran-command' },
  auditd: { data: { cmd: 'kubectl proxy', cwd: '/root' } },
  process: { name: 'sudo', executable: '/usr/bin/sudo', pid: 7 },
};

const AUDIT = `node=host-1 type=SYSCALL msg=audit(1700000000.123:42): arch=c000003e syscall=59 success=yes exit=0 ppid=7 pid=9 uid=1000 comm="kubectl" exe="/usr/bin/kubectl" key="exec"\u001dARCH=x86_64 SYSCALL=execve UID="alice"
node=host-1 type=EXECVE msg=audit(1700000000.123:42): argc=3 a0="kubectl" a1="proxy" a2=2D2D706F72743D31
node=host-1 type=CWD msg=audit(1700000000.123:42): cwd="/root"
node=host-1 type=PATH msg=audit(1700000000.123:42): item=0 name="/usr/bin/kubectl" nametype=NORMAL
node=host-1 type=PROCTITLE msg=audit(1700000000.123:42): proctitle=6B75626563746C0070726F7879`;

/** Its arguments are a list written as JSON. */
const OSQUERY: JsonObject = {
  name: 'process_events',
  action: 'added',
  decorations: { platform: 'linux' },
  columns: { path: '/usr/bin/kubectl', json_cmdline: '["kubectl","expose \\u00e9\\n","proxy"]' },
};

test('a value that is changed in any place of a record is found where its shape says', () => {
  const all = parseJson(readFileSync(new URL('fixtures/process-starts.json', import.meta.url), 'utf8'));
  const problems = new Set<string>();
  let asked = check(RAN_BY_SUDO, problems) + check(OSQUERY, problems);
  for (const fixture of isArray(all) ? all : [])
    asked += check(ownObject(isObject(fixture) ? fixture : {}, 'record') ?? {}, problems);
  const audit = decodeText(AUDIT);
  assert.ok('record' in audit);
  asked += check(audit.record, problems);
  assert.deepEqual([...problems], []);
  assert.ok(asked > 10_000, String(asked));
});

test('the same for real records of every source', (t) => {
  if (!existsSync(DATA)) return t.skip('shared data is not here: ../shared/data/events');
  const problems = new Set<string>();
  for (const folder of readdirSync(DATA, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    for (const file of readdirSync(new URL(`${folder.name}/`, DATA)).filter((name) => name.endsWith('.jsonl'))) {
      const lines = readFileSync(new URL(`${folder.name}/${file}`, DATA), 'utf8')
        .split('\n')
        .filter((line) => line !== '');
      const step = Math.max(1, Math.floor(lines.length / MOST_RECORDS));
      for (let i = 0; i < lines.length; i += step) {
        const value = parse(lines[i] ?? '');
        for (const record of isObject(value) ? unwrap(value).slice(0, 2) : []) check(record, problems);
      }
    }
  }
  assert.deepEqual([...problems], []);
});

function parse(line: string): unknown {
  try {
    return parseJson(line);
  } catch {
    return undefined;
  }
}
