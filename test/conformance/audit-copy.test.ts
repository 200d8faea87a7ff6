import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { KernelMemory } from '../../src/byte-engine/memory.ts';
import { Nodes } from '../../src/byte-engine/nodes.ts';
import { setSystemCalls } from '../../src/byte-engine/system-calls.ts';
import { pathsOf } from '../../src/event/field-places.ts';
import { isObject } from '../../src/event/json.ts';
import { parseJson } from '../../src/event/parse-json.ts';
import { readRecord } from '../../src/pipeline/read-record.ts';
import { STRING_FIELDS } from '../../src/shapes/audit/audit-values.ts';
import { SYSCALLS_AARCH64, SYSCALLS_I386, SYSCALLS_X86_64, systemCalls } from '../../src/shapes/audit/syscalls.ts';
import { auditd } from '../../src/shapes/auditd.ts';
import { startFields } from '../../src/shapes/start-fields.ts';
import { Random } from '../../tools/example/random.ts';

const EVENTS = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'events', 'auditd');
const SEED = process.env['PORTREEVE_FUZZ_SEED'] ?? String(Date.now() % 1_000_000);
const LINES = Number(process.env['PORTREEVE_FUZZ_LINES'] ?? 10_000);

const ROOM = 256 * 1024;
const made = KernelMemory.create();
assert.ok(made);
const memory: KernelMemory = made;
new Nodes(memory).settle();
setSystemCalls(memory, systemCalls());
const textAt = memory.take(ROOM);
const outAt = memory.take(ROOM);

interface Copy {
  readonly json: string;
  readonly startsProcess: boolean;
}

/** What the kernel makes of the lines; `undefined`: it leaves them to be read in full. */
function copyOf(text: Uint8Array): Copy | undefined {
  const { kernel, bytes } = memory;
  bytes.set(text, textAt);
  // What follows must not be taken for a part of it.
  bytes.set(Buffer.from('\ntype=EXECVE msg=audit(1.1:1): argc=1 a0="x"\n'), textAt + text.length);
  const count = kernel.readLine(textAt, textAt + text.length, outAt, outAt + ROOM);
  if (count < 0) return undefined;
  assert.notEqual(kernel.lineKind(), 0);
  return {
    json: Buffer.from(bytes.subarray(kernel.lineFrom(), kernel.lineTo())).toString(),
    startsProcess: kernel.lineKind() === 2,
  };
}

/** Values by path, lists passed through: of a key that is given twice, both. */
function valuesOf(json: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  /** What is open: the path of an object's keys, or of a list's members. */
  const open: { readonly path: string; readonly isList: boolean }[] = [];
  let path = '';
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"(?::)?|[{}[\]]|\d+/g)) {
    const inner = open.at(-1);
    if (token === '{' || token === '[') open.push({ path, isList: token === '[' });
    else if (token === '}' || token === ']') {
      path = inner?.path ?? '';
      open.pop();
    } else if (token.endsWith(':')) {
      const name = String(parseJson(token.slice(0, -1)));
      path = inner === undefined || inner.path === '' ? name : `${inner.path}.${name}`;
    } else found.set(path, [...(found.get(path) ?? []), String(parseJson(token))]);
  }
  assert.equal(open.length, 0, json);
  return found;
}

