import type { FieldPlaces } from '../event/field-places.ts';
import type { FieldValue, Json, JsonObject } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import type { ProcessStart } from '../event/process-start.ts';
import { hashesOf, hashesOfList, hostOf, image, processStart, userOf, userOfAccount } from './build-start.ts';
import type { Place } from './define-shape.ts';
import { defineShape, pathField } from './define-shape.ts';
import { operatingSystemOfPath } from './image-path.ts';
import { integrityLevel } from './integrity-level.ts';
import { at } from './path.ts';
import type { Shape } from './shape.ts';
import { isoTime } from './time.ts';
import { fieldValue, isArray, isScalar, own, ownObject, pidText, PLACEHOLDERS, text } from './values.ts';
import type { WindowsEventId } from './windows-channels.ts';
import { isLinuxSysmon, isSysmon, windowsLogSource } from './windows-channels.ts';
import { BLANK, isPlainlyPlaced, MOVED_HASHES, plainPlaces, startPlaces } from './windows-places.ts';
import type { EncodingPlaces } from './windows-places.ts';

/** Values of one event; Windows' own have at most a few dozen. */
const MOST_DATA = 300;

/** One way of writing a Windows event as JSON. */
interface Encoding {
  is(record: JsonObject): boolean;
  /** Of the event's header: `EventID`, `Channel`, `Computer`, `Provider`, `TimeCreated`. */
  system(record: JsonObject, name: string): Json | undefined;
  /** Of the event's own values: `Image`, `CommandLine`, … */
  data(record: JsonObject, name: string): Json | undefined;
}

const eventOf = (record: JsonObject): JsonObject => ownObject(record, 'Event') ?? {};
const systemOf = (record: JsonObject): JsonObject => ownObject(eventOf(record), 'System') ?? {};

/** An attribute, as converters of XML write it: `#attributes.Name`, `@Name` or `Name`. */
function attribute(element: Json | undefined, name: string): Json | undefined {
  if (!isObject(element)) return element;
  return own(ownObject(element, '#attributes') ?? {}, name) ?? own(element, `@${name}`) ?? own(element, name);
}

function content(element: Json | undefined): Json | undefined {
  return isObject(element) ? (own(element, '#text') ?? own(element, '$') ?? own(element, 'Value')) : element;
}

/** `{"Event":{"System":…,"EventData":…}}`: EVTX converters, KQL `parse_xml`, and our own reader of Sysmon's XML. */
const fromXml: Encoding = {
  is: (record) => ownObject(eventOf(record), 'System') !== undefined,
  system(record, name) {
    const element = own(systemOf(record), name);
    if (name === 'Provider') return attribute(element, 'Name');
    if (name === 'TimeCreated') return attribute(element, 'SystemTime');
    return content(element);
  },
  data(record, name) {
    const holder = own(eventOf(record), 'EventData') ?? own(eventOf(record), 'UserData');
    if (!isObject(holder)) return undefined;
    const direct = own(holder, name) ?? unspaced(holder, name) ?? own(payload(record), name);
    if (direct !== undefined) return content(direct);
    const list = own(holder, 'Data');
    if (!isArray(list)) return undefined;
    for (let i = 0; i < list.length && i < MOST_DATA; i++) {
      const item = list[i];
      if (isObject(item) && attribute(item, 'Name') === name) return content(item);
    }
    return undefined;
  },
};

/** Defender's fields have blanks in their names, and Sigma writes them without. */
function unspaced(holder: JsonObject, name: string): Json | undefined {
  if (!Object.hasOwn(holder, BLANK)) return undefined;
  for (const key in holder) if (key.includes(' ') && key.replaceAll(' ', '') === name) return own(holder, key);
  return undefined;
}

/** `UserData` holds one element with a name of its own, and the values in it. */
function payload(record: JsonObject): JsonObject {
  const holder = ownObject(eventOf(record), 'UserData') ?? {};
  for (const key in holder) {
    const inner = key.startsWith('#') ? undefined : own(holder, key);
    if (isObject(inner)) return inner;
  }
  return {};
}

