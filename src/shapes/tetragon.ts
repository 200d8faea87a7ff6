import type { Json, JsonObject } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import type { ProcessImage, ProcessStart } from '../event/process-start.ts';
import { containerOf, hostOf, image, orchestratorOf, processStart, userOf } from './build-start.ts';
import { defineShape, pathField } from './define-shape.ts';
import { OTHER_CATEGORY } from './log-sources.ts';
import { at } from './path.ts';
import type { StartPaths } from './start-places.ts';
import { isoTime } from './time.ts';
import { isArray, own, ownObject, pidText, text } from './values.ts';

/** The one top-level key that says what happened (tetragon.GetEventsResponse; the last ones are of the enterprise build). */
const EVENTS = [
  'process_exec',
  'process_exit',
  'process_kprobe',
  'process_tracepoint',
  'process_uprobe',
  'process_lsm',
  'process_loader',
  'process_throttle',
  'process_connect',
  'process_close',
  'process_listen',
  'process_accept',
  'process_sock_stats',
  'process_dns',
  'process_http',
  'process_tls',
] as const;
const MOST_ANCESTORS = 64;

const CATEGORIES: ReadonlyMap<string, string> = new Map([
  ['process_exec', 'process_creation'],
  ['process_exit', 'process_termination'],
  ['process_connect', 'network_connection'],
  ['process_loader', 'image_load'],
]);

function eventName(record: JsonObject): string | undefined {
  return EVENTS.find((name) => ownObject(record, name) !== undefined);
}

export function tetragonImage(process: Json | undefined): ProcessImage | undefined {
  if (!isObject(process)) return undefined;
  const binary = text(own(process, 'binary'));
  const rest = text(own(process, 'arguments'));
  return image({
    executable: binary,
    // `arguments` is one string without argv[0]; the program stands before it.
    commandLine: binary === undefined ? rest : rest === undefined ? binary : `${binary} ${rest}`,
    pid: pidText(own(process, 'pid')),
    entityId: text(own(process, 'exec_id')),
  });
}

/** Of what `tetragonStart` makes a start, in a record whose keys stand behind `root`. */
export function tetragonPaths(root: string): StartPaths {
  const of = (process: string): readonly string[] => [`${process}.binary`, `${process}.arguments`];
  return {
    executable: [`${root}process_exec.process.binary`],
    commandLineParts: of(`${root}process_exec.process`),
    workingDirectory: [`${root}process_exec.process.cwd`],
    parentExecutable: [`${root}process_exec.parent.binary`],
    parentCommandLineParts: of(`${root}process_exec.parent`),
    user: [`${root}process_exec.process.user.name`],
    host: [`${root}node_name`],
  };
}

function startedProcess(record: JsonObject): JsonObject | undefined {
  const process = ownObject(ownObject(record, 'process_exec') ?? {}, 'process');
  // Read from /proc when Tetragon came up: it was running already.
  const wasRunning = process !== undefined && text(own(process, 'flags'))?.split(' ', 20).includes('procFS') === true;
  return wasRunning ? undefined : process;
}

/** A process_exec event of `record`; also what the Elastic integration keeps under `cilium_tetragon.log`. */
export function tetragonStart(record: JsonObject): ProcessStart | undefined {
  const process = startedProcess(record);
  if (process === undefined) return undefined;
  const exec = ownObject(record, 'process_exec') ?? {};
  const further = own(exec, 'ancestors');
  const ancestors = isArray(further)
    ? further
        .slice(0, MOST_ANCESTORS)
        .map(tetragonImage)
        .filter((one) => one !== undefined)
    : [];
  return processStart({
    ...tetragonImage(process),
    os: 'linux',
    time: isoTime(own(process, 'start_time')) ?? isoTime(own(record, 'time')),
    workingDirectory: text(own(process, 'cwd')),
    user: userOf(at(process, 'user.name'), own(process, 'uid')),
    host: hostOf(own(record, 'node_name')),
    container: containerOf(
      at(process, 'pod.container.id') ?? own(process, 'docker'),
      at(process, 'pod.container.name'),
      at(process, 'pod.container.image.name'),
    ),
    orchestrator: orchestratorOf(own(record, 'cluster_name'), at(process, 'pod.namespace'), at(process, 'pod.name')),
    parent: tetragonImage(own(exec, 'parent')),
    ancestors: ancestors.length === 0 ? undefined : ancestors,
  });
}

export const tetragon = defineShape({
  name: 'tetragon',
  title: 'Cilium Tetragon (JSON export)',
  recognise: (record) => eventName(record) !== undefined,
  logSource: (record) => {
    const name = eventName(record) ?? '';
    const category =
      name === 'process_exec' && startedProcess(record) === undefined
        ? OTHER_CATEGORY
        : (CATEGORIES.get(name) ?? OTHER_CATEGORY);
    return { product: 'linux', category, service: 'tetragon' };
  },
  processStart: tetragonStart,
  isProcessStart: (record) => startedProcess(record) !== undefined,
  time: (record) => isoTime(own(record, 'time')),
  startPaths: [tetragonPaths('')],
  placesOf(name, what) {
    if (what !== 'vendor') return undefined;
    return { kind: 'texts', paths: [name, ...EVENTS.map((event) => `${event}.${name}`)] };
  },
  vendorField(name) {
    const read = pathField(name);
    return (record) => {
      const event = ownObject(record, eventName(record) ?? '');
      return read(record) ?? (event === undefined ? undefined : read(event));
    };
  },
});