/** The copy of an event says all that its shape says of it, where the shape says that it stands. False: there is none. */
function mustSayAll(text: string): boolean {
  const copy = copyOf(Buffer.from(text));
  if (copy === undefined) return false;
  const { events, problem } = readRecord(text, undefined);
  const [event] = events;
  assert.equal(problem, undefined, text);
  assert.equal(event?.shape, auditd, text);
  const { record } = event;
  assert.equal(copy.startsProcess, auditd.processStart(record) !== undefined, text);
  const said = valuesOf(copy.json);
  const keys = Object.values(record).flatMap((value) =>
    [value].flat().flatMap((one) => (isObject(one) ? Object.keys(one) : [])),
  );
  const names = new Set([...keys, ...startFields.keys(), 'type', 'SYSCALL', 'syscall', 'proctitle', 'a0', 'a1', 'a2']);
  for (const name of names) {
    const places = auditd.places?.(name);
    if (places === undefined || (auditd.lineage !== undefined && name.toLowerCase().includes('parent'))) continue;
    const value = auditd.field(name)?.(record);
    const held = pathsOf(places).flatMap((path) => said.get(path) ?? []);
    for (const one of [value].flat())
      if (one !== undefined && one !== null && !held.includes(String(one)))
        assert.fail(`${name} is ${JSON.stringify(one)}, not in ${JSON.stringify(held)}, of\n${text}\n${copy.json}`);
  }
  return true;
}

test('events of shared/data', { skip: existsSync(EVENTS) ? false : 'no shared/data beside the checkout' }, () => {
  for (const file of readdirSync(EVENTS).filter((name) => name.endsWith('.log')))
    for (const text of readFileSync(join(EVENTS, file), 'utf8').split('\n').filter(Boolean)) mustSayAll(text);
});

const STAMP = 'msg=audit(1700000000.123:42):';

test('each field that the kernel writes as a string is read where it is hexadecimal, and no other', () => {
  for (const field of [...STRING_FIELDS, 'pid', 'namex', 'proctitl', 'old-dis', 'a0', 'saddr']) {
    const text = `type=X ${STAMP} ${field}=2F62696E2F6B756265`;
    assert.ok(mustSayAll(text), text);
    assert.equal(copyOf(Buffer.from(text))?.json.includes('/bin/kube'), STRING_FIELDS.has(field), field);
  }
});

test('system calls have the names that the shape gives them', () => {
  const machines = [
    ['c000003e', SYSCALLS_X86_64],
    ['C00000B7', SYSCALLS_AARCH64],
    ['0x40000003', SYSCALLS_I386],
  ] as const;
  for (const [arch, calls] of machines)
    for (const [number, name] of calls) {
      const isExec = name === 'execve' || name === 'execveat';
      const lines = [`type=SYSCALL ${STAMP} arch=${arch} syscall=${number} success=yes`];
      if (isExec) lines.push(`type=EXECVE ${STAMP} argc=1 a0="x"`);
      assert.ok(mustSayAll(lines.join('\n')), name);
      assert.ok(copyOf(Buffer.from(lines.join('\n')))?.json.includes(`"${name}"`), name);
    }
});

test('what is out of the ordinary is left to be read in full', () => {
  for (const text of [
    `type=1300 ${STAMP} pid=1`,
    `type=UNKNOWN[1399] ${STAMP} pid=1`,
    `Oct 24 17:05:31 host audispd: type=SYSCALL ${STAMP} pid=1`,
    `type=EXECVE ${STAMP} argc=2 a0="x"`,
    `type=EXECVE ${STAMP} argc=2 a1="x" a0="y"`,
    `type=EXECVE ${STAMP} argc=2 a0="x" a1_len=9000 a1[0]=41`,
    `type=EXECVE ${STAMP} argc=1 a0="x"\ntype=EXECVE ${STAMP} argc=1 a0="y"`,
    `type=SYSCALL ${STAMP} syscall=59 success=yes\ntype=PROCTITLE ${STAMP} proctitle="x"`,
    `type=PATH ${STAMP} name=C3A9`,
    `type=PATH ${STAMP} name=2F6`,
    `type=PATH ${STAMP} na"me=x`,
    `type=PATH msg=audit(1700000000.:42): name="x"`,
    `type=PATH msg=audit(:42): name="x"`,
    `type=PATH ${STAMP} name="x"\n\ntype=PATH ${STAMP} name="y"`,
    `type=PATH ${STAMP} name="x"\nnothing`,
  ])
    assert.equal(copyOf(Buffer.from(text)), undefined, text);
});

