import type { Json, JsonObject } from '../event/json.ts';
import { isWindowsPath } from '../event/path-root.ts';
import type { OperatingSystem, ProcessStart } from '../event/process-start.ts';
import { containerOf, hashesOf, hostOf, image, orchestratorOf, processStart, userOf } from './build-start.ts';
import { defineShape } from './define-shape.ts';
import { baseName, operatingSystem, operatingSystemOfValue } from './image-path.ts';
import { OTHER_CATEGORY, logSourceOf } from './log-sources.ts';
import type { StartPaths } from './start-places.ts';
import { isoTime } from './time.ts';
import { fieldValue, own, ownObject, ownString, pidText, text } from './values.ts';

const TABLE_PREFIX = 'AdvancedHunting-';

/** The row: under `properties` in the Event Hub and storage streams, the record itself in an export of advanced hunting. */
function row(record: JsonObject): JsonObject {
  return ownObject(record, 'properties') ?? record;
}

/** `DeviceProcessEvents`, … where the record names its table. */
function table(record: JsonObject): string | undefined {
  const category = ownString(record, 'category');
  if (category?.startsWith(TABLE_PREFIX) === true) return category.slice(TABLE_PREFIX.length);
  return ownString(record, 'TableName') ?? ownString(record, '$table') ?? ownString(record, 'Type');
}

const CATEGORIES: ReadonlyMap<string, string> = new Map([
  ['DeviceNetworkEvents', 'network_connection'],
  ['DeviceFileEvents', 'file_event'],
  ['DeviceRegistryEvents', 'registry_event'],
  ['DeviceImageLoadEvents', 'image_load'],
]);

function isStart(record: JsonObject): boolean {
  if (own(row(record), 'ActionType') !== 'ProcessCreated') return false;
  const name = table(record);
  return (
    name === undefined || name === 'DeviceProcessEvents' || name === 'CloudProcessEvents' || !name.startsWith('Device')
  );
}

/** The full path. `FolderPath` ends in the file name; an older table that leaves it out gets it back. */
function pathOf(folder: Json | undefined, file: Json | undefined): string | undefined {
  const path = text(folder);
  const name = baseName(text(file));
  if (path === undefined || name === undefined || baseName(path)?.toLowerCase() === name.toLowerCase()) return path;
  const separator = isWindowsPath(path) ? '\\' : '/';
  return path.endsWith(separator) ? path + name : path;
}

function platform(record: JsonObject): OperatingSystem | undefined {
  const of = row(record);
  return (
    operatingSystem(text(own(of, 'OSPlatform')) ?? text(own(of, 'DeviceOSPlatform'))) ??
    operatingSystemOfValue(of, 'FolderPath') ??
    operatingSystemOfValue(of, 'InitiatingProcessFolderPath')
  );
}

function start(record: JsonObject): ProcessStart | undefined {
  if (!isStart(record)) return undefined;
  const of = row(record);
  const get = (key: string): Json | undefined => own(of, key);
  const pid = pidText(get('ProcessId'));
  const parentPid = pidText(get('InitiatingProcessId'));
  const grandparent = image({
    name: text(get('InitiatingProcessParentFileName')),
    pid: pidText(get('InitiatingProcessParentId')),
  });
  return processStart({
    // In CloudProcessEvents FileName is a path.
    name: text(get('ProcessName')) ?? baseName(text(get('FileName'))),
    executable: pathOf(get('FolderPath'), get('FileName')),
    commandLine: text(get('ProcessCommandLine')),
    pid,
    entityId: text(get('ProcessUniqueId')),
    os: platform(record),
    time: isoTime(get('ProcessCreationTime')) ?? time(record),
    workingDirectory: text(get('ProcessCurrentWorkingDirectory')),
    originalFileName: text(get('ProcessVersionInfoOriginalFileName')),
    hashes: hashesOf(get('MD5'), get('SHA1'), get('SHA256')),
    user: userOf(get('AccountName'), get('AccountSid'), get('AccountDomain')),
    host: hostOf(
      get('DeviceName') ?? get('AzureResourceId') ?? get('AwsResourceName') ?? get('GcpFullResourceName'),
      get('DeviceId'),
    ),
    container: containerOf(get('ContainerId'), get('ContainerName'), get('ContainerImageName')),
    orchestrator: orchestratorOf(undefined, get('KubernetesNamespace'), get('KubernetesPodName')),
    parent: image({
      name: text(get('InitiatingProcessFileName')) ?? text(get('ParentProcessName')),
      executable: pathOf(get('InitiatingProcessFolderPath'), get('InitiatingProcessFileName')),
      commandLine: text(get('InitiatingProcessCommandLine')),
      // On Linux and macOS the initiating process is the same process before its exec: right for the name, no parent pid.
      pid: parentPid === pid ? undefined : parentPid,
      entityId: text(get('InitiatingProcessUniqueId')),
    }),
    ancestors: grandparent === undefined ? undefined : [grandparent],
  });
}

