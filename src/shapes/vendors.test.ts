import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFor } from '../engine/rule-set.ts';
import type { Json, JsonObject } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import { parseJson } from '../event/parse-json.ts';
import { unwrap } from './envelope.ts';
import { recognise } from './recognise.ts';
import { shapeByName, shapes } from './shapes.ts';
import { isArray, ownObject, ownString } from './values.ts';

/** One process start per format: the same `kubectl port-forward`, in each vendor's documented form. */
const all = parseJson(readFileSync(new URL('fixtures/process-starts.json', import.meta.url), 'utf8'));
const fixtures = (isArray(all) ? all : []).filter(isObject);
const recordOf = (fixture: JsonObject): JsonObject => ownObject(fixture, 'record') ?? {};
const NAMES = [
  'Image',
  'CommandLine',
  'ParentImage',
  'ParentCommandLine',
  'OriginalFileName',
  'User',
  'CurrentDirectory',
  'Hashes',
  'ProcessId',
  'ParentProcessId',
  'LogonId',
  'IntegrityLevel',
  'Company',
  'Description',
  'Product',
  'EventID',
  'Channel',
  'type',
  'a0',
  'a1',
  'SYSCALL',
  'syscall',
  'exe',
  'comm',
  'key',
  'cwd',
  'name',
  'process.name',
  'process.args',
  'process.parent.name',
  'event.type',
  'event.action',
  'event.category',
  '@timestamp',
  'verb',
  'objectRef.resource',
  'kubernetes.audit.verb',
  'sourceIPs',
  'user.name',
  'host.name',
  'evt.type',
  'proc.name',
  'ImageFileName',
  'columns.path',
  'tgt.process.image.path',
  '__proto__',
  'constructor',
  'toString',
  '',
  '.',
  'a..b',
  'a'.repeat(500),
  Array.from({ length: 40 }, () => 'a').join('.'),
];

test("each vendor's process start is read alike", () => {
  assert.ok(fixtures.length >= 25);
  for (const fixture of fixtures) {
    const record = recordOf(fixture);
    const shape = recognise(record);
    const label = `${ownString(fixture, 'shape')}: `;
    assert.equal(shape?.name, ownString(fixture, 'shape'), label);
    const start = shape?.processStart(record);
    assert.ok(start, label);
    const said = (key: string): string | undefined => ownString(fixture, key);
    const line = said('commandLine') ?? 'kubectl port-forward svc/db 5432:5432';
    assert.equal(start.commandLine ?? start.args?.join(' '), line, label);
    assert.equal(shape?.field('CommandLine')?.(record), line, `${label}CommandLine`);
    assert.match(start.name ?? '', /^kubectl(?:\.exe)?$/, label);
    assert.match(String(shape?.field('Image')?.(record)), /[\\/]kubectl(?:\.exe)?$/, `${label}Image`);
    assert.equal(start.parent?.name, said('parentName'), label);
    assert.equal(start.parent?.executable, said('parentExecutable'), label);
    assert.equal(start.os, said('os'), label);
    assert.equal(start.time, said('time'), label);
    assert.equal(start.user?.name, said('user'), label);
    assert.equal(start.host?.name, said('host'), label);
    assert.equal(start.pid, said('pid'), label);
    assert.deepEqual(
      { product: shape?.logSource(record).product, category: shape?.logSource(record).category },
      { product: said('os'), category: 'process_creation' },
      label,
    );
    assert.deepEqual(unwrap(record), [record], label);
    const written = JSON.stringify(record, (_key, one: unknown) => (typeof one === 'bigint' ? String(one) : one));
    assert.ok(shape?.lineage?.mayBeStart(written) ?? true, label);
  }
});

