import type { Json, JsonObject } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import type { ProcessImage, ProcessStart } from '../event/process-start.ts';
import {
  containerOf,
  environmentOf,
  hashesOf,
  hostOf,
  image,
  orchestratorOf,
  processStart,
  userOf,
} from './build-start.ts';
import { defineShape } from './define-shape.ts';
import { operatingSystem } from './image-path.ts';
import { OTHER_CATEGORY, logSourceOf } from './log-sources.ts';
import { at } from './path.ts';
import type { StartPaths } from './start-places.ts';
import { isoTime } from './time.ts';
import { isArray, own, ownObject, pidText, text } from './values.ts';

const PROCESS_ACTIVITY = 1007;
const LAUNCH = 1;

const CATEGORIES: ReadonlyMap<Json | undefined, string> = new Map<Json | undefined, string>([
  [1001, 'file_event'],
  [1005, 'image_load'],
  [4001, 'network_connection'],
  [4003, 'dns_query'],
  [201001, 'registry_event'],
  [201002, 'registry_set'],
]);

function isStart(record: JsonObject): boolean {
  return own(record, 'class_uid') === PROCESS_ACTIVITY && own(record, 'activity_id') === LAUNCH;
}

function ocsfImage(process: Json | undefined): ProcessImage | undefined {
  if (!isObject(process)) return undefined;
  return image({
    name: text(own(process, 'name')) ?? text(at(process, 'file.name')),
    executable: text(at(process, 'file.path')) ?? text(own(process, 'path')),
    commandLine: text(own(process, 'cmd_line')),
    pid: pidText(own(process, 'pid')),
    entityId: text(own(process, 'uid')) ?? text(own(process, 'cpid')),
  });
}

/** `[{name, value}]` as environments and labels are given. */
function pairs(value: Json | undefined): Json | undefined {
  if (!isArray(value)) return value;
  return value
    .slice(0, 1_000)
    .filter(isObject)
    .map((pair) => `${text(own(pair, 'name')) ?? ''}=${text(own(pair, 'value')) ?? ''}`);
}

function startedProcess(record: JsonObject): JsonObject | undefined {
  return isStart(record) ? ownObject(record, 'process') : undefined;
}

function start(record: JsonObject): ProcessStart | undefined {
  const process = startedProcess(record);
  if (process === undefined) return undefined;
  const parent = own(process, 'parent_process') ?? at(record, 'actor.process');
  const grandparent = isObject(parent) ? ocsfImage(own(parent, 'parent_process')) : undefined;
  const ownUser = userOf(at(process, 'user.name'), at(process, 'user.uid'), at(process, 'user.domain'));
  return processStart({
    ...ocsfImage(process),
    os: platform(record),
    time: isoTime(own(process, 'created_time')) ?? time(record),
    workingDirectory: text(own(process, 'working_directory')) ?? text(at(record, 'actor.process.working_directory')),
    hashes: hashesOf(at(process, 'file.hashes.value'), at(process, 'file.fingerprints.value')),
    user:
      ownUser?.name === undefined
        ? userOf(at(record, 'actor.user.name'), at(record, 'actor.user.uid'), at(record, 'actor.user.domain'))
        : ownUser,
    host: hostOf(at(record, 'device.hostname') ?? at(record, 'device.name'), at(record, 'device.uid')),
    env: environmentOf(pairs(own(process, 'environment_variables'))),
    container: containerOf(
      at(process, 'container.uid') ?? at(record, 'device.container.uid'),
      at(process, 'container.name'),
      at(process, 'container.image.name'),
    ),
    orchestrator: orchestratorOf(
      undefined,
      at(process, 'namespace_name') ?? at(process, 'container.orchestrator'),
      at(process, 'container.pod_uuid'),
    ),
    parent: ocsfImage(parent),
    ancestors: grandparent === undefined ? undefined : [grandparent],
  });
}

function platform(record: JsonObject): ProcessStart['os'] {
  return (
    operatingSystem(text(at(record, 'device.os.type')) ?? text(at(record, 'device.os.name'))) ??
    operatingSystem(text(at(record, 'device.os.name')))
  );
}

function time(record: JsonObject): string | undefined {
  return isoTime(own(record, 'time_dt')) ?? isoTime(own(record, 'time'));
}

/** Of what `ocsfImage` makes an image. */
const imagePaths = (
  ...processes: readonly string[]
): Required<Pick<StartPaths, 'name' | 'executable' | 'commandLine'>> => ({
  name: processes.flatMap((process) => [`${process}.name`, `${process}.file.name`]),
  executable: processes.flatMap((process) => [`${process}.file.path`, `${process}.path`]),
  commandLine: processes.map((process) => `${process}.cmd_line`),
});

const PARENT = imagePaths('process.parent_process', 'actor.process');
const PATHS: readonly StartPaths[] = [
  {
    ...imagePaths('process'),
    workingDirectory: ['process.working_directory', 'actor.process.working_directory'],
    hashes: ['process.file.hashes.value', 'process.file.fingerprints.value'],
    user: ['process.user.name', 'actor.user.name'],
    domain: ['process.user.domain', 'actor.user.domain'],
    host: ['device.hostname', 'device.name'],
    parentName: PARENT.name,
    parentExecutable: PARENT.executable,
    parentCommandLine: PARENT.commandLine,
  },
];

export const ocsf = defineShape({
  name: 'ocsf',
  title: 'OCSF events (process activity and any other class)',
  recognise: (record) =>
    typeof own(record, 'class_uid') === 'number' &&
    ['category_uid', 'activity_id', 'type_uid', 'metadata'].some((key) => Object.hasOwn(record, key)),
  logSource: (record) =>
    logSourceOf(
      platform(record),
      isStart(record) ? 'process_creation' : (CATEGORIES.get(own(record, 'class_uid')) ?? OTHER_CATEGORY),
    ),
  processStart: start,
  isProcessStart: (record) => startedProcess(record) !== undefined,
  startPaths: PATHS,
  time,
});