type Words = readonly [string, ...string[]];
const WORDS: Words = [
  'kubectl',
  '/usr/bin/bash',
  'port-forward',
  'svc/db',
  '-c',
  'a b',
  "it's",
  '"',
  'a\\b',
  '',
  '\t',
  'naïve',
  '{',
  '\u0001',
  'x=y',
  ' (deleted)',
];
const TYPES: Words = ['SYSCALL', 'EXECVE', 'CWD', 'PATH', 'PROCTITLE', 'USER_CMD', 'EOE', 'AVC', 'X_1'];
const KEYS: Words = [
  'pid',
  ...STRING_FIELDS,
  'success',
  'arch',
  'syscall',
  'SYSCALL',
  'UID',
  'uid',
  'a0',
  'a1',
  'res',
  'msg',
  'ARGV',
  'type',
  'argc',
];
const RAW: Words = [
  '59',
  '2',
  '257',
  'c000003e',
  'c00000b7',
  'no',
  'yes',
  'execve',
  '(null)',
  '?',
  '4294967295',
  '6',
  '41',
  '416',
  '4142',
  '0A',
  '610162',
  'x"y',
  "'z'",
  '',
];

/** As the kernel and auditd write values, and as nobody does. */
function value(random: Random): string {
  const text = random.chance(0.2) ? `${random.pick(WORDS)}${random.pick(WORDS)}` : random.pick(WORDS);
  const hex = Buffer.from(text).toString('hex');
  switch (random.int(0, 5)) {
    case 0:
      return random.pick(RAW);
    case 1:
      return random.chance(0.5) ? hex : hex.toUpperCase();
    default:
      return /^[!#-~]*$/.test(text) ? `"${text}"` : hex.toUpperCase();
  }
}

function pairs(random: Random): string {
  const made = Array.from({ length: random.int(0, 8) }, () => `${random.pick(KEYS)}=${value(random)}`).join(' ');
  return random.chance(0.2) ? `${made} msg='${pairs(random)}'` : made;
}

function body(type: string, random: Random): string {
  if (random.chance(0.1)) return pairs(random);
  switch (type) {
    case 'EXECVE': {
      const args = Array.from({ length: random.int(0, 12) }, (_, i) => `a${i}=${value(random)}`);
      return `argc=${args.length} ${args.join(' ')}`;
    }
    case 'SYSCALL':
      return `arch=${random.pick(['c000003e', '40000003', 'c00000b7', 'x'])} syscall=${random.int(0, 400)} success=${random.pick(['yes', 'no'])} pid=1 ${pairs(random)} exe=${value(random)}\u001dUID="root"`;
    case 'CWD':
      return `cwd=${value(random)}`;
    case 'PROCTITLE':
      return `proctitle=${Buffer.from([random.pick(WORDS), random.pick(WORDS), random.pick(WORDS)].join('\0')).toString('hex')}`;
    default:
      return pairs(random);
  }
}

function randomEvent(random: Random): string {
  const node = random.chance(0.2) ? 'node=host-1.example ' : '';
  const lines = Array.from({ length: random.int(1, 6) }, () => {
    const type = random.pick(TYPES);
    return `${node}type=${type} ${STAMP} ${body(type, random)}`;
  });
  const text = lines.join('\n');
  if (random.chance(0.7)) return text;
  const at = random.int(0, text.length);
  return random.chance(0.5)
    ? text.slice(0, at)
    : `${text.slice(0, at)}${random.pick(['\r', "'", '=', ' ', ...WORDS])}${text.slice(at)}`;
}

test(`${LINES} events made at random (seed ${SEED})`, (t) => {
  const random = new Random(`${SEED} audit`);
  let copied = 0;
  for (let i = 0; i < LINES; i++) if (mustSayAll(randomEvent(random))) copied++;
  t.diagnostic(`${copied} were copied`);
  assert.ok(copied > LINES / 4 && copied < LINES, String(copied));
});