/** Winlogbeat, Elastic Agent: `winlog.*`, and what of it the ECS pipeline moved to `process.*` and so on. */
const fromWinlog: Encoding = {
  is: (record) => ownObject(record, 'winlog') !== undefined,
  system(record, name) {
    switch (name) {
      case 'EventID':
        return at(record, 'winlog.event_id') ?? at(record, 'event.code');
      case 'Channel':
        return at(record, 'winlog.channel');
      case 'Provider':
        return (
          at(record, 'winlog.provider_name') ??
          at(record, 'winlog.event_data.provider_name') ??
          at(record, 'event.provider')
        );
      case 'Computer':
        return at(record, 'winlog.computer_name') ?? at(record, 'host.name');
      case 'TimeCreated':
        return own(record, '@timestamp') ?? at(record, 'winlog.time_created') ?? at(record, 'event.created');
      case 'EventRecordID':
        return at(record, 'winlog.record_id');
      default:
        return at(record, `winlog.${name.toLowerCase()}`);
    }
  },
  data(record, name) {
    const data = at(record, 'winlog.event_data');
    const found = isObject(data) ? own(data, name) : undefined;
    const moved = ECS_NAMES.get(name);
    return found ?? (moved === undefined ? undefined : at(record, moved));
  },
};

const ECS_NAMES: ReadonlyMap<string, string> = new Map([
  ['Image', 'process.executable'],
  ['CommandLine', 'process.command_line'],
  ['ProcessId', 'process.pid'],
  ['ProcessGuid', 'process.entity_id'],
  ['CurrentDirectory', 'process.working_directory'],
  ['OriginalFileName', 'process.pe.original_file_name'],
  ['Company', 'process.pe.company'],
  ['Description', 'process.pe.description'],
  ['Product', 'process.pe.product'],
  ['FileVersion', 'process.pe.file_version'],
  ['ParentImage', 'process.parent.executable'],
  ['ParentCommandLine', 'process.parent.command_line'],
  ['ParentProcessId', 'process.parent.pid'],
  ['ParentProcessGuid', 'process.parent.entity_id'],
  ['User', 'user.name'],
  ['NewProcessName', 'process.executable'],
  ['NewProcessId', 'process.pid'],
  ['ParentProcessName', 'process.parent.executable'],
]);

/** The object that an event's own values stand in, before all else. */
const WINLOG_DATA = 'winlog.event_data';

/** As `fromWinlog` reads them. */
const winlogPlaces: EncodingPlaces = {
  system(name) {
    switch (name) {
      case 'EventID':
        return ['winlog.event_id', 'event.code', name];
      case 'Channel':
        return ['winlog.channel', name];
      case 'Provider':
        return ['winlog.provider_name', 'winlog.event_data.provider_name', 'event.provider'];
      case 'Computer':
        return ['winlog.computer_name', 'host.name'];
      case 'EventRecordID':
        return ['winlog.record_id'];
      default:
        return [`winlog.${name.toLowerCase()}`];
    }
  },
  data(name) {
    const moved = ECS_NAMES.get(name);
    return [`${WINLOG_DATA}.${name}`, ...(moved === undefined ? [] : [moved]), name];
  },
  object: WINLOG_DATA,
  hashes: { kind: 'words', paths: ['Hashes', `${WINLOG_DATA}.Hashes`, ...MOVED_HASHES] },
};

/** All in one object: NXLog, Logstash, exports of the Security-Datasets project. */
const flat: Encoding = {
  is: (record) =>
    own(record, 'EventID') !== undefined &&
    ['Channel', 'SourceName', 'ProviderName', 'Provider_Name', 'ProviderGuid'].some((key) =>
      Object.hasOwn(record, key),
    ),
  system(record, name) {
    switch (name) {
      case 'Provider':
        return own(record, 'SourceName') ?? own(record, 'ProviderName') ?? own(record, 'Provider_Name');
      case 'Computer':
        return own(record, 'Computer') ?? own(record, 'Hostname') ?? own(record, 'host');
      case 'TimeCreated':
        return (
          own(record, '@timestamp') ?? own(record, 'TimeCreated') ?? own(record, 'EventTime') ?? own(record, 'UtcTime')
        );
      default:
        return own(record, name);
    }
  },
  data: own,
};

