import type { ProcessImage, ProcessStart } from '../event/process-start.ts';
import type { Intent } from '../kubectl/intent.ts';
import type { Origin } from '../origin/origin.ts';
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

/** What the shipped guides ask for; the rest is found key by key. */
const OF_KUBECTL: ReadonlyMap<string, (intent: Intent) => unknown> = new Map<string, (intent: Intent) => unknown>([
  ['kubectl.action', ({ action }) => action],
  ['kubectl.verb', ({ verb }) => verb],
  ['kubectl.namespace', ({ namespace }) => namespace],
  ['kubectl.target', ({ target }) => target],
  ['kubectl.context', ({ context }) => context],
  ['kubectl.exposure', ({ exposure }) => exposure],
  ['kubectl.sensitive', ({ sensitive }) => sensitive],
  ['kubectl.listen', ({ listen }) => listen],
  ['kubectl.service.name', ({ service }) => service?.name],
  ['kubectl.made', madeBy],
]);

/** `kind/name` of the object that the command makes or changes. A Service bears the name of what it exposes, unless it is given one. */
function madeBy({ action, operation, target, service }: Intent): string | undefined {
  const exposed = target?.slice(target.indexOf('/') + 1);
  if (action === 'expose') {
    const name = service?.name ?? exposed;
    return name === undefined || name === '' ? undefined : `${service?.type === 'Route' ? 'route' : 'service'}/${name}`;
  }
  if (operation === 'expose-pod') return exposed === undefined ? undefined : `service/${exposed}`;
  return operation !== null && /^(?:create|change)-/.test(operation) ? (target ?? undefined) : undefined;
}

const OF_ORIGIN: ReadonlyMap<string, (origin: Origin) => unknown> = new Map<string, (origin: Origin) => unknown>([
  ['origin.kind', ({ kind }) => kind],
  // Sentences, not words.
  ['origin.reasons', ({ reasons }) => reasons.join('; ')],
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

/** Does the value depend on the alerts before it? */
export function isOfOrder(path: string): boolean {
  return path === 'alert.id' || path === 'event.line';
}

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
  const ofKubectl = OF_KUBECTL.get(path);
  if (ofKubectl) return ({ kubectl }) => (kubectl === undefined ? undefined : textOf(ofKubectl(kubectl)));
  const ofOrigin = OF_ORIGIN.get(path);
  if (ofOrigin) return ({ origin }) => (origin === undefined ? undefined : textOf(ofOrigin(origin)));
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
  let text = textOfItem(value[0]);
  for (let i = 1; i < value.length; i++) text += ` ${textOfItem(value[i])}`;
  return text;
}

function textOfItem(item: unknown): string {
  if (typeof item === 'string') return item;
  return typeof item === 'object' && item !== null ? Object.values(item).map(String).join(':') : String(item);
}
