import type { Json, JsonObject } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import type { ProcessCommand, ProcessImage, ProcessStart } from '../event/process-start.ts';
import { baseName, operatingSystem } from './image-path.ts';
import { at } from './path.ts';
import { idText, isArray, own, ownObject, pidText, text, textList } from './values.ts';

/** `T` with properties that may also be given as `undefined`. */
export type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined };
type Hashes = NonNullable<ProcessStart['hashes']>;

const MOST_VARIABLES = 1_000;

/** The properties that are there; `undefined` where there is none. */
function present<T extends object>(loose: Loose<T>): Partial<T> | undefined {
  const found: Partial<T> = {};
  let any = false;
  for (const key in loose) {
    const value = loose[key];
    if (value === undefined) continue;
    found[key] = value;
    any = true;
  }
  return any ? found : undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A process image; its name is the last part of the path where the source gives none. */
export function image(parts: Loose<ProcessImage>): ProcessImage | undefined {
  const found: Mutable<ProcessImage> = {};
  addImage(found, parts);
  return isEmpty(found) ? undefined : found;
}

/** Spelled out: to walk over keys costs several times as much. */
function addImage(found: Mutable<ProcessImage>, parts: Loose<ProcessImage>): void {
  const { executable, commandLine, args, pid, entityId } = parts;
  const name = parts.name ?? baseName(executable);
  if (name !== undefined) found.name = name;
  if (executable !== undefined) found.executable = executable;
  if (commandLine !== undefined) found.commandLine = commandLine;
  if (args !== undefined) found.args = args;
  if (pid !== undefined) found.pid = pid;
  if (entityId !== undefined) found.entityId = entityId;
}

function isEmpty(object: object): boolean {
  for (const key in object) if (Object.hasOwn(object, key)) return false;
  return true;
}

/** A process start. What is `undefined` is left out, and so are groups in which nothing is known. */
export function processStart(parts: Loose<ProcessStart>): ProcessStart {
  const found: Mutable<ProcessStart> = {};
  addImage(found, parts);
  const { os, time, workingDirectory, originalFileName, hashes, user, host, env, container, orchestrator } = parts;
  if (os !== undefined) found.os = os;
  if (time !== undefined) found.time = time;
  if (workingDirectory !== undefined) found.workingDirectory = workingDirectory;
  if (originalFileName !== undefined) found.originalFileName = originalFileName;
  if (hashes !== undefined) found.hashes = hashes;
  if (user !== undefined) found.user = user;
  if (host !== undefined) found.host = host;
  if (env !== undefined) found.env = env;
  if (container !== undefined) found.container = container;
  if (orchestrator !== undefined) found.orchestrator = orchestrator;
  if (parts.parent !== undefined) found.parent = parts.parent;
  if (parts.ancestors !== undefined) found.ancestors = parts.ancestors;
  if (parts.entry !== undefined) found.entry = parts.entry;
  return found;
}

/** Of a process start what decides its command. What is `undefined` is left out. */
export function processCommand(parts: Loose<ProcessCommand>): ProcessCommand {
  const found: Mutable<ProcessCommand> = {};
  addImage(found, parts);
  const { os, originalFileName, env } = parts;
  if (os !== undefined) found.os = os;
  if (originalFileName !== undefined) found.originalFileName = originalFileName;
  if (env !== undefined) found.env = env;
  return found;
}

export function userOf(name: Json | undefined, id?: Json, domain?: Json): ProcessStart['user'] {
  return present<NonNullable<ProcessStart['user']>>({ name: text(name), id: idText(id), domain: text(domain) });
}

/** `DOMAIN\name`, as Windows sources write a user in one field; a name without a backslash stands alone. */
export function userOfAccount(account: Json | undefined, id?: Json): ProcessStart['user'] {
  const whole = text(account);
  const cut = whole?.lastIndexOf('\\') ?? -1;
  if (whole === undefined || cut <= 0) return userOf(whole, id);
  return userOf(whole.slice(cut + 1), id, whole.slice(0, cut));
}

export function hostOf(name: Json | undefined, id?: Json): ProcessStart['host'] {
  return present<NonNullable<ProcessStart['host']>>({ name: text(name), id: text(id) });
}

export function containerOf(id: Json | undefined, name?: Json, imageName?: Json): ProcessStart['container'] {
  const found = text(id);
  // Falco writes `host` for a process outside any container, CloudProcessEvents `host` and `:`.
  return present<NonNullable<ProcessStart['container']>>({
    id: found === 'host' ? undefined : found,
    name: text(name) === 'host' ? undefined : text(name),
    image: text(imageName) === ':' ? undefined : text(imageName),
  });
}

export function orchestratorOf(cluster: Json | undefined, namespace?: Json, pod?: Json): ProcessStart['orchestrator'] {
  return present<NonNullable<ProcessStart['orchestrator']>>({
    cluster: text(cluster),
    namespace: text(namespace),
    pod: text(pod),
  });
}

/** Hexadecimal digests, told apart by their length; all zeros or another length is "not computed". */
export function hashesOf(...values: readonly (Json | undefined)[]): ProcessStart['hashes'] {
  const found: { md5?: string; sha1?: string; sha256?: string } = {};
  for (const value of values) {
    if (isArray(value)) for (const one of value.slice(0, 8)) addHash(found, one);
    else addHash(found, value);
  }
  return present<Hashes>(found);
}

function addHash(found: Mutable<Hashes>, value: Json | undefined): void {
  if (typeof value !== 'string' || !(value.length === 32 || value.length === 40 || value.length === 64)) return;
  const digest = value.toLowerCase();
  if (!/^[0-9a-f]+$/.test(digest) || /^0+$/.test(digest)) return;
  if (digest.length === 32) found.md5 ??= digest;
  else if (digest.length === 40) found.sha1 ??= digest;
  else found.sha256 ??= digest;
}

/** Sysmon's `MD5=…,SHA256=…,IMPHASH=…`. */
export function hashesOfList(value: Json | undefined): ProcessStart['hashes'] {
  const list = text(value)?.slice(0, 400);
  if (list === undefined) return undefined;
  const parts = list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => !part.toUpperCase().startsWith('IMPHASH='));
  return hashesOf(...parts.map((part) => part.slice(part.indexOf('=') + 1)));
}