/** Fields of the header, by Sigma's names and those of ECS. */
const HEADER_FIELDS: ReadonlyMap<string, string> = new Map([
  ['EventID', 'EventID'],
  ['Channel', 'Channel'],
  ['Computer', 'Computer'],
  ['Provider_Name', 'Provider'],
  ['Level', 'Level'],
  ['Task', 'Task'],
  ['Keywords', 'Keywords'],
  ['EventRecordID', 'EventRecordID'],
  ['event.code', 'EventID'],
  ['event.provider', 'Provider'],
  ['winlog.channel', 'Channel'],
]);

interface WindowsShape {
  readonly name: string;
  readonly title: string;
  readonly encodings: readonly Encoding[];
  readonly places: EncodingPlaces;
  readonly isPlaced?: (record: JsonObject) => boolean;
  readonly sysmonOnly: boolean;
}

function windowsShape({ name, title, encodings, places, isPlaced, sysmonOnly }: WindowsShape): Shape {
  const encodingOf = (record: JsonObject): Encoding => encodings.find((one) => one.is(record)) ?? flat;
  const idOf = (record: JsonObject): WindowsEventId => {
    const encoding = encodingOf(record);
    return {
      provider: text(encoding.system(record, 'Provider')),
      channel: text(encoding.system(record, 'Channel')),
      id: text(encoding.system(record, 'EventID')),
      eventType: text(encoding.data(record, 'EventType')),
    };
  };
  const isOfStart = (id: WindowsEventId): boolean => windowsLogSource(id).category === 'process_creation';
  const isStart = (record: JsonObject): boolean => isOfStart(idOf(record));
  const start = (record: JsonObject): ProcessStart | undefined => {
    const id = idOf(record);
    if (!isOfStart(id)) return undefined;
    const encoding = encodingOf(record);
    return isSysmon(id) ? sysmonStart(record, encoding, isLinuxSysmon(id)) : securityStart(record, encoding);
  };
  const system =
    (key: string): Place =>
    (record) =>
      fieldValue(encodingOf(record).system(record, key));
  return defineShape({
    name,
    title,
    recognise: (record) => encodings.some((one) => one.is(record)) && (!sysmonOnly || isSysmon(idOf(record))),
    logSource: (record) => windowsLogSource(idOf(record)),
    processStart: start,
    isProcessStart: isStart,
    time: (record) =>
      isoTime(encodingOf(record).system(record, 'TimeCreated')) ?? isoTime(encodingOf(record).data(record, 'UtcTime')),
    fields: {
      ...Object.fromEntries([...HEADER_FIELDS].map(([field, header]) => [field, system(header)])),
      IntegrityLevel: (record) =>
        integrityLevel(
          text(encodingOf(record).data(record, 'IntegrityLevel')) ??
            text(encodingOf(record).data(record, 'MandatoryLabel')),
        ),
      LogonId: (record) =>
        presentIn(
          encodingOf(record).data(record, 'LogonId') ?? encodingOf(record).data(record, 'SubjectLogonId'),
          true,
        ),
    },
    vendorField(field) {
      const inRecord = pathField(field);
      const bare = !field.includes('.');
      return (record) => {
        if (bare) {
          const value = encodingOf(record).data(record, field);
          if (value !== undefined) return presentIn(value, isStart(record));
        }
        return inRecord(record);
      };
    },
    // The event's own values stand under Sigma's names already.
    documentFirst: true,
    placesOf(field, what) {
      if (what === 'start') return startPlaces(field, places);
      if (what === 'entry') return entryPlaces(field, places);
      if (field.includes('.')) return { kind: 'texts', paths: [field] };
      // What stands there may be a list of elements.
      if (field === 'Data') return undefined;
      const [, ...others] = places.data(field);
      return { kind: 'member', object: places.object, key: field, others, nothing: PLACEHOLDERS };
    },
    ...(isPlaced === undefined ? {} : { isPlaced }),
  });
}

