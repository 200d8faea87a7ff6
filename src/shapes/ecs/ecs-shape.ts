import type { JsonObject } from '../../event/json.ts';
import type { ProcessCommand, ProcessImage, ProcessStart } from '../../event/process-start.ts';
import {
  containerOf,
  ecsImage,
  ecsImageOf,
  ecsOperatingSystem,
  environmentOf,
  hashesOf,
  hostOf,
  orchestratorOf,
  processCommand,
  processStart,
  userOf,
} from '../build-start.ts';
import type { Place, ShapeDescription } from '../define-shape.ts';
import { defineShape } from '../define-shape.ts';
import { operatingSystemOfPath, operatingSystemOfValue } from '../image-path.ts';
import { categoryOfEcs, logSourceOf } from '../log-sources.ts';
import { at } from '../path.ts';
import { rememberLast } from '../remember-last.ts';
import type { StartPaths } from '../start-places.ts';
import type { Lineage, Shape } from '../shape.ts';
import { isoTime } from '../time.ts';
import { includes, own, ownObject, ownString, text } from '../values.ts';

/** What sets one vendor's ECS documents apart from the others'. */
export interface EcsVariant {
  readonly name: string;
  readonly title: string;
  recognise(document: JsonObject): boolean;
  /** Is it a process start? Asked of any document of the shape. */
  isStart(document: JsonObject): boolean;
  /** The start, given what the common ECS fields say. */
  refine?(document: JsonObject, start: ProcessStart): ProcessStart;
  /** Paths from which `refine` takes parts of the start: all of them. */
  readonly refinePaths?: StartPaths;
  /** The object that holds the vendor's own fields: they are found by their bare names too. */
  readonly vendorRoot?: string;
  readonly fields?: Readonly<Record<string, Place>>;
  readonly logSource?: ShapeDescription['logSource'];
  /** The sensor, where the documents are of one. */
  readonly service?: string;
  /** What the process start says goes before what stands in the document: `process.*` is not the new process there. */
  readonly startFirst?: boolean;
  /** For sources of one system only, whose documents do not say so. */
  readonly os?: ProcessStart['os'];
  /** The source sends a line and the pipeline splits it, the Windows way on every system: those arguments are not the process's own. */
  readonly splitsCommandLine?: boolean;
  readonly lineage?: Lineage;
}

export function ecsShape(variant: EcsVariant): Shape {
  // Asked when it is recognised, routed and read.
  const isStart = rememberLast((document) => variant.isStart(document));
  // The start is asked for after its command.
  const process = rememberLast((document) => ecsProcess(document, variant.os));
  const start = (document: JsonObject): ProcessStart | undefined => {
    if (!isStart(document)) return undefined;
    const said = ecsStart(document, process(document));
    const common = variant.splitsCommandLine === true ? withoutSplitArguments(said) : said;
    return variant.refine ? variant.refine(document, common) : common;
  };
  return defineShape({
    name: variant.name,
    title: variant.title,
    recognise: (document) => variant.recognise(document),
    logSource: variant.logSource ?? ((document) => ecsLogSource(document, isStart(document), variant)),
    processStart: start,
    // What a variant adds to what ECS says may be of the command.
    ...(variant.refine === undefined && variant.splitsCommandLine !== true
      ? {
          command: (document: JsonObject): ProcessCommand | undefined =>
            isStart(document) ? process(document).command : undefined,
        }
      : {}),
    time: ecsTime,
    fields: { ...winlogNames, ...variant.fields },
    vendorRoots: variant.vendorRoot === undefined ? [''] : ['', variant.vendorRoot],
    isProcessStart: isStart,
    startPaths: variant.refinePaths === undefined ? [ECS_PATHS] : [ECS_PATHS, variant.refinePaths],
    documentFirst: variant.startFirst !== true,
    ...(variant.lineage === undefined ? {} : { lineage: variant.lineage }),
  });
}

function withoutSplitArguments(start: ProcessStart): ProcessStart {
  const { args, parent, ...rest } = start;
  const kept = start.commandLine === undefined && args !== undefined ? { args } : {};
  if (parent === undefined) return { ...rest, ...kept };
  const { args: parentArgs, ...parentRest } = parent;
  return {
    ...rest,
    ...kept,
    parent: parent.commandLine === undefined && parentArgs !== undefined ? parent : parentRest,
  };
}

/** Beats and Elastic Agent keep the name of the log and the number of the event under names of their own. */
const winlogNames: Readonly<Record<string, Place>> = {
  EventID: ['event.code', 'winlog.event_id'],
  Channel: 'winlog.channel',
  Provider_Name: ['event.provider', 'winlog.provider_name'],
};

function ecsLogSource(
  document: JsonObject,
  isStart: boolean,
  { os, service }: Pick<EcsVariant, 'os' | 'service'>,
): ReturnType<Shape['logSource']> {
  const product = ecsOperatingSystem(document) ?? os ?? ecsSystemOfPath(document);
  return logSourceOf(
    product,
    isStart ? 'process_creation' : categoryOfEcs((name) => includes(at(document, 'event.category'), name)),
    service,
  );
}

function ecsSystemOfPath(document: JsonObject): ProcessStart['os'] {
  const process = ownObject(document, 'process');
  return process !== undefined && Object.hasOwn(process, 'executable')
    ? operatingSystemOfValue(process, 'executable')
    : operatingSystemOfPath(text(at(document, 'process.executable')));
}