function time(record: JsonObject): string | undefined {
  const of = row(record);
  return (
    isoTime(own(of, 'Timestamp')) ??
    isoTime(own(of, 'TimeGenerated')) ??
    isoTime(own(record, 'time')) ??
    isoTime(own(record, 'alertCreationTime'))
  );
}

const inRow = (...columns: readonly string[]): readonly string[] =>
  columns.flatMap((column) => [`properties.${column}`, column]);

const PATHS: StartPaths = {
  name: inRow('ProcessName', 'FileName'),
  executableParts: inRow('FolderPath', 'FileName'),
  commandLine: inRow('ProcessCommandLine'),
  originalFileName: inRow('ProcessVersionInfoOriginalFileName'),
  workingDirectory: inRow('ProcessCurrentWorkingDirectory'),
  hashes: inRow('MD5', 'SHA1', 'SHA256'),
  user: inRow('AccountName'),
  domain: inRow('AccountDomain'),
  host: inRow('DeviceName', 'AzureResourceId', 'AwsResourceName', 'GcpFullResourceName'),
  parentName: inRow('InitiatingProcessFileName', 'ParentProcessName'),
  parentExecutableParts: inRow('InitiatingProcessFolderPath', 'InitiatingProcessFileName'),
  parentCommandLine: inRow('InitiatingProcessCommandLine'),
};

export const defender = defineShape({
  name: 'defender',
  title: 'Microsoft Defender XDR: streaming API (Event Hub, storage) and advanced hunting rows',
  recognise(record) {
    if (ownString(record, 'category')?.startsWith(TABLE_PREFIX) === true) return true;
    // The alerts API.
    if (Object.hasOwn(record, 'alertCreationTime') && Object.hasOwn(record, 'machineId')) return true;
    if (ownString(record, 'ActionType') === undefined) return false;
    return [
      'DeviceId',
      'DeviceName',
      'ReportId',
      'AccountObjectId',
      'InitiatingProcessFileName',
      'TimeGenerated',
      'Timestamp',
    ].some((key) => Object.hasOwn(record, key));
  },
  logSource(record) {
    return logSourceOf(
      platform(record),
      isStart(record) ? 'process_creation' : (CATEGORIES.get(table(record) ?? '') ?? OTHER_CATEGORY),
      'defender',
    );
  },
  processStart: start,
  isProcessStart: isStart,
  time,
  fields: {
    'event.action': inRow('ActionType'),
    IntegrityLevel: inRow('ProcessIntegrityLevel'),
    Company: inRow('ProcessVersionInfoCompanyName'),
    Description: inRow('ProcessVersionInfoFileDescription'),
    Product: inRow('ProcessVersionInfoProductName'),
    FileVersion: inRow('ProcessVersionInfoProductVersion'),
    ProcessId: inRow('ProcessId'),
    TargetFilename: (record) => (isStart(record) ? undefined : fieldValue(own(row(record), 'FolderPath'))),
    ParentUser: inRow('InitiatingProcessAccountName'),
  },
  startPaths: [PATHS],
  placesOf(name, what) {
    return what === 'entry' && name === 'TargetFilename' ? { kind: 'texts', paths: inRow('FolderPath') } : undefined;
  },
  vendorRoots: ['properties', ''],
});
