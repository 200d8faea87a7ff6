import type { FieldValue, Json, JsonObject, Scalar } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import type { ProcessCommand, ProcessImage, ProcessStart } from '../event/process-start.ts';
import { FROM_LINES } from './audit/audit-event.ts';
import { SYSCALLS_AARCH64, SYSCALLS_I386, SYSCALLS_X86_64 } from './audit/syscalls.ts';
import { containerOf, environmentOf, hostOf, image, processCommand, processStart, userOf } from './build-start.ts';
import { defineShape, pathField } from './define-shape.ts';
import { baseName, withoutDeleted } from './image-path.ts';
import { OTHER_CATEGORY } from './log-sources.ts';
import { lineageByPid } from './parent-lineage.ts';
import { at } from './path.ts';
import type { FieldReader, Shape } from './shape.ts';
import { rememberLast } from './remember-last.ts';
import { isoTime } from './time.ts';
import { fieldValue, idText, isArray, isScalar, own, ownObject, ownString, pidText, text, textList } from './values.ts';

/** `comm` is cut to this many bytes (TASK_COMM_LEN less its end). */
const LONGEST_COMM = 15;
const MOST_TYPES = 64;
const MOST_OF_TYPE = 200;
const ID = /^\d{1,12}(?:\.\d{1,9})?:\d{1,20}$/;

/** The first record of a type, as an object. */
function first(event: JsonObject, type: string): JsonObject | undefined {
  const found = own(event, type);
  const one = isArray(found) ? found[0] : found;
  return isObject(one) ? one : undefined;
}

/**
 * The argument vector of the exec: an array, or one string where LAUREL is configured so. Where its record is lost, or was cut, the
 * process title says more: of that the kernel gives the first 128 bytes.
 */
function argumentsOf(event: JsonObject): readonly string[] | undefined {
  const execve = first(event, 'EXECVE');
  const args = execve === undefined ? undefined : argumentsIn(execve);
  const isWhole = execve !== undefined && !(Number(text(own(execve, 'argc'))) > (args?.length ?? 0));
  if (isWhole || !isExec(event)) return args;
  const title = titleOf(event);
  return title.length > (args?.length ?? 0) ? title : args;
}

function argumentsIn(execve: JsonObject): readonly string[] | undefined {
  const list = own(execve, 'ARGV');
  if (isArray(list)) return list.slice(0, 32_768).map((one) => (isScalar(one) && one !== null ? String(one) : ''));
  const found: string[] = [];
  for (let i = 0; Object.hasOwn(execve, `a${i}`) && i < 32_768; i++) {
    const one = own(execve, `a${i}`);
    found.push(isScalar(one) && one !== null ? String(one) : '');
  }
  return found.length > 0 ? found : undefined;
}

/** The process title as arguments; none where there is no such record. */
function titleOf(event: JsonObject): readonly string[] {
  return textList(own(first(event, 'PROCTITLE') ?? {}, 'ARGV')) ?? [];
}

/** The record of the arguments, by name or number, or the system call of `isExec`, by name or by its number on any machine. */
const START_SIGN = /EXECVE|1309|SYSCALL[\\"=:\s]{1,8}exec|syscall[\\"=:\s]{1,8}(?:59|322|221|281|11|358)(?!\d)/;

/** Is it the system call that starts a program? */
function isExec(event: JsonObject): boolean {
  const name = syscallName(event);
  return name === 'execve' || name === 'execveat';
}

function isStart(event: JsonObject): boolean {
  if (first(event, 'EXECVE') === undefined && !(isExec(event) && titleOf(event).length > 0)) return false;
  const syscall = first(event, 'SYSCALL');
  if (syscall === undefined) return true;
  // An exec that failed started nothing. The record of the system call may also be lost; then the arguments stand alone.
  const success = own(syscall, 'success');
  return success !== 'no' && success !== false && success !== 0;
}

/** Remembered for the start that is asked for after it. */
const command = rememberLast((event): ProcessCommand | undefined => {
  if (!isStart(event)) return undefined;
  const execve = first(event, 'EXECVE') ?? {};
  const syscall = first(event, 'SYSCALL') ?? {};
  const executable = cleanPath(own(syscall, 'exe'));
  const args = argumentsOf(event);
  return processCommand({
    name: nameOf(text(own(syscall, 'comm')), executable) ?? programOf(args?.[0]),
    executable,
    commandLine: text(own(execve, 'ARGV_STR')),
    args: args === undefined || args.length === 0 ? undefined : args,
    os: 'linux',
    env: environmentOf(own(execve, 'ENV')),
  });
});

