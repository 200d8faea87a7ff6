import type { JsonObject } from '../event/json.ts';
import type { ProcessStart } from '../event/process-start.ts';
import { environmentOf, hashesOf, hostOf, image, processStart, userOf } from './build-start.ts';
import { defineShape } from './define-shape.ts';
import { operatingSystem, operatingSystemOfValue } from './image-path.ts';
import { processOrOther } from './log-sources.ts';
import { lineageByPid } from './parent-lineage.ts';
import { at } from './path.ts';
import type { Shape } from './shape.ts';
import { startPlaces } from './start-places.ts';
import type { StartPaths } from './start-places.ts';
import { isoTime } from './time.ts';
import { fieldValue, own, ownObject, ownString, pidText, text, textList } from './values.ts';

/** A pack puts its name before the query's: `pack_incident-response_process_events`. */
const EVENT_TABLE = /(?:^|[^a-z])(?:bpf_|es_)?process_events?$/;

/** Endpoint Security is macOS only. */
const MACOS_TABLE = /(?:^|[^a-z])es_process_events$/;

interface Place {
  /** The results-log row in a record. */
  row(record: JsonObject): JsonObject;
  /** Its path, with a dot behind it. */
  readonly root: string;
  /** As in `ShapeDescription`: the row, its columns, the record. */
  readonly vendorRoots: readonly string[];
  readonly name: string;
  readonly title: string;
  recognise(record: JsonObject): boolean;
}

function columnsOf(row: JsonObject): JsonObject {
  return ownObject(row, 'columns') ?? {};
}

function isStart(row: JsonObject): boolean {
  if (own(row, 'action') !== 'added') return false;
  const query = ownString(row, 'name')?.slice(-200);
  if (query === undefined || !EVENT_TABLE.test(query)) return false;
  const columns = columnsOf(row);
  // macOS: fork and exit are rows of the same table. bpf_process_events has the system call.
  const kind = text(own(columns, 'event_type')) ?? text(own(columns, 'syscall')) ?? 'exec';
  return kind.startsWith('exec');
}

function start(row: JsonObject): ProcessStart | undefined {
  if (!isStart(row)) return undefined;
  const columns = columnsOf(row);
  return processStart({
    executable: text(own(columns, 'path')),
    commandLine: text(own(columns, 'cmdline')),
    args: jsonArguments(own(columns, 'json_cmdline')),
    pid: pidText(own(columns, 'pid')),
    os: platform(row),
    time: isoTime(own(columns, 'time')) ?? time(row),
    workingDirectory: text(own(columns, 'cwd')),
    env: environmentOf(own(columns, 'env')),
    hashes: hashesOf(own(columns, 'md5'), own(columns, 'sha1'), own(columns, 'sha256')),
    user: userOf(own(columns, 'username'), own(columns, 'uid')),
    host: hostOf(
      at(row, 'decorations.hostname') ?? own(row, 'hostIdentifier'),
      at(row, 'decorations.host_uuid') ?? at(row, 'decorations.uuid'),
    ),
    parent: image({
      pid: pidText(own(columns, 'parent')),
      executable: text(own(columns, 'parent_path')),
      commandLine: text(own(columns, 'parent_cmdline')),
    }),
  });
}

/** A list in which letters or digits are escapes is none that osquery has written. */
function jsonArguments(value: unknown): readonly string[] | undefined {
  if (typeof value !== 'string' || value.length > 1_000_000 || !value.startsWith('[')) return undefined;
  if (/\\u00(?:3\d|[46][1-9a-f]|[57][\da])/i.test(value)) return undefined;
  try {
    return textList(JSON.parse(value));
  } catch {
    return undefined;
  }
}

function platform(row: JsonObject): ProcessStart['os'] {
  const named = operatingSystem(text(at(row, 'decorations.platform')) ?? text(at(row, 'decorations.os')));
  if (named !== undefined) return named;
  if (MACOS_TABLE.test(ownString(row, 'name')?.slice(-200) ?? '')) return 'macos';
  return operatingSystemOfValue(columnsOf(row), 'path');
}

function time(row: JsonObject): string | undefined {
  return isoTime(own(row, 'unixTime')) ?? isoTime(own(row, 'calendarTime')) ?? isoTime(own(row, 'unix_time'));
}

/** Of what `start` makes a start, in a record whose row's keys stand behind `root`. */
function rowPaths(root: string): StartPaths {
  const of = (...columns: readonly string[]): readonly string[] => columns.map((column) => `${root}columns.${column}`);
  return {
    executable: of('path'),
    commandLine: of('cmdline'),
    // A list written as JSON.
    commandLineParts: of('json_cmdline'),
    workingDirectory: of('cwd'),
    parentExecutable: of('parent_path'),
    parentCommandLine: of('parent_cmdline'),
    user: of('username'),
    host: [`${root}decorations.hostname`, `${root}hostIdentifier`],
    hashes: of('md5', 'sha1', 'sha256'),
  };
}

function osqueryShape(place: Place): Shape {
  const places = startPlaces(rowPaths(place.root));
  return defineShape({
    name: place.name,
    title: place.title,
    recognise: (record) => place.recognise(record),
    logSource: (record) => processOrOther(platform(place.row(record)), isStart(place.row(record)), 'osquery'),
    processStart: (record) => start(place.row(record)),
    isProcessStart: (record) => isStart(place.row(record)),
    time: (record) => time(place.row(record)) ?? isoTime(own(record, '@timestamp')),
    fields: {
      'event.action': (record) =>
        isStart(place.row(record)) ? ['exec', 'added'] : fieldValue(own(place.row(record), 'action')),
    },
    vendorRoots: place.vendorRoots,
    // Nowhere does an argument stand whole.
    placesOf: (name, what) => (what === 'start' && name !== 'process.args' ? places.get(name) : undefined),
    // Columns are strings, in numbers too.
    lineage: lineageByPid((pid) => `"pid":"${pid}"`, /process_event/),
  });
}

export const osquery = osqueryShape({
  name: 'osquery',
  title: 'osquery results log (differential rows)',
  row: (record) => record,
  root: '',
  vendorRoots: ['', 'columns'],
  recognise: (record) =>
    ownString(record, 'name') !== undefined &&
    (ownObject(record, 'columns') !== undefined ||
      Array.isArray(own(record, 'snapshot')) ||
      ownObject(record, 'diffResults') !== undefined),
});

export const osqueryEcs = osqueryShape({
  name: 'osquery-ecs',
  title: 'osquery results in ECS (Elastic integration)',
  row: (record) => ownObject(ownObject(record, 'osquery') ?? {}, 'result') ?? {},
  root: 'osquery.result.',
  vendorRoots: ['osquery.result', 'osquery.result.columns', ''],
  recognise: (record) => ownObject(record, 'osquery') !== undefined,
});
