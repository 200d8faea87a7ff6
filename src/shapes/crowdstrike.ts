import { remembering } from '../base/remembering.ts';
import type { FieldPlaces } from '../event/field-places.ts';
import type { Json, JsonObject } from '../event/json.ts';
import type { ProcessCommand, ProcessStart } from '../event/process-start.ts';
import {
  containerOf,
  hashesOf,
  hostOf,
  image,
  orchestratorOf,
  processCommand,
  processStart,
  userOf,
} from './build-start.ts';
import { defineShape, pathField } from './define-shape.ts';
import { operatingSystem } from './image-path.ts';
import { integrityLevel } from './integrity-level.ts';
import { OTHER_CATEGORY, logSourceOf } from './log-sources.ts';
import { lineageByEntity } from './parent-lineage.ts';
import { rememberLast } from './remember-last.ts';
import type { StartPaths } from './start-places.ts';
import { isoTime } from './time.ts';
import { fieldValue, own, ownObject, ownString, pidText, text } from './values.ts';

/** Where the original record is: Panther keeps it under `event` and adds lower-cased copies of some keys beside it. */
function original(record: JsonObject): JsonObject {
  const inner = ownObject(record, 'event');
  return inner !== undefined && (own(record, 'fdr_event_type') !== undefined || simpleNameOf(inner) !== undefined)
    ? inner
    : record;
}

function get(record: JsonObject, key: string): Json | undefined {
  return getFrom(original(record), record, key);
}

/** As `get`, for many keys of one record: `inner` is its original. */
function getFrom(inner: JsonObject, record: JsonObject, key: string): Json | undefined {
  const found = own(inner, key);
  if (found !== undefined && found !== null) return found;
  return (inner === record ? found : own(record, key)) ?? own(record, lowerOf(key));
}

/** Keys in lower case: a fixed set, those that this file and rules name. Made anew, a key is slow to look up. */
const lowerKeys = new Map<string, string>();

function lowerOf(key: string): string {
  let lower = lowerKeys.get(key);
  if (lower === undefined) lowerKeys.set(key, (lower = key.toLowerCase()));
  return lower;
}

function simpleNameOf(record: JsonObject): string | undefined {
  return ownString(record, 'event_simpleName') ?? ownString(record, 'event_simplename');
}

/** Some of the sensor's several hundred events; the name is `event_simpleName`. */
const CATEGORIES: readonly (readonly [RegExp, string])[] = [
  [/^ProcessRollup2$/, 'process_creation'],
  [/^(?:EndOfProcess|TerminateProcess)$/, 'process_termination'],
  [/^Network(?:Connect|ReceiveAccept|Listen)IP[46]/, 'network_connection'],
  [/^(?:Suspicious)?DnsRequest$/, 'dns_query'],
  [/(?:FileWritten|ScriptWritten|ExecutableWritten|ExecutableRenamed|DirectoryCreate)$/, 'file_event'],
  [/Deleted$/, 'file_delete'],
  [/^(?:AsepValueUpdate|RegSystemConfigValueUpdate|RegGenericValueUpdate)$/, 'registry_set'],
  [/^(?:ClassifiedModuleLoad|ImageHash)$/, 'image_load'],
  [/^DriverLoad$/, 'driver_load'],
];

/** Few names come, but they are the source's to choose. */
const categoryOf = remembering((name) => CATEGORIES.find(([pattern]) => pattern.test(name))?.[1] ?? OTHER_CATEGORY);

function simpleName(record: JsonObject): string {
  return simpleNameOf(original(record)) ?? simpleNameOf(record) ?? '';
}

function isStart(record: JsonObject): boolean {
  return simpleName(record) === 'ProcessRollup2';
}

/** Where `get` looks for a key. */
function anyOf(key: string): Extract<FieldPlaces, { readonly kind: 'texts' }> {
  return { kind: 'texts', paths: [...new Set([key, key.toLowerCase(), `event.${key}`])] };
}

const pathsOf = (...keys: readonly string[]): readonly string[] => keys.flatMap((key) => anyOf(key).paths);

const PATHS: StartPaths = {
  executable: pathsOf('ImageFileName'),
  commandLine: pathsOf('CommandLine'),
  originalFileName: pathsOf('OriginalFilename'),
  workingDirectory: pathsOf('WorkingDirectory'),
  parentName: pathsOf('ParentBaseFileName'),
  parentExecutable: pathsOf('ParentImageFileName'),
  parentCommandLine: pathsOf('ParentCommandLine'),
  user: pathsOf('UserName'),
  domain: pathsOf('UserDomain'),
  host: pathsOf('ComputerName'),
  hashes: pathsOf('MD5HashData', 'SHA1HashData', 'SHA256HashData'),
};