test('what looks like a start and is none', () => {
  const change = (name: string, edit: (text: string) => string, count = 0): JsonObject => {
    const fixture = fixtures.filter((one) => ownString(one, 'shape') === name)[count];
    const value = parseJson(
      edit(
        JSON.stringify(recordOf(fixture ?? {}), (_key, one: unknown) => (typeof one === 'bigint' ? Number(one) : one)),
      ),
    );
    assert.ok(isObject(value));
    return value;
  };
  const cases: readonly (readonly [string, JsonObject])[] = [
    ['elastic', change('elastic', (text) => text.replace('["fork","exec"]', '"fork"'))],
    ['elastic', change('elastic', (text) => text.replace('["fork","exec"]', '"already_running"'))],
    ['elastic', change('elastic', (text) => text.replace('"type":["start"]', '"type":["end"]'))],
    ['elastic', change('elastic', (text) => text.replace('"kind":"event"', '"kind":"alert"'))],
    [
      'crowdstrike',
      change('crowdstrike', (text) =>
        text.replace('"event_simpleName":"ProcessRollup2"', '"event_simpleName":"SyntheticProcessRollup2"'),
      ),
    ],
    [
      'crowdstrike',
      change('crowdstrike', (text) =>
        text.replace('"event_simpleName":"ProcessRollup2"', '"event_simpleName":"ProcessRollup2Stats"'),
      ),
    ],
    [
      'crowdstrike-ecs',
      change('crowdstrike-ecs', (text) =>
        text.replace('"action":"ProcessRollup2"', '"action":"SyntheticProcessRollup2"'),
      ),
    ],
    ['sentinelone', change('sentinelone', (text) => text.replace('PROCESSCREATION', 'PROCESSTERMINATION'))],
    ['defender', change('defender', (text) => text.replace('ProcessCreated', 'ProcessCreatedUsingWmiQuery'))],
    ['falco', change('falco', (text) => text.replace('"execve"', '"openat"'))],
    ['tetragon', change('tetragon', (text) => text.replace('"execve clone"', '"procFS auid"'))],
    ['tetragon', change('tetragon', (text) => text.replace('process_exec', 'process_exit'))],
    ['osquery', change('osquery', (text) => text.replace('"added"', '"removed"'))],
    ['osquery', change('osquery', (text) => text.replace('process_events', 'socket_events'))],
    ['osquery', change('osquery', (text) => text.replace('"pid":', '"event_type":"fork","pid":'))],
    ['ocsf', change('ocsf', (text) => text.replace('"activity_id":1', '"activity_id":2'))],
    ['carbon-black-cloud', change('carbon-black-cloud', (text) => text.replace('procstart', 'procend'))],
    ['kubearmor', change('kubearmor', (text) => text.replace('"Process"', '"File"'))],
    ['jamf', change('jamf', (text) => text.replace('"exec"', '"exit"'))],
    ['sysmon', change('sysmon', (text) => text.replace('"EventID":1', '"EventID":5'))],
    ['auditbeat', change('auditbeat', (text) => text.replace('executed', 'started-service'))],
    ['auditbeat', change('auditbeat', (text) => text.replace('"result":"success"', '"result":"fail"'))],
    ['auditd-laurel', change('auditd-laurel', (text) => text.replace('"success":"yes"', '"success":"no"'))],
  ];
  for (const [name, record] of cases) {
    const shape = recognise(record);
    assert.equal(shape?.name, name);
    assert.equal(
      shape.processStart(record),
      undefined,
      `${name} ${JSON.stringify(record, (_key, one: unknown) => (typeof one === 'bigint' ? String(one) : one)).slice(0, 300)}`,
    );
    assert.notEqual(shape.logSource(record).category, 'process_creation', name);
    assert.notEqual(shape.logSource(record).category, undefined, `${name}: rules for process creation would be tried`);
  }
});

test('ids keep every digit', () => {
  const falco = fixtures.find((one) => ownString(one, 'shape') === 'falco');
  assert.equal(shapeByName('falco')?.field('evt.time')?.(recordOf(falco ?? {})), 1709287200123456789n);
  const [crowdstrike] = fixtures.filter((one) => ownString(one, 'shape') === 'crowdstrike').map(recordOf);
  assert.equal(shapeByName('crowdstrike')?.processStart(crowdstrike ?? {})?.parent?.entityId, '363970027584976556');
});