export function ecsTime(document: JsonObject): string | undefined {
  return (
    isoTime(own(document, '@timestamp')) ??
    isoTime(at(document, 'event.created')) ??
    isoTime(at(document, 'event.start'))
  );
}

/** `event.category` process and `event.type` start. */
export function saysProcessStart(document: JsonObject): boolean {
  return includes(at(document, 'event.category'), 'process') && includes(at(document, 'event.type'), 'start');
}

export function hasAction(document: JsonObject, ...actions: readonly string[]): boolean {
  const found = at(document, 'event.action');
  return actions.some((action) => includes(found, action));
}

/** The process that starts, and of what `ecsStart` gives the part that decides the command. */
interface EcsProcess {
  readonly image: ProcessImage;
  readonly command: ProcessCommand;
}

function ecsProcess(document: JsonObject, os: ProcessStart['os']): EcsProcess {
  const process = ownObject(document, 'process');
  const image = (process === undefined ? ecsFlatImage(document) : ecsImageOf(process)) ?? {};
  const { name, executable, commandLine, args } = image;
  const command = processCommand({
    name,
    executable,
    commandLine,
    args,
    os: ecsOperatingSystem(document) ?? os ?? operatingSystemOfPath(executable),
    originalFileName: text(at(document, 'process.pe.original_file_name')),
    env: environmentOf(at(document, 'process.env_vars') ?? at(document, 'process.env')),
  });
  return { image, command };
}

/** Of what `ecsStart` makes a start. */
const ECS_PATHS: StartPaths = {
  name: ['process.name'],
  executable: ['process.executable'],
  commandLine: ['process.command_line'],
  commandLineParts: ['process.args'],
  args: ['process.args'],
  originalFileName: ['process.pe.original_file_name'],
  workingDirectory: ['process.working_directory'],
  parentName: ['process.parent.name'],
  parentExecutable: ['process.parent.executable'],
  parentCommandLine: ['process.parent.command_line'],
  parentCommandLineParts: ['process.parent.args'],
  parentArgs: ['process.parent.args'],
  user: ['user.name', 'process.user.name'],
  domain: ['user.domain'],
  host: ['host.name', 'host.hostname', 'agent.hostname', 'agent.name'],
  hashes: ['process.hash.md5', 'process.hash.sha1', 'process.hash.sha256'],
};

/** What the ECS fields of a document say of the process that starts. */
function ecsStart(document: JsonObject, { image, command }: EcsProcess): ProcessStart {
  const read = (path: string): ReturnType<typeof at> => at(document, path);
  const entry = ecsImage(document, 'process.entry_leader');
  const entryType = text(read('process.entry_leader.entry_meta.type'));
  const grandparent = ecsImage(document, 'process.parent.parent');
  const userName = read('user.name') ?? read('process.user.name');
  const isPod = text(read('orchestrator.resource.type')) === 'pod';
  return processStart({
    ...command,
    pid: image.pid,
    entityId: image.entityId,
    // process.start is when the process was forked, which for a shell's exec may be long before.
    time: ecsTime(document) ?? isoTime(read('process.start')),
    workingDirectory: text(read('process.working_directory')),
    hashes: hashesOf(read('process.hash.md5'), read('process.hash.sha1'), read('process.hash.sha256')),
    user: userOf(
      userName,
      read('user.id') ?? read('process.user.id') ?? read('user.effective.id'),
      read('user.domain'),
    ),
    host: hostOf(
      read('host.name') ?? read('host.hostname') ?? read('agent.hostname') ?? read('agent.name'),
      read('host.id'),
    ),
    container: containerOf(read('container.id'), read('container.name'), read('container.image.name')),
    orchestrator: orchestratorOf(
      read('orchestrator.cluster.name'),
      read('orchestrator.namespace') ?? read('kubernetes.namespace'),
      (isPod ? read('orchestrator.resource.name') : undefined) ?? read('kubernetes.pod.name'),
    ),
    parent: parentOf(document),
    ancestors: grandparent === undefined ? undefined : [grandparent],
    entry: entry === undefined ? undefined : entryType === undefined ? entry : { ...entry, type: entryType },
  });
}

/** A document whose keys are literally dotted has no `process` object. */
function ecsFlatImage(document: JsonObject): ReturnType<typeof ecsImageOf> {
  return ecsImageOf(dotted(document, 'process'));
}

function parentOf(document: JsonObject): ProcessStart['parent'] {
  const parent = at(document, 'process.parent');
  const found =
    typeof parent === 'object' && parent !== null
      ? ecsImage(document, 'process.parent')
      : ecsImageOf(dotted(document, 'process.parent'));
  const pid = found?.pid ?? text(at(document, 'process.ppid'));
  return pid === undefined || found?.pid !== undefined ? found : { ...found, pid };
}

const IMAGE_FIELDS = ['name', 'executable', 'command_line', 'args', 'pid', 'entity_id'] as const;

function dotted(document: JsonObject, prefix: string): JsonObject {
  return Object.fromEntries(IMAGE_FIELDS.map((name) => [name, at(document, `${prefix}.${name}`)]));
}

/** A vendor's object at the top of a document, as integrations write their own fields. */
export function hasObject(document: JsonObject, key: string): boolean {
  return ownObject(document, key) !== undefined;
}

/** Where a document says which integration or agent wrote it. */
export function dataset(document: JsonObject): string {
  return ownString(ownObject(document, 'data_stream') ?? {}, 'dataset') ?? text(at(document, 'event.dataset')) ?? '';
}
