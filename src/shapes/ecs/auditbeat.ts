import type { JsonObject } from '../../event/json.ts';
import type { ProcessStart } from '../../event/process-start.ts';
import { hostOf, image, processStart, userOf } from '../build-start.ts';
import { defineShape, pathField } from '../define-shape.ts';
import { baseName } from '../image-path.ts';
import { OTHER_CATEGORY } from '../log-sources.ts';
import { lineageByPid } from '../parent-lineage.ts';
import { at } from '../path.ts';
import type { FieldReader } from '../shape.ts';
import { isoTime } from '../time.ts';
import { fieldValue, includes, own, ownObject, ownString, pidText, text, textList } from '../values.ts';
import { dataset, ecsShape, hasAction, hasObject } from './ecs-shape.ts';

const failed = (result: unknown): boolean => result === 'fail' || result === 'failure';

function isStart(document: JsonObject): boolean {
  // auditd module: an exec of any rule. system module: what its process dataset saw starting.
  if (hasAction(document, 'executed'))
    return !failed(at(document, 'auditd.result')) && !failed(at(document, 'event.outcome'));
  if (hasAction(document, 'process_started')) return true;
  // sudo's own record of what it runs.
  return hasAction(document, 'ran-command') && text(at(document, 'auditd.data.cmd')) !== undefined;
}

function refine(document: JsonObject, start: ProcessStart): ProcessStart {
  if (hasAction(document, 'ran-command')) {
    // The process of the record is sudo itself, which becomes the command's parent.
    const commandLine = text(at(document, 'auditd.data.cmd'));
    const { pid, executable, name, ...rest } = start;
    const parent = image({ pid, executable, name });
    return {
      ...rest,
      ...(commandLine === undefined ? {} : { commandLine }),
      ...(parent === undefined ? {} : { parent }),
    };
  }
  const audit = start.user?.id === undefined ? at(document, 'user.audit.id') : undefined;
  const user = audit === undefined ? undefined : userOf(start.user?.name, audit);
  return user === undefined ? start : { ...start, user };
}

/** The argument of an exec by its place, as rules for auditd name it. */
const argument =
  (index: number): FieldReader =>
  (document) =>
    textList(at(document, 'process.args'))?.[index];

const recordNames = {
  exe: 'process.executable',
  comm: 'process.name',
  cwd: 'process.working_directory',
  key: 'tags',
  name: ['auditd.paths.name', 'file.path'],
  nametype: 'auditd.paths.nametype',
  SYSCALL: 'auditd.data.syscall',
  syscall: 'auditd.data.syscall',
  proctitle: 'process.title',
  uid: 'user.id',
  auid: 'user.audit.id',
  euid: 'user.effective.id',
  pid: 'process.pid',
  ppid: ['process.parent.pid', 'process.ppid'],
  unit: 'auditd.data.unit',
  type: (document: JsonObject): readonly string[] | undefined => {
    const type = text(at(document, 'auditd.message_type'))?.toUpperCase();
    return type === undefined ? undefined : hasAction(document, 'executed') ? [type, 'EXECVE', 'PATH', 'CWD'] : [type];
  },
  a0: argument(0),
  a1: argument(1),
  a2: argument(2),
  a3: argument(3),
  a4: argument(4),
  a5: argument(5),
  a6: argument(6),
  a7: argument(7),
};

export const auditbeat = ecsShape({
  name: 'auditbeat',
  title: 'Auditbeat and the Auditd Manager integration (ECS)',
  recognise: (document) =>
    (hasObject(document, 'auditd') && ownObject(ownObject(document, 'auditd') ?? {}, 'log') === undefined) ||
    text(at(document, 'agent.type')) === 'auditbeat' ||
    dataset(document).startsWith('auditd_manager.'),
  isStart,
  refine,
  refinePaths: {
    commandLine: ['auditd.data.cmd'],
    parentName: ['process.name'],
    parentExecutable: ['process.executable'],
  },
  os: 'linux',
  vendorRoot: 'auditd.data',
  fields: recordNames,
  logSource: (document) => ({
    // The system module runs on macOS and Windows too.
    product: hasObject(document, 'auditd') ? 'linux' : (text(at(document, 'host.os.type')) ?? 'linux'),
    ...(hasObject(document, 'auditd') ? { service: 'auditd' } : {}),
    category: isStart(document) ? 'process_creation' : OTHER_CATEGORY,
  }),
  lineage: lineageByPid((pid) => `"pid":${pid}`, /executed|process_started|ran-command/),
});