/** `IntegrityLevel` is written otherwise. */
function entryPlaces(field: string, places: EncodingPlaces): FieldPlaces | undefined {
  const header = HEADER_FIELDS.get(field);
  if (header !== undefined) return { kind: 'texts', paths: places.system(header) };
  if (field !== 'LogonId') return undefined;
  return { kind: 'texts', paths: [...places.data('LogonId'), ...places.data('SubjectLogonId')] };
}

/** `-` stands for nothing in a process start; elsewhere rules ask for it (`IpAddress: '-'`). */
function presentIn(value: Json | undefined, isStart: boolean): FieldValue {
  return isStart || !isScalar(value) ? fieldValue(value) : value;
}

function sysmonStart(record: JsonObject, encoding: Encoding, isLinux: boolean): ProcessStart {
  const get = (name: string): Json | undefined => encoding.data(record, name);
  const domain = at(record, 'user.domain');
  const account = text(get('User'));
  return processStart({
    executable: text(get('Image')),
    commandLine: text(get('CommandLine')),
    pid: pidText(get('ProcessId')),
    entityId: guid(get('ProcessGuid')),
    os: isLinux ? 'linux' : (operatingSystemOfPath(text(get('Image'))) ?? 'windows'),
    time: isoTime(get('UtcTime')) ?? isoTime(encoding.system(record, 'TimeCreated')),
    workingDirectory: text(get('CurrentDirectory')),
    originalFileName: text(get('OriginalFileName')),
    hashes:
      hashesOfList(get('Hashes')) ??
      hashesOf(at(record, 'process.hash.md5'), at(record, 'process.hash.sha1'), at(record, 'process.hash.sha256')),
    user:
      account?.includes('\\') === false && domain !== undefined
        ? userOf(account, undefined, domain)
        : userOfAccount(account),
    host: hostOf(encoding.system(record, 'Computer')),
    parent: image({
      executable: text(get('ParentImage')),
      commandLine: text(get('ParentCommandLine')),
      pid: pidText(get('ParentProcessId')),
      entityId: guid(get('ParentProcessGuid')),
    }),
  });
}

function guid(value: Json | undefined): string | undefined {
  const found = text(value);
  return found === undefined || /^\{?[0-]+\}?$/.test(found.slice(0, 40)) ? undefined : found;
}

/** Security 4688. The account of the new process is Target* where it differs from the one that made it. */
function securityStart(record: JsonObject, encoding: Encoding): ProcessStart {
  const get = (name: string): Json | undefined => encoding.data(record, name);
  const other = text(get('TargetUserName')) === undefined ? 'Subject' : 'Target';
  return processStart({
    executable: text(get('NewProcessName')),
    commandLine: text(get('CommandLine')) ?? text(get('ProcessCommandLine')),
    pid: pidText(get('NewProcessId')),
    os: 'windows',
    time: isoTime(encoding.system(record, 'TimeCreated')),
    user: userOf(
      get(`${other}UserName`),
      get(other === 'Target' ? 'TargetUserSid' : 'SubjectUserSid'),
      get(`${other}DomainName`),
    ),
    host: hostOf(encoding.system(record, 'Computer')),
    parent: image({ executable: text(get('ParentProcessName')), pid: pidText(get('ProcessId')) }),
  });
}

const plain = { encodings: [fromXml, flat], places: plainPlaces, isPlaced: isPlainlyPlaced };
const winlog = { encodings: [fromWinlog], places: winlogPlaces };

export const sysmon = windowsShape({
  name: 'sysmon',
  title: 'Sysmon for Windows and Linux (XML, EVTX as JSON)',
  ...plain,
  sysmonOnly: true,
});
export const windowsEvent = windowsShape({
  name: 'windows-event',
  title: 'Windows event log (EVTX as JSON, NXLog)',
  ...plain,
  sysmonOnly: false,
});
export const sysmonEcs = windowsShape({
  name: 'sysmon-ecs',
  title: 'Sysmon by Winlogbeat or Elastic Agent (winlog.*, ECS)',
  ...winlog,
  sysmonOnly: true,
});
export const windowsEventEcs = windowsShape({
  name: 'windows-event-ecs',
  title: 'Windows event log by Winlogbeat or Elastic Agent (winlog.*, ECS)',
  ...winlog,
  sysmonOnly: false,
});
