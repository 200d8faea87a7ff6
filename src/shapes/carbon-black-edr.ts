import type { JsonObject } from '../event/json.ts';
import type { ProcessStart } from '../event/process-start.ts';
import { hashesOf, hostOf, image, processStart, userOfAccount } from './build-start.ts';
import { defineShape } from './define-shape.ts';
import { operatingSystem, operatingSystemOfValue } from './image-path.ts';
import { OTHER_CATEGORY, logSourceOf } from './log-sources.ts';
import { lineageByEntity } from './parent-lineage.ts';
import type { StartPaths } from './start-places.ts';
import { isoTime } from './time.ts';
import { own, ownString, pidText, text } from './values.ts';

/** Message types of cb-event-forwarder, before the first part that varies. */
const TYPE = /^(?:ingress\.event\.|binaryinfo\.|binarystore\.|watchlist\.|feed\.|alert\.)/;

const CATEGORIES: ReadonlyMap<string, string> = new Map([
  ['ingress.event.procstart', 'process_creation'],
  ['ingress.event.process', 'process_creation'],
  ['ingress.event.procend', 'process_termination'],
  ['ingress.event.netconn', 'network_connection'],
  ['ingress.event.filemod', 'file_event'],
  ['ingress.event.regmod', 'registry_event'],
  ['ingress.event.moduleload', 'image_load'],
  ['ingress.event.remotethread', 'create_remote_thread'],
]);

const typeOf = (record: JsonObject): string => ownString(record, 'type') ?? '';

function platform(record: JsonObject): ProcessStart['os'] {
  return operatingSystem(text(own(record, 'os_type'))) ?? operatingSystemOfValue(record, 'path');
}

function isEdrStart(type: string): boolean {
  return CATEGORIES.get(type) === 'process_creation';
}

/** A process says itself that it starts (`procstart`); its parent's `childproc` tells the same again, without a command line. */
export function edrStart(record: JsonObject, type: string): ProcessStart | undefined {
  if (!isEdrStart(type)) return undefined;
  const get = (key: string): string | undefined => text(own(record, key));
  return processStart({
    name: get('process_name'),
    executable: get('path') ?? get('process_path'),
    commandLine: get('command_line') ?? get('cmdline'),
    pid: pidText(own(record, 'pid')),
    entityId: get('process_guid'),
    os: platform(record),
    time: isoTime(own(record, 'timestamp')),
    hashes: hashesOf(own(record, 'md5'), own(record, 'sha256')),
    user: userOfAccount(own(record, 'username'), own(record, 'uid')),
    host: hostOf(own(record, 'computer_name') ?? own(record, 'hostname'), own(record, 'sensor_id')),
    parent: image({
      executable: get('parent_path'),
      pid: pidText(own(record, 'parent_pid')),
      entityId: get('parent_guid'),
      commandLine: get('parent_cmdline'),
    }),
  });
}

/** Of what `edrStart` makes a start, in a record whose keys stand behind `root`. */
export function edrPaths(root: string): StartPaths {
  const of = (...keys: readonly string[]): readonly string[] => keys.map((key) => root + key);
  return {
    name: of('process_name'),
    executable: of('path', 'process_path'),
    commandLine: of('command_line', 'cmdline'),
    hashes: of('md5', 'sha256'),
    user: of('username'),
    host: of('computer_name', 'hostname'),
    parentExecutable: of('parent_path'),
    parentCommandLine: of('parent_cmdline'),
  };
}

const PATHS: readonly StartPaths[] = [edrPaths('')];

export const carbonBlackEdr = defineShape({
  name: 'carbon-black-edr',
  title: 'Carbon Black EDR (cb-event-forwarder JSON)',
  recognise(record) {
    if (TYPE.test(typeOf(record).slice(0, 40))) return true;
    if (Object.hasOwn(record, 'cb_server')) return true;
    // Watchlist and feed hits of older forwarders have no type.
    if (Array.isArray(own(record, 'docs')))
      return ['watchlist_id', 'feed_name', 'ioc_value', 'server_name', 'ioc_attrs'].some((key) =>
        Object.hasOwn(record, key),
      );
    return (
      Object.hasOwn(record, 'ioc_type') && (Object.hasOwn(record, 'report_id') || Object.hasOwn(record, 'feed_id'))
    );
  },
  logSource: (record) =>
    logSourceOf(platform(record), CATEGORIES.get(typeOf(record)) ?? OTHER_CATEGORY, 'carbon-black'),
  processStart: (record) => edrStart(record, typeOf(record)),
  isProcessStart: (record) => isEdrStart(typeOf(record)),
  startPaths: PATHS,
  time: (record) => isoTime(own(record, 'timestamp')) ?? isoTime(own(record, 'event_timestamp')),
  lineage: lineageByEntity((id) => `"process_guid":"${id}"`, /ingress\.event\.proc/),
});