function start(event: JsonObject): ProcessStart | undefined {
  const said = command(event);
  if (said === undefined) return undefined;
  const syscall = first(event, 'SYSCALL') ?? {};
  return processStart({
    ...said,
    pid: pidText(own(syscall, 'pid')),
    time: time(event),
    workingDirectory: text(own(first(event, 'CWD') ?? {}, 'cwd')),
    user: userOf(own(syscall, 'UID'), own(syscall, 'uid')),
    host: hostOf(own(event, 'NODE')),
    container: containerOf(at(event, 'CONTAINER_INFO.id') ?? at(event, 'CONTAINER.id')),
    parent: parentOf(event, syscall),
  });
}

function cleanPath(value: Json | undefined): string | undefined {
  const path = text(value);
  return path === undefined ? undefined : withoutDeleted(path);
}

/** `comm` is the name the program was called by (a link to it, a script); the file's own name where `comm` is cut. */
function nameOf(comm: string | undefined, executable: string | undefined): string | undefined {
  const file = baseName(executable);
  if (comm === undefined || (comm.length >= LONGEST_COMM && file?.startsWith(comm) === true)) return file;
  return comm;
}

/** Where the record of the system call is lost, argv[0] is all there is; a login shell's begins with `-`. */
function programOf(argument: string | undefined): string | undefined {
  return baseName(argument?.startsWith('-') === true ? argument.slice(1) : argument);
}

/** LAUREL can tell of the parent itself; the kernel gives its pid. */
function parentOf(event: JsonObject, syscall: JsonObject): ProcessImage | undefined {
  const info = first(event, 'PARENT_INFO') ?? ownObject(syscall, 'PPID') ?? {};
  const executable = cleanPath(own(info, 'exe'));
  return image({
    name: nameOf(text(own(info, 'comm')), executable),
    executable,
    args: textList(own(info, 'ARGV')),
    pid: pidText(own(syscall, 'ppid')),
  });
}

function time(event: JsonObject): string | undefined {
  const id = ownString(event, 'ID');
  const end = id?.indexOf(':') ?? -1;
  return id === undefined || end < 0 ? undefined : isoTime(id.slice(0, end));
}

/** The records of an event, and the type of each. */
interface Records {
  readonly types: readonly string[];
  readonly all: readonly JsonObject[];
}

/** Every record of the event with its type, within bounds. Rules ask for many fields of one event. */
const recordsOf = rememberLast((event): Records => {
  const types: string[] = [];
  const all: JsonObject[] = [];
  let seen = 0;
  for (const type in event) {
    if (!Object.hasOwn(event, type)) continue;
    const found = event[type];
    if (++seen > MOST_TYPES) break;
    for (const one of isArray(found) ? found.slice(0, MOST_OF_TYPE) : [found]) {
      if (!isObject(one)) continue;
      types.push(type);
      all.push(one);
    }
  }
  return { types, all };
});

/** Where rules for single records ask (`type: PATH`, `name: …`), an event answers for all of its records. */
function inRecords(name: string): FieldReader {
  return (event) => {
    const found: Scalar[] = [];
    for (const record of recordsOf(event).all) {
      const value = fieldValue(own(record, name));
      if (value === undefined) continue;
      // A key set by several rules comes as one text with 0x01 between.
      if (name === 'key' && typeof value === 'string') found.push(...value.split('\u0001', 50));
      else if (isArray(value)) found.push(...value.filter(isScalar));
      else found.push(value);
    }
    return found.length <= 1 ? found[0] : found;
  };
}

function argumentField(index: number): FieldReader {
  const ofCall = inRecords(`a${index}`);
  return (event) => {
    const args = argumentsOf(event);
    return args === undefined ? ofCall(event) : args[index];
  };
}

function syscallName(event: JsonObject): string | undefined {
  const syscall = first(event, 'SYSCALL');
  if (syscall === undefined) return undefined;
  const named = text(own(syscall, 'SYSCALL'));
  if (named !== undefined) return named;
  const number = text(own(syscall, 'syscall'));
  if (number === undefined) return undefined;
  const arch = text(own(syscall, 'arch'))?.toLowerCase();
  if (arch === 'c000003e' || arch === '0xc000003e') return SYSCALLS_X86_64.get(number) ?? number;
  if (arch === 'c00000b7' || arch === '0xc00000b7') return SYSCALLS_AARCH64.get(number) ?? number;
  if (arch === '40000003' || arch === '0x40000003') return SYSCALLS_I386.get(number) ?? number;
  return number;
}

