import type { Json, JsonObject } from '../event/json.ts';
import type { ProcessStart } from '../event/process-start.ts';
import { containerOf, hostOf, image, orchestratorOf, processStart, userOf } from './build-start.ts';
import { defineShape } from './define-shape.ts';
import { OTHER_CATEGORY } from './log-sources.ts';
import { at } from './path.ts';
import type { StartPaths } from './start-places.ts';
import { isoTime } from './time.ts';
import { own, ownObject, ownString, pidText, text } from './values.ts';

/**
 * The process of a Falco alert out of its output fields, whose keys are literal (`"proc.name"`) or, in ECS, nested.
 * `undefined` unless the alert is about an exec: any system call's alert names the process that made it.
 */
export function falcoStart(
  fields: JsonObject,
  around: { readonly host: Json | undefined; readonly time: string | undefined },
): ProcessStart | undefined {
  const get = (name: string): Json | undefined => at(fields, name);
  if (!isFalcoExec(fields)) return undefined;
  const grandparent = image({
    name: text(get('proc.aname[2]')),
    executable: text(get('proc.aexepath[2]')),
    commandLine: text(get('proc.acmdline[2]')),
  });
  return processStart({
    name: text(get('proc.name')),
    executable: text(get('proc.exepath')),
    // exeline keeps argv[0]; cmdline has the name in its place.
    commandLine: text(get('proc.exeline')) ?? text(get('proc.cmdline')),
    pid: pidText(get('proc.pid')),
    os: 'linux',
    time: around.time,
    workingDirectory: text(get('proc.cwd')),
    user: userOf(get('user.name'), get('user.uid')),
    host: hostOf(around.host),
    container: containerOf(
      get('container.id'),
      get('container.name'),
      get('container.image') ?? get('container.image.repository'),
    ),
    orchestrator: orchestratorOf(get('k8s.cluster.name'), get('k8s.ns.name'), get('k8s.pod.name')),
    parent: image({
      name: text(get('proc.pname')),
      executable: text(get('proc.pexepath')) ?? pathOnly(get('proc.pexe')),
      commandLine: text(get('proc.pcmdline')),
      pid: pidText(get('proc.ppid')),
    }),
    ancestors: grandparent === undefined ? undefined : [grandparent],
  });
}

/** Of what `falcoStart` makes a start, where the output fields stand under `root`. */
export function falcoPaths(root: string): StartPaths {
  return {
    name: [`${root}.proc.name`],
    executable: [`${root}.proc.exepath`],
    commandLine: [`${root}.proc.exeline`, `${root}.proc.cmdline`],
    workingDirectory: [`${root}.proc.cwd`],
    parentName: [`${root}.proc.pname`],
    parentExecutable: [`${root}.proc.pexepath`, `${root}.proc.pexe`],
    parentCommandLine: [`${root}.proc.pcmdline`],
    user: [`${root}.user.name`],
  };
}

/** Is the alert with these output fields about an exec? */
export function isFalcoExec(fields: JsonObject): boolean {
  const type = text(at(fields, 'evt.type'));
  return type === 'execve' || type === 'execveat';
}

/** `proc.pexe` is argv[0]: often a bare name. */
function pathOnly(value: Json | undefined): string | undefined {
  const found = text(value);
  return found?.startsWith('/') === true ? found : undefined;
}

const outputFields = (record: JsonObject): JsonObject => ownObject(record, 'output_fields') ?? {};
const time = (record: JsonObject): string | undefined =>
  isoTime(own(record, 'time')) ??
  isoTime(at(outputFields(record), 'evt.time')) ??
  isoTime(at(outputFields(record), 'evt.time.iso8601'));
const isKubernetes = (record: JsonObject): boolean => ownString(record, 'source') === 'k8s_audit';

function isStart(record: JsonObject): boolean {
  return !isKubernetes(record) && isFalcoExec(outputFields(record));
}

function start(record: JsonObject): ProcessStart | undefined {
  return isKubernetes(record)
    ? undefined
    : falcoStart(outputFields(record), { host: own(record, 'hostname'), time: time(record) });
}

const PATHS: readonly StartPaths[] = [falcoPaths('output_fields'), { host: ['hostname'] }];

export const falco = defineShape({
  name: 'falco',
  title: 'Falco alerts (JSON output)',
  recognise: (record) =>
    ownString(record, 'rule') !== undefined &&
    ownString(record, 'priority') !== undefined &&
    (ownObject(record, 'output_fields') !== undefined || ownString(record, 'output') !== undefined),
  logSource(record) {
    if (isKubernetes(record)) return { product: 'kubernetes', category: OTHER_CATEGORY, service: 'falco' };
    return {
      product: 'linux',
      category: isStart(record) ? 'process_creation' : OTHER_CATEGORY,
      service: 'falco',
    };
  },
  processStart: start,
  isProcessStart: isStart,
  time,
  fields: { 'event.action': (record) => (isStart(record) ? 'exec' : undefined), 'rule.name': 'rule' },
  vendorRoots: ['output_fields', ''],
  startPaths: PATHS,
});