const ENTRY_KEYS: ReadonlySet<string> = new Set(['ParentProcessId', 'CommandLine', 'timestamp']);

/** Remembered for the start that is asked for after it. */
const command = rememberLast((record): ProcessCommand | undefined => {
  if (!isStart(record)) return undefined;
  const inner = original(record);
  return processCommand({
    executable: text(getFrom(inner, record, 'ImageFileName')),
    commandLine: text(getFrom(inner, record, 'CommandLine')),
    os: operatingSystem(text(getFrom(inner, record, 'event_platform'))),
    originalFileName: text(getFrom(inner, record, 'OriginalFilename')),
  });
});

function start(record: JsonObject): ProcessStart | undefined {
  // SyntheticProcessRollup2 stands for a process that ran before the sensor did; the Stats and Args events are no starts either.
  const said = command(record);
  if (said === undefined) return undefined;
  const inner = original(record);
  const of = (key: string): Json | undefined => getFrom(inner, record, key);
  const grandparent = image({
    name: text(of('GrandParentBaseFileName')),
    commandLine: text(of('GrandparentCommandLine')),
  });
  return processStart({
    ...said,
    pid: pidText(of('RawProcessId')),
    entityId: text(of('TargetProcessId')),
    time: isoTime(of('ProcessStartTime')) ?? time(record),
    workingDirectory: text(of('WorkingDirectory')),
    hashes: hashesOf(of('MD5HashData'), of('SHA1HashData'), of('SHA256HashData')),
    user: userOf(of('UserName'), of('UserSid') ?? of('UID') ?? of('RUID'), of('UserDomain')),
    host: hostOf(of('ComputerName'), of('aid')),
    container: containerOf(of('ContainerId'), of('ContainerName'), of('ContainerImage')),
    orchestrator: orchestratorOf(of('ClusterName'), of('Namespace'), of('PodName')),
    parent: image({
      name: text(of('ParentBaseFileName')),
      executable: text(of('ParentImageFileName')),
      commandLine: text(of('ParentCommandLine')),
      // Falcon's own id: the sensor sends no operating-system parent pid.
      entityId: pidText(of('ParentProcessId')),
    }),
    ancestors: grandparent === undefined ? undefined : [grandparent],
  });
}

function time(record: JsonObject): string | undefined {
  return isoTime(get(record, 'ContextTimeStamp')) ?? isoTime(get(record, 'timestamp')) ?? isoTime(get(record, '_time'));
}

export const crowdstrike = defineShape({
  name: 'crowdstrike',
  title: 'CrowdStrike Falcon Data Replicator (raw)',
  recognise(record) {
    if (simpleNameOf(record) !== undefined || ownString(record, 'fdr_event_type') !== undefined) return true;
    const inner = ownObject(record, 'event');
    if (inner !== undefined && simpleNameOf(inner) !== undefined) return true;
    // Inventories (aidmaster, managed and unmanaged assets, user info) and external API events have no event_simpleName.
    const has = (key: string): boolean => ownString(record, key) !== undefined;
    return (
      (has('cid') && ['aid', 'aip', '_time', 'event_platform'].some(has)) ||
      (has('CustomerIdString') && (has('EventType') || has('AgentIdString')))
    );
  },
  logSource(record) {
    const name = simpleName(record).slice(0, 100);
    return logSourceOf(operatingSystem(text(get(record, 'event_platform'))), categoryOf(name), 'crowdstrike');
  },
  processStart: start,
  command,
  time,
  fields: {
    'event.action': simpleName,
    event_simpleName: simpleName,
    IntegrityLevel: (record) => integrityLevel(text(get(record, 'IntegrityLevel'))),
    LogonId: (record) => fieldValue(get(record, 'AuthenticationId')),
    // Sigma's name for Windows' own parent id; Falcon's is under ParentProcessId in rules written for it.
    ParentProcessId: (record) => fieldValue(get(record, 'ParentProcessId')),
    CommandLine: (record) => fieldValue(get(record, 'CommandLine')),
    timestamp: (record) => fieldValue(get(record, 'timestamp')),
  },
  vendorField(name) {
    if (name.includes('.')) return pathField(name);
    return (record) => fieldValue(get(record, name));
  },
  isProcessStart: isStart,
  startPaths: [PATHS],
  placesOf(name, what) {
    if (what === 'vendor') return name.includes('.') ? { kind: 'texts', paths: [name] } : anyOf(name);
    return what === 'entry' && ENTRY_KEYS.has(name) ? anyOf(name) : undefined;
  },
  lineage: lineageByEntity((id) => `"TargetProcessId":"${id}"`, /ProcessRollup2/),
});
