import type { JsonObject } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import type { ProcessStart } from '../event/process-start.ts';
import { environmentOf, hostOf, image, processStart, userOf } from './build-start.ts';
import { defineShape } from './define-shape.ts';
import { OTHER_CATEGORY } from './log-sources.ts';
import { at } from './path.ts';
import type { StartPaths } from './start-places.ts';
import { isoTime } from './time.ts';
import { own, ownObject, ownString, pidText, text, textList } from './values.ts';

function isStart(record: JsonObject): boolean {
  return isObject(at(record, 'event.exec'));
}

function start(record: JsonObject): ProcessStart | undefined {
  const exec = at(record, 'event.exec');
  if (!isObject(exec)) return undefined;
  const target = ownObject(exec, 'target') ?? {};
  const pid = pidText(at(target, 'audit_token.pid'));
  return processStart({
    executable: text(at(target, 'executable.path')),
    args: textList(own(exec, 'args')),
    pid,
    entityId: text(at(target, 'audit_token.uuid')),
    os: 'macos',
    time: time(record),
    workingDirectory: text(at(exec, 'cwd.path')),
    user: userOf(undefined, at(target, 'audit_token.euid')),
    host: hostOf(at(record, 'host.hostname'), at(record, 'host.provisioningUDID') ?? at(record, 'host.serial')),
    env: environmentOf(own(exec, 'env')),
    // Endpoint Security tells of the image that called exec: the same process before. Its pid is no parent's.
    parent: image({
      executable: text(at(record, 'process.executable.path')),
      pid: pidText(at(target, 'ppid')),
      entityId: text(at(target, 'parent_audit_token.uuid')),
    }),
  });
}

function time(record: JsonObject): string | undefined {
  return isoTime(own(record, 'time')) ?? isoTime(own(record, 'timestamp'));
}

const PATHS: readonly StartPaths[] = [
  {
    executable: ['event.exec.target.executable.path'],
    commandLineParts: ['event.exec.args'],
    args: ['event.exec.args'],
    workingDirectory: ['event.exec.cwd.path'],
    host: ['host.hostname'],
    parentExecutable: ['process.executable.path'],
  },
];

export const jamf = defineShape({
  name: 'jamf',
  title: 'Jamf Protect telemetry (macOS Endpoint Security)',
  recognise: (record) =>
    ownObject(record, 'event') !== undefined &&
    (typeof own(record, 'event_type') === 'number' || typeof own(record, 'glob_seq_num') === 'number') &&
    (ownString(ownObject(record, 'metadata') ?? {}, 'vendor') === 'Jamf' || ownObject(record, 'process') !== undefined),
  logSource: (record) => ({
    product: 'macos',
    category: isStart(record) ? 'process_creation' : OTHER_CATEGORY,
    service: 'jamf',
  }),
  processStart: start,
  isProcessStart: isStart,
  startPaths: PATHS,
  time,
});