/** One document per record; an exec's SYSCALL, with the rest of what is known, is another document. */
function isExecve(document: JsonObject): boolean {
  // A record without argv[0] is a later part of a vector, and the start was told by the first.
  return (
    ownString(logOf(document), 'record_type')?.toUpperCase() === 'EXECVE' &&
    at(document, 'process.executable') !== undefined
  );
}

function logOf(document: JsonObject): JsonObject {
  return ownObject(ownObject(document, 'auditd') ?? {}, 'log') ?? {};
}

export const auditdLog = ecsShape({
  name: 'auditd-log',
  title: 'Auditd Logs integration (ECS, one document per record)',
  recognise: (document) =>
    ownObject(ownObject(document, 'auditd') ?? {}, 'log') !== undefined || dataset(document) === 'auditd.log',
  isStart: isExecve,
  refine(_document, start) {
    // The pipeline puts argv[0] where the executable belongs: a bare name is no path.
    const { executable, ...rest } = start;
    const name = baseName(executable);
    return {
      ...rest,
      ...(name === undefined ? {} : { name }),
      ...(executable?.startsWith('/') === true ? { executable } : {}),
    };
  },
  os: 'linux',
  vendorRoot: 'auditd.log',
  fields: {
    ...recordNames,
    type: (document) => fieldValue(own(logOf(document), 'record_type')),
    key: ['auditd.log.key', 'tags'],
  },
  logSource: (document) => ({
    product: 'linux',
    service: 'auditd',
    category: isExecve(document) ? 'process_creation' : OTHER_CATEGORY,
  }),
});

function coalescedStart(event: JsonObject): ProcessStart | undefined {
  if (at(event, 'summary.action') !== 'executed' || failed(own(event, 'result'))) return undefined;
  const process = ownObject(event, 'process') ?? {};
  const get = (key: string): string | undefined => text(own(process, key));
  return processStart({
    name: get('name'),
    executable: get('exe'),
    args: textList(own(process, 'args')),
    pid: pidText(own(process, 'pid')),
    os: 'linux',
    time: isoTime(own(event, '@timestamp')),
    workingDirectory: get('cwd'),
    user: userOf(at(event, 'user.names.uid'), at(event, 'user.ids.uid')),
    host: hostOf(at(event, 'data.node')),
    parent: image({ pid: pidText(own(process, 'ppid')) }),
  });
}

/** What go-libaudit makes of an event: numbers are strings, `unset` stands for 4294967295. */
export const auditdCoalesced = defineShape({
  name: 'auditd-coalesced',
  title: 'Linux audit events as go-libaudit joins them',
  recognise: (event) => ownString(event, 'record_type') !== undefined && ownObject(event, 'summary') !== undefined,
  logSource: (event) => ({
    product: 'linux',
    service: 'auditd',
    category: coalescedStart(event) === undefined ? OTHER_CATEGORY : 'process_creation',
  }),
  processStart: coalescedStart,
  time: (event) => isoTime(own(event, '@timestamp')),
  fields: {
    type: (event) => [
      ...new Set([
        ownString(event, 'record_type')?.toUpperCase() ?? '',
        ...(coalescedStart(event) === undefined ? [] : ['EXECVE', 'PATH', 'CWD']),
      ]),
    ],
    exe: 'process.exe',
    comm: 'process.name',
    cwd: 'process.cwd',
    key: 'tags',
    name: 'paths.name',
    nametype: 'paths.nametype',
    SYSCALL: 'data.syscall',
    syscall: 'data.syscall',
  },
  placesOf: (name, what) =>
    what === 'vendor'
      ? { kind: 'texts', paths: [name, `data.${name}`, ...(/^a\d{1,5}$/.test(name) ? ['process.args'] : [])] }
      : undefined,
  vendorField(name) {
    const inEvent = pathField(name);
    const inData = pathField(`data.${name}`);
    const place = /^a(\d{1,5})$/.exec(name);
    const index = place ? Number(place[1]) : undefined;
    return (event) => {
      const args =
        index === undefined || !includes(at(event, 'summary.action'), 'executed')
          ? undefined
          : textList(at(event, 'process.args'));
      return args === undefined || index === undefined ? (inEvent(event) ?? inData(event)) : args[index];
    };
  },
  lineage: lineageByPid((pid) => `"pid":"${pid}"`, /executed/),
});