/** `["NAME=value", …]` or `{"NAME": "value"}`. */
export function environmentOf(value: Json | undefined): ProcessStart['env'] {
  const pairs: (readonly [string, string])[] = [];
  if (isObject(value)) {
    for (const key of Object.keys(value).slice(0, MOST_VARIABLES)) {
      const one = value[key];
      if (typeof one === 'string') pairs.push([key, one]);
    }
  } else {
    for (const pair of (textList(value) ?? []).slice(0, MOST_VARIABLES)) {
      const cut = pair.indexOf('=');
      if (cut > 0) pairs.push([pair.slice(0, cut), pair.slice(cut + 1)]);
    }
  }
  // `Object.fromEntries` defines own properties, so that a variable named `__proto__` is only a name.
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

/** The process that an ECS document describes under `prefix` (`process`, `process.parent`, …). */
export function ecsImage(document: JsonObject, prefix: string): ProcessImage | undefined {
  const found = at(document, prefix);
  return isObject(found) ? ecsImageOf(found) : undefined;
}

export function ecsImageOf(process: JsonObject): ProcessImage | undefined {
  return image({
    name: text(own(process, 'name')),
    executable: text(own(process, 'executable')),
    commandLine: text(own(process, 'command_line')),
    args: textList(own(process, 'args')),
    pid: pidText(own(process, 'pid')),
    entityId: text(own(process, 'entity_id')),
  });
}

export function ecsOperatingSystem(document: JsonObject): ProcessStart['os'] {
  const os = ownObject(ownObject(document, 'host') ?? {}, 'os');
  if (os === undefined) return operatingSystem(text(at(document, 'host.os.type')));
  return operatingSystem(
    text(own(os, 'type')) ?? text(own(os, 'platform')) ?? text(own(os, 'family')) ?? text(own(os, 'name')),
  );
}
