import type { JsonObject } from '../event/json.ts';
import type { ProcessCommand, ProcessImage, ProcessStart } from '../event/process-start.ts';
import {
  containerOf,
  hashesOf,
  hostOf,
  image,
  orchestratorOf,
  processCommand,
  processStart,
  userOf,
  userOfAccount,
} from './build-start.ts';
import { defineShape } from './define-shape.ts';
import { operatingSystem } from './image-path.ts';
import { OTHER_CATEGORY, logSourceOf } from './log-sources.ts';
import { at } from './path.ts';
import { rememberLast } from './remember-last.ts';
import type { StartPaths } from './start-places.ts';
import { isoTime } from './time.ts';
import { fieldValue, pidText, text } from './values.ts';

/** `event.type` says `Process Creation` or, where blanks were cut, `ProcessCreation`. */
function isStart(record: JsonObject): boolean {
  const name = text(at(record, 'meta.event.name'));
  if (name !== undefined) return name === 'PROCESSCREATION';
  const type = text(at(record, 'event.type'));
  return type === 'Process Creation' || type === 'ProcessCreation';
}

/** The Linux agent puts a blank before the command line. */
function commandLineOf(record: JsonObject, path: string): string | undefined {
  return text(at(record, path))?.trimStart();
}

/** Reads the process under a prefix. Paths are put together once: to look up a text that was just made is slow. */
function processUnder(prefix: string): (record: JsonObject) => ProcessImage | undefined {
  const [name, path, commandLine, pid, uid] = [
    `${prefix}.name`,
    `${prefix}.image.path`,
    `${prefix}.cmdline`,
    `${prefix}.pid`,
    `${prefix}.uid`,
  ];
  return (record) =>
    image({
      name: text(at(record, name)),
      executable: text(at(record, path)),
      commandLine: commandLineOf(record, commandLine),
      pid: pidText(at(record, pid)),
      entityId: text(at(record, uid)),
    });
}

const sourceOf = processUnder('src.process');
const sourceParentOf = processUnder('src.process.parent');

/** Remembered for the start that is asked for after it. */
const command = rememberLast((record): ProcessCommand | undefined => {
  if (!isStart(record)) return undefined;
  return processCommand({
    name: text(at(record, 'tgt.process.name')),
    executable: text(at(record, 'tgt.process.image.path')),
    commandLine: commandLineOf(record, 'tgt.process.cmdline'),
    os: operatingSystem(text(at(record, 'endpoint.os'))),
  });
});

function start(record: JsonObject): ProcessStart | undefined {
  const said = command(record);
  if (said === undefined) return undefined;
  // In a start, src.process is the parent; in every other event it is the process itself.
  const grandparent = sourceParentOf(record);
  const account = text(at(record, 'tgt.process.user'));
  return processStart({
    ...said,
    pid: pidText(at(record, 'tgt.process.pid')),
    entityId: text(at(record, 'tgt.process.uid')),
    time: isoTime(at(record, 'tgt.process.startTime')) ?? time(record),
    hashes: hashesOf(
      at(record, 'tgt.process.image.md5'),
      at(record, 'tgt.process.image.sha1'),
      at(record, 'tgt.process.image.sha256'),
    ),
    user:
      account === undefined
        ? userOf(
            at(record, 'tgt.process.eUserName') ?? at(record, 'tgt.process.rUserName'),
            at(record, 'tgt.process.eUserUid') ?? at(record, 'tgt.process.rUserUid'),
          )
        : userOfAccount(account, at(record, 'tgt.process.userSid')),
    host: hostOf(at(record, 'endpoint.name'), at(record, 'agent.uuid')),
    container: containerOf(
      at(record, 'k8sCluster.containerId'),
      at(record, 'k8sCluster.containerName'),
      at(record, 'k8sCluster.containerImage'),
    ),
    orchestrator: orchestratorOf(
      at(record, 'k8sCluster.name'),
      at(record, 'k8sCluster.namespace'),
      at(record, 'k8sCluster.podName'),
    ),
    parent: sourceOf(record),
    ancestors: grandparent === undefined ? undefined : [grandparent],
  });
}

function time(record: JsonObject): string | undefined {
  return isoTime(at(record, 'event.time')) ?? isoTime(at(record, 'timestamp'));
}

const CATEGORIES: ReadonlyMap<string, string> = new Map([
  ['PROCESSTERMINATION', 'process_termination'],
  ['FILECREATION', 'file_event'],
  ['FILEMODIFICATION', 'file_change'],
  ['FILEDELETION', 'file_delete'],
  ['FILERENAME', 'file_rename'],
  ['TCPV4', 'network_connection'],
  ['TCPV6', 'network_connection'],
  ['TCPV4LISTEN', 'network_connection'],
  ['DNS', 'dns_query'],
  ['REGVALUECREATE', 'registry_set'],
  ['REGVALUEMODIFIED', 'registry_set'],
  ['REGVALUEDELETE', 'registry_delete'],
  ['REGKEYCREATE', 'registry_add'],
  ['REGKEYDELETE', 'registry_delete'],
  ['MODULE', 'image_load'],
  ['DRIVER', 'driver_load'],
  ['REMOTETHREAD', 'create_remote_thread'],
  ['NAMEDPIPECREATION', 'pipe_created'],
  ['OPENPROCESS', 'process_access'],
]);

/** The vendor's `event.type` and `event.category` are ECS names too: a rule may mean either, and sees both values. */
function both(path: string, ecs: string): (record: JsonObject) => readonly string[] | string | undefined {
  return (record) => {
    const value = text(at(record, path));
    return isStart(record) && value !== ecs ? [ecs, ...(value === undefined ? [] : [value])] : value;
  };
}

const PATHS: readonly StartPaths[] = [
  {
    name: ['tgt.process.name'],
    executable: ['tgt.process.image.path'],
    // Without the blanks before it.
    commandLineParts: ['tgt.process.cmdline'],
    parentName: ['src.process.name'],
    parentExecutable: ['src.process.image.path'],
    parentCommandLineParts: ['src.process.cmdline'],
    user: ['tgt.process.user', 'tgt.process.eUserName', 'tgt.process.rUserName'],
    host: ['endpoint.name'],
    hashes: ['tgt.process.image.md5', 'tgt.process.image.sha1', 'tgt.process.image.sha256'],
  },
];

export const sentinelone = defineShape({
  name: 'sentinelone',
  title: 'SentinelOne Cloud Funnel 2.0 (raw)',
  recognise: (record) =>
    at(record, 'meta.event.name') !== undefined ||
    at(record, 'i.scheme') === 'edr' ||
    (typeof at(record, 'agent.uuid') === 'string' && at(record, 'endpoint.os') !== undefined),
  logSource(record) {
    const os = operatingSystem(text(at(record, 'endpoint.os')));
    return logSourceOf(
      os,
      isStart(record)
        ? 'process_creation'
        : (CATEGORIES.get(text(at(record, 'meta.event.name')) ?? '') ?? OTHER_CATEGORY),
      'sentinelone',
    );
  },
  processStart: start,
  command,
  time,
  fields: {
    'event.type': both('event.type', 'start'),
    'event.category': both('event.category', 'process'),
    'event.action': (record) => (isStart(record) ? 'start' : fieldValue(at(record, 'event.action'))),
    IntegrityLevel: 'tgt.process.integrityLevel',
    Company: 'tgt.process.publisher',
    Description: 'tgt.process.displayName',
    'process.name': ['tgt.process.name', 'src.process.name'],
  },
  isProcessStart: isStart,
  startPaths: PATHS,
});