test('a parent is told by pid, host and time', () => {
  const lineage = shapeByName('auditd')?.lineage;
  assert.ok(lineage);
  const child = { pid: '2', time: '2024-03-01T10:00:00.5Z', host: { name: 'host-1' }, parent: { pid: '1' } };
  assert.equal(lineage.needle(child), ' pid=1 ');
  assert.equal(lineage.needle({ pid: '2' }), undefined);
  assert.equal(lineage.needle({ parent: { pid: '1" or' } }), undefined);
  const cases: readonly (readonly [boolean, Parameters<typeof lineage.isParent>[1]])[] = [
    [true, { pid: '1', time: '2024-03-01T10:00:00.499Z', host: { name: 'host-1' } }],
    [true, { pid: '1', host: { name: 'host-1' } }],
    [false, { pid: '1', time: '2024-03-01T10:00:00.51Z', host: { name: 'host-1' } }],
    [false, { pid: '1', host: { name: 'host-2' } }],
    [false, { pid: '1' }],
    [false, { pid: '3', host: { name: 'host-1' } }],
    [false, {}],
  ];
  for (const [expected, candidate] of cases)
    assert.equal(lineage.isParent(child, candidate), expected, JSON.stringify(candidate));
  assert.equal(shapeByName('crowdstrike')?.lineage?.needle({ parent: { entityId: '9' } }), '"TargetProcessId":"9"');
});

/** Everything a shape can be asked, of any record. */
function askAll(record: JsonObject): void {
  for (const inner of unwrap(record)) recognise(inner);
  for (const shape of shapes) {
    shape.recognise(record);
    shape.logSource(record);
    const start = shape.processStart(record);
    if (start !== undefined) {
      for (const value of [
        start.name,
        start.executable,
        start.commandLine,
        start.pid,
        start.parent?.name,
        start.user?.name,
        start.host?.name,
      ])
        assert.ok(value === undefined || typeof value === 'string');
      assert.ok((start.args ?? []).every((one) => typeof one === 'string'));
      shape.lineage?.needle(start);
      shape.lineage?.isParent(start, start);
    }
    const time = shape.time(record);
    assert.ok(time === undefined || time.endsWith('Z'));
    for (const name of NAMES) {
      const value = shape.field(name)?.(record);
      const items = Array.isArray(value) ? value : [value];
      assert.ok(
        items.every((one) => typeof one !== 'object' || one === null),
        `${shape.name} ${name}`,
      );
    }
  }
}

const HOSTILE: readonly (Json | undefined)[] = [
  null,
  true,
  0,
  -1,
  1.5,
  NaN,
  10n ** 40n,
  '',
  '-',
  '\u0000',
  '__proto__',
  [],
  [[]],
  [null],
  [{}],
  {},
  { a: {} },
  parseJson('{"__proto__":{"name":"x"},"constructor":1,"toString":[]}'),
  ['x', 1, null, {}],
];

test('a wrong value in any place of any record breaks nothing', () => {
  for (const fixture of fixtures) {
    const record = recordOf(fixture);
    let turn = 0;
    for (const path of pathsOf(record))
      for (let i = 0; i < 3; i++)
        askSome(withValue(record, path, HOSTILE[turn++ % HOSTILE.length] ?? null), ownString(fixture, 'shape') ?? '');
  }
});

function askSome(record: JsonObject, name: string): void {
  for (const shape of new Set([shapeByName(name), recognise(record)])) {
    if (shape === undefined) continue;
    shape.logSource(record);
    shape.processStart(record);
    shape.time(record);
    for (const field of NAMES) shape.field(field)?.(record);
  }
  unwrap(record);
}

function pathsOf(value: Json | undefined, prefix: readonly string[] = []): string[][] {
  if (!isObject(value)) return [];
  return Object.keys(value).flatMap((key) => [[...prefix, key], ...pathsOf(value[key], [...prefix, key])]);
}

function withValue(record: JsonObject, path: readonly string[], value: Json): JsonObject {
  const [key = '', ...rest] = path;
  const inner = record[key];
  return { ...record, [key]: rest.length === 0 ? value : isObject(inner) ? withValue(inner, rest, value) : value };
}

