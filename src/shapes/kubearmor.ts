import type { JsonObject } from '../event/json.ts';
import type { ProcessStart } from '../event/process-start.ts';
import { containerOf, hostOf, image, orchestratorOf, processStart, userOf } from './build-start.ts';
import { defineShape } from './define-shape.ts';
import { OTHER_CATEGORY } from './log-sources.ts';
import type { StartPaths } from './start-places.ts';
import { isoTime } from './time.ts';
import { own, ownString, pidText, text } from './values.ts';

const CATEGORIES: ReadonlyMap<string, string> = new Map([
  ['Process', 'process_creation'],
  ['File', 'file_event'],
  ['Network', 'network_connection'],
]);

function isStart(record: JsonObject): boolean {
  return own(record, 'Operation') === 'Process';
}

function start(record: JsonObject): ProcessStart | undefined {
  if (!isStart(record)) return undefined;
  const get = (key: string): string | undefined => text(own(record, key));
  const line = get('Resource');
  const parentLine = get('Source');
  return processStart({
    // The whole command line is in Resource, the program's path first.
    executable: get('ProcessName') ?? firstWord(line),
    commandLine: line,
    pid: pidText(own(record, 'HostPID')) ?? pidText(own(record, 'PID')),
    os: 'linux',
    time: time(record),
    workingDirectory: get('Cwd'),
    user: userOf(own(record, 'UserName'), own(record, 'UID')),
    host: hostOf(own(record, 'HostName'), own(record, 'NodeID')),
    container: containerOf(own(record, 'ContainerID'), own(record, 'ContainerName'), own(record, 'ContainerImage')),
    orchestrator: orchestratorOf(own(record, 'ClusterName'), own(record, 'NamespaceName'), own(record, 'PodName')),
    parent: image({
      executable:
        get('ParentProcessName') ?? (parentLine?.startsWith('/') === true ? firstWord(parentLine) : undefined),
      // Older host alerts give the parent's bare name in Source.
      name:
        get('ParentProcessName') === undefined && parentLine?.startsWith('/') === false
          ? firstWord(parentLine)
          : undefined,
      commandLine: parentLine,
      pid: pidText(own(record, 'HostPPID')) ?? pidText(own(record, 'PPID')),
    }),
  });
}

function firstWord(line: string | undefined): string | undefined {
  const end = line?.indexOf(' ') ?? -1;
  return end < 0 ? line : line?.slice(0, end);
}

function time(record: JsonObject): string | undefined {
  return isoTime(own(record, 'UpdatedTime')) ?? isoTime(own(record, 'Timestamp'));
}

const PATHS: readonly StartPaths[] = [
  {
    executable: ['ProcessName'],
    executableParts: ['Resource'],
    commandLine: ['Resource'],
    workingDirectory: ['Cwd'],
    parentExecutable: ['ParentProcessName'],
    parentExecutableParts: ['Source'],
    parentCommandLine: ['Source'],
    user: ['UserName'],
    host: ['HostName'],
  },
];

export const kubearmor = defineShape({
  name: 'kubearmor',
  title: 'KubeArmor logs and alerts',
  recognise: (record) =>
    ownString(record, 'Operation') !== undefined &&
    (ownString(record, 'PolicyName') !== undefined || ownString(record, 'Type') !== undefined) &&
    ['HostName', 'ClusterName', 'ContainerName', 'PodName'].some((key) => Object.hasOwn(record, key)),
  logSource: (record) => ({
    product: 'linux',
    category: CATEGORIES.get(ownString(record, 'Operation') ?? '') ?? OTHER_CATEGORY,
    service: 'kubearmor',
  }),
  processStart: start,
  isProcessStart: isStart,
  startPaths: PATHS,
  time,
});