function syscallField(event: JsonObject): FieldValue {
  const number = fieldValue(own(first(event, 'SYSCALL') ?? {}, 'syscall'));
  const name = syscallName(event);
  if (name === undefined || number === undefined || String(number) === name) return number ?? name;
  return [String(number), name];
}

/** Under this key stand all records of an event in what `gathered` gives. */
const RECORDS = 'records';

/** The records of an event beside each other, and what it says itself: `inRecords` reads no more. `undefined`: they are too many. */
function gathered(event: JsonObject): JsonObject | undefined {
  if (Object.hasOwn(event, RECORDS) || Object.hasOwn(event, '__proto__')) return undefined;
  const found: Record<string, Json> = {};
  let seen = 0;
  for (const type in event) {
    if (!Object.hasOwn(event, type)) continue;
    if (++seen > MOST_TYPES) return undefined;
    const value = event[type];
    if (value === undefined || isObject(value)) continue;
    if (isArray(value) && value.length > MOST_OF_TYPE) return undefined;
    // A list of what are no records is found by keywords.
    if (isScalar(value) || !value.every(isObject)) found[type] = value;
  }
  const { all } = recordsOf(event);
  const keys = all.flatMap((record) => ownString(record, 'key')?.split('\u0001', 50) ?? []);
  found[RECORDS] = keys.length > 0 ? [...all, { key: keys }] : all;
  return found;
}

/** What is derived from an event, as the kernel names it, which does the same (kernel/audit.ts). */
const DERIVED_NAMES: ReadonlyMap<string, string> = new Map([
  ['type', 'type'],
  ['SYSCALL', 'syscall'],
  ['syscall', 'syscall'],
  ['proctitle', 'title'],
  ['Image', 'Image'],
  ['process.executable', 'Image'],
  ['CommandLine', 'line'],
  ['process.command_line', 'line'],
  ['CurrentDirectory', 'cwd'],
  ['process.working_directory', 'cwd'],
  ['User', 'User'],
  ['user.name', 'User'],
]);

/** Raw lines and LAUREL's JSON hold the same; they differ in how a process id stands in the bytes. */
function auditShape(name: string, title: string, isLines: boolean, pidNeedle: (pid: string) => string): Shape {
  return defineShape({
    name,
    title,
    recognise: (record) => {
      const id = own(record, 'ID');
      return typeof id === 'string' && id.length < 40 && ID.test(id) && Object.hasOwn(record, FROM_LINES) === isLines;
    },
    logSource: (event) => ({
      product: 'linux',
      service: 'auditd',
      category: isStart(event) ? 'process_creation' : OTHER_CATEGORY,
    }),
    processStart: start,
    command,
    time,
    fields: {
      type: (event) => [...new Set(recordsOf(event).types)],
      SYSCALL: syscallName,
      syscall: syscallField,
      proctitle: (event) => {
        const title = first(event, 'PROCTITLE');
        return title === undefined
          ? undefined
          : (textList(own(title, 'ARGV'))?.join(' ') ?? text(own(title, 'proctitle')));
      },
      'user.audit.id': (event) => idText(own(first(event, 'SYSCALL') ?? {}, 'auid')),
      'user.effective.id': (event) => idText(own(first(event, 'SYSCALL') ?? {}, 'euid')),
    },
    vendorField(name) {
      const argument = /^a(\d{1,5})$/.exec(name);
      if (argument) return argumentField(Number(argument[1]));
      return name.includes('.') ? pathField(name) : firstOrRecord(name);
    },
    gathered,
    ...(isLines ? { isCopied: true, derivedNames: DERIVED_NAMES } : {}),
    placesOf(name, what) {
      if (what !== 'vendor' || name.includes('.')) return undefined;
      const keys = /^a\d{1,5}$/.test(name) ? [name, 'ARGV'] : [name];
      return { kind: 'texts', paths: [name, ...keys.map((key) => `${RECORDS}.${key}`)] };
    },
    lineage: lineageByPid(pidNeedle, START_SIGN),
  });
}

export const auditd = auditShape('auditd', 'Linux audit events: raw audit.log lines', true, (pid) => ` pid=${pid} `);
export const auditdLaurel = auditShape(
  'auditd-laurel',
  'Linux audit events as LAUREL writes them (JSON)',
  false,
  (pid) => `"pid":${pid}`,
);

function firstOrRecord(name: string): FieldReader {
  const below = inRecords(name);
  return (event) => below(event) ?? fieldValue(own(event, name));
}
