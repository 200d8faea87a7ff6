import type { JsonObject } from '../event/json.ts';
import type { ProcessStart } from '../event/process-start.ts';
import { hashesOf, hostOf, image, processStart, userOfAccount } from './build-start.ts';
import { defineShape } from './define-shape.ts';
import { operatingSystem } from './image-path.ts';
import { OTHER_CATEGORY, logSourceOf } from './log-sources.ts';
import type { StartPaths } from './start-places.ts';
import { isoTime } from './time.ts';
import { own, ownString, pidText, text } from './values.ts';

const TYPE_PREFIX = 'endpoint.event.';

const CATEGORIES: ReadonlyMap<string, string> = new Map([
  ['procstart', 'process_creation'],
  ['procend', 'process_termination'],
  ['netconn', 'network_connection'],
  ['filemod', 'file_event'],
  ['regmod', 'registry_event'],
  ['moduleload', 'image_load'],
  ['crossproc', 'process_access'],
]);

function kind(record: JsonObject): string | undefined {
  const type = ownString(record, 'type');
  return type?.startsWith(TYPE_PREFIX) === true ? type.slice(TYPE_PREFIX.length) : undefined;
}

function isStart(record: JsonObject): boolean {
  return kind(record) === 'procstart';
}

function start(record: JsonObject): ProcessStart | undefined {
  if (!isStart(record)) return undefined;
  const get = (key: string): string | undefined => text(own(record, key));
  // The new process is childproc_*; process_* is its parent and parent_* the grandparent.
  const grandparent = image({
    executable: get('parent_path'),
    commandLine: get('parent_cmdline'),
    pid: pidText(own(record, 'parent_pid')),
    entityId: get('parent_guid'),
  });
  return processStart({
    executable: get('childproc_name'),
    commandLine: get('target_cmdline') ?? get('childproc_cmdline'),
    pid: pidText(own(record, 'childproc_pid')),
    entityId: get('childproc_guid'),
    os: operatingSystem(get('device_os')),
    time: time(record),
    hashes: hashesOf(own(record, 'childproc_hash')),
    user: userOfAccount(own(record, 'childproc_username')),
    host: hostOf(own(record, 'device_name'), own(record, 'device_id')),
    parent: image({
      executable: get('process_path'),
      commandLine: get('process_cmdline'),
      pid: pidText(own(record, 'process_pid')),
      entityId: get('process_guid'),
    }),
    ancestors: grandparent === undefined ? undefined : [grandparent],
  });
}

function time(record: JsonObject): string | undefined {
  return (
    isoTime(own(record, 'device_timestamp')) ??
    isoTime(own(record, 'create_time')) ??
    isoTime(own(record, 'backend_timestamp'))
  );
}

const PATHS: readonly StartPaths[] = [
  {
    executable: ['childproc_name'],
    commandLine: ['target_cmdline', 'childproc_cmdline'],
    hashes: ['childproc_hash'],
    user: ['childproc_username'],
    host: ['device_name'],
    parentExecutable: ['process_path'],
    parentCommandLine: ['process_cmdline'],
  },
];

export const carbonBlackCloud = defineShape({
  name: 'carbon-black-cloud',
  title: 'Carbon Black Cloud data forwarder (raw)',
  recognise: (record) =>
    kind(record) !== undefined ||
    (Object.hasOwn(record, 'process_guid') && Object.hasOwn(record, 'device_os')) ||
    (Object.hasOwn(record, 'org_key') && Object.hasOwn(record, 'device_id')),
  logSource: (record) =>
    logSourceOf(
      operatingSystem(text(own(record, 'device_os'))),
      CATEGORIES.get(kind(record) ?? '') ?? OTHER_CATEGORY,
      'carbon-black',
    ),
  processStart: start,
  isProcessStart: isStart,
  startPaths: PATHS,
  time,
  fields: { 'event.action': 'action', ParentUser: 'process_username' },
});
