import type { ProcessImage, ProcessStart } from '../event/process-start.ts';
import type { Alert } from './alert.ts';
import { commandLineOf, ecsProcess, pidOf } from './ecs.ts';

/** Reads one of an alert's values as text; `undefined` where the alert has none, or nothing that is text. */
export type GuideValue = (alert: Alert) => string | undefined;

type OfProcess = readonly [path: string, read: (start: ProcessStart) => unknown];

const OF_IMAGE: readonly (readonly [string, (image: ProcessImage) => unknown])[] = [
  ['pid', pidOf],
  ['entity_id', ({ entityId }) => entityId],
  ['name', ({ name }) => name],
  ['executable', ({ executable }) => executable],
  ['command_line', commandLineOf],
  ['args', ({ args }) => args],
  ['args_count', ({ args }) => args?.length],
];

function ofImage(path: string, image: (start: ProcessStart) => ProcessImage | undefined): readonly OfProcess[] {
  return OF_IMAGE.map(([name, read]) => [
    `${path}.${name}`,
    (start) => {
      const found = image(start);
      return found && read(found);
    },
  ]);
}

/** Each gives what a walk over `ecsProcess` would give, without making all of that. */
const OF_PROCESS: ReadonlyMap<string, OfProcess[1]> = new Map<string, OfProcess[1]>([
  ...ofImage('process', (start) => start),
  ...ofImage('process.parent', ({ parent }) => parent),
  // The grandparent stands inside the parent, which may be unknown.
  ...ofImage('process.parent.parent', ({ parent, ancestors }) => parent && ancestors?.[0]),
  ...ofImage('process.entry_leader', ({ entry }) => entry),
  ['process.entry_leader.entry_meta.type', ({ entry }) => entry?.type],
  ['process.working_directory', ({ workingDirectory }) => workingDirectory],
  ['process.pe.original_file_name', ({ originalFileName }) => originalFileName],
  ['process.hash.md5', ({ hashes }) => hashes?.md5],
  ['process.hash.sha1', ({ hashes }) => hashes?.sha1],
  ['process.hash.sha256', ({ hashes }) => hashes?.sha256],
  ['user.name', ({ user }) => user?.name],
  ['user.id', ({ user }) => user?.id],
  ['user.domain', ({ user }) => user?.domain],
  ['host.name', ({ host }) => host?.name],
  ['host.id', ({ host }) => host?.id],
  ['host.os.type', ({ os }) => os],
  ['container.id', ({ container }) => container?.id],
  ['container.name', ({ container }) => container?.name],
  ['container.image.name', ({ container }) => container?.image],
  ['orchestrator.cluster.name', ({ orchestrator }) => orchestrator?.cluster],
  ['orchestrator.namespace', ({ orchestrator }) => orchestrator?.namespace],
  ['orchestrator.resource.name', ({ orchestrator }) => orchestrator?.pod],
]);

const OF_ALERT: ReadonlyMap<string, (alert: Alert) => unknown> = new Map<string, (alert: Alert) => unknown>([
  ['rule.id', ({ rules }) => rules[0]?.id],
  ['rule.title', ({ rules }) => rules[0]?.title],
  ['rule.level', ({ rules }) => rules[0]?.level],
  ['alert.id', ({ id }) => id],
  ['alert.severity', ({ severity }) => severity],
  ['alert.title', ({ title }) => title],
  ['event.shape', ({ event }) => event.shape],
  ['event.file', ({ event }) => event.place.file],
  ['event.line', ({ event }) => event.place.line],
  ['event.time', ({ time }) => time],
]);

const KNOWN_ROOTS: ReadonlySet<string> = new Set([
  'process',
  'user',
  'host',
  'container',
  'orchestrator',
  'kubectl',
  'origin',
  'event',
  'rule',
  'alert',
]);

/** Can an alert have anything at this path? */
export function isKnownPath(path: string): boolean {
  return KNOWN_ROOTS.has(path.split('.')[0] ?? '');
}

/** How the value at a path such as `process.parent.name` is read. */
export function guideValue(path: string): GuideValue {
  const ofProcess = OF_PROCESS.get(path);
  if (ofProcess) return ({ process }) => (process === undefined ? undefined : textOf(ofProcess(process)));
  const ofAlert = OF_ALERT.get(path);
  if (ofAlert) return (alert) => textOf(ofAlert(alert));
  const [root = '', ...keys] = path.split('.');
  switch (root) {
    case 'kubectl':
      return ({ kubectl }) => textOf(walk(kubectl, keys));
    case 'origin':
      return ({ origin }) => textOf(walk(origin, keys));
    case 'process':
    case 'user':
    case 'host':
    case 'container':
    case 'orchestrator':
      return ({ process }) => textOf(walk(ecsProcess(process), [root, ...keys]));
    default:
      return () => undefined;
  }
}

function walk(value: unknown, keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = Reflect.get(found, key);
  }
  return found;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value
    .map((item) =>
      typeof item === 'object' && item !== null ? Object.values(item).map(String).join(':') : String(item),
    )
    .join(' ');
}