test('no record makes a shape throw', () => {
  const keys = [...new Set(fixtures.flatMap((fixture) => pathsOf(recordOf(fixture)).flat()))];
  const words = [
    ...keys,
    'execve',
    'ProcessRollup2',
    'process',
    'start',
    'exec',
    'audit.k8s.io/v1',
    'kube-audit',
    'Event',
    '1:2',
    'io.k8s.core.v1.pods.portforward.create',
    '{"kind":"Event"}',
    '{',
    '4688',
    'Security',
    'endpoint.event.procstart',
  ];
  const { any } = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'medium' },
      fc.constantFrom(...words),
      fc.oneof(fc.integer(), fc.double(), fc.bigInt(), fc.boolean(), fc.constant(null), fc.string()),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(
        fc.oneof(
          fc.constantFrom(
            ...keys,
            'kind',
            'auditID',
            'protoPayload',
            'properties',
            'log',
            'records',
            'resourceLogs',
            '_source',
            'message',
            '__proto__',
            'constructor',
          ),
          fc.string(),
        ),
        tie('any'),
        { maxKeys: 8 },
      ),
    ),
  }));
  fc.assert(
    fc.property(any, (value) => {
      if (isJsonObject(value)) askAll(value);
    }),
    { numRuns: 400 },
  );
});

function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value);
}

/** Every look at a key or at the list of keys, in the whole of `record`: `spend` is called for each, and may throw. */
function counted(record: JsonObject, spend: () => void): JsonObject {
  const standIns = new WeakMap<object, object>();
  const standIn = <T extends object>(value: T): T => {
    return new Proxy(value, {
      get(target, key) {
        spend();
        const inner: unknown = Reflect.get(target, key);
        if (typeof inner !== 'object' || inner === null) return inner;
        let known = standIns.get(inner);
        if (known === undefined) standIns.set(inner, (known = standIn(inner)));
        return known;
      },
      has(target, key) {
        spend();
        return Reflect.has(target, key);
      },
      ownKeys(target) {
        spend();
        return Reflect.ownKeys(target);
      },
      getOwnPropertyDescriptor(target, key) {
        spend();
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
    });
  };
  return standIn(record);
}

function stepsOf(record: JsonObject, look: (record: JsonObject) => void, most: number): number {
  let steps = 0;
  look(counted(record, () => assert.ok(++steps <= most, `more than ${most} steps`)));
  return steps;
}

/** `deep` holds the one before it three times: to follow each would take longer than the world lasts. */
function deep(depth: number): JsonObject {
  let record: JsonObject = { event: {} };
  for (let i = 0; i < depth; i++) record = { event: record, records: [record], json: record };
  return record;
}

function chain(length: number): JsonObject {
  let value: Json = 'end';
  for (let i = 0; i < length; i++) value = { json: value };
  return { json: value };
}

const wide = (keys: number): JsonObject => Object.fromEntries(Array.from({ length: keys }, (_, i) => [`key${i}`, i]));
const many = (records: number): JsonObject => ({
  records: Array.from({ length: records }, () => ({ auditID: 'a', verb: 'get', objectRef: {} })),
});

test('a record twice as deep or wide costs no more steps', () => {
  const cases: readonly (readonly [string, (size: number) => JsonObject, size: number, most: number])[] = [
    ['depth', deep, 2_500, 60_000],
    ['chain', chain, 1_500, 10_000],
    ['keys', wide, 10_000, 30_000],
  ];
  for (const [name, make, size, most] of cases)
    assert.equal(stepsOf(make(size), askAll, most), stepsOf(make(2 * size), askAll, most), name);
  const unwrapped = (record: JsonObject): void => assert.ok(unwrap(record).length <= 20_000);
  assert.equal(stepsOf(many(30_000), unwrapped, 300_000), stepsOf(many(60_000), unwrapped, 300_000));
});

test('names are unique, and found', () => {
  assert.equal(new Set(shapes.map(({ name }) => name)).size, shapes.length);
  for (const shape of shapes) assert.equal(shapeByName(shape.name), shape);
  assert.equal(shapeByName('__proto__'), undefined);
});

test('rules for a log of the system pass over what a sensor tells', () => {
  const sensors =
    'elastic endgame defend-for-containers crowdstrike crowdstrike-stream crowdstrike-ecs sentinelone sentinelone-ecs defender defender-ecs carbon-black-cloud carbon-black-cloud-ecs carbon-black-edr carbon-black-edr-ecs falco falco-ecs tetragon tetragon-ecs kubearmor sysdig osquery jamf jamf-ecs';
  for (const name of sensors.split(' ')) {
    const source = shapeByName(name)?.logSource({});
    assert.ok(source, name);
    assert.equal(isFor({ service: 'application' }, source), false, name);
    assert.equal(isFor({ service: 'sshd' }, source), false, name);
  }
});
