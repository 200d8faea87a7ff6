import type { FieldPlaces } from '../event/field-places.ts';
import type { Json, JsonObject } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import { at } from './path.ts';
import { isArray, isScalar, own, ownObject } from './values.ts';

/** Where one way of writing a Windows event as JSON has the values of its header, and of the event itself. */
export interface EncodingPlaces {
  readonly system: (name: string) => readonly string[];
  readonly data: (name: string) => readonly string[];
  /** The object that holds the event's own values, first of all, by their names; absent: there are several ways. */
  readonly object?: string;
  /** Where `Hashes` of a process start stands beside its own name; `undefined`: it is made of several values. */
  readonly hashes: FieldPlaces | undefined;
}

/** As `windowsEvent` and `sysmon` read `{"Event":{"System":…,"EventData":…}}` and flat records. */
export const plainPlaces: EncodingPlaces = {
  system(name) {
    const element = `Event.System.${name}`;
    if (name !== 'Provider') return [...flatSystem(name), element, `${element}.#text`];
    return [...flatSystem(name), element, `${element}.#attributes.Name`, `${element}.@Name`, `${element}.Name`];
  },
  data: (name) => [name, `Event.EventData.${name}`, 'Event.EventData.Data.#text'],
  hashes: { kind: 'absent' },
};

function flatSystem(name: string): readonly string[] {
  if (name === 'Provider') return ['SourceName', 'ProviderName', 'Provider_Name'];
  return name === 'Computer' ? ['Computer', 'Hostname', 'host'] : [name];
}

/** Headers whose element may hold more than a text. */
const HEADERS = ['EventID', 'Channel', 'Computer', 'Level', 'Task', 'Keywords', 'EventRecordID'];
/** Values of one event that are looked at; there are a few dozen. */
const MOST_VALUES = 300;
const HASHES = ['process.hash.md5', 'process.hash.sha1', 'process.hash.sha256'];

/**
 * Does the record hold its values where `plainPlaces` says, and nowhere else? What Windows rarely writes (`UserData`, blanks in
 * names, elements in elements) is found by reading alone.
 */
export function isPlainlyPlaced(record: JsonObject): boolean {
  // Of these, hashes in the form of Sysmon are made.
  if (HASHES.some((path) => at(record, path) !== undefined)) return false;
  const event = ownObject(record, 'Event');
  if (event === undefined) return true;
  const system = ownObject(event, 'System');
  if (system !== undefined && !HEADERS.every((name) => hasText(own(system, name)))) return false;
  if (own(event, 'UserData') !== undefined) return false;
  const data = own(event, 'EventData');
  if (!isObject(data)) return true;
  let seen = 0;
  for (const key in data) {
    if (++seen > MOST_VALUES || key.includes(' ')) return false;
    const value = data[key];
    if (isScalar(value) || key === '#attributes') continue;
    if (!isArray(value) || value.length > MOST_VALUES) return false;
    if (!value.every((item) => isScalar(item) || (key === 'Data' && hasText(item)))) return false;
  }
  return true;
}

/** A scalar, or an element whose content is its `#text`, or nothing. */
function hasText(element: Json | undefined): boolean {
  if (!isObject(element)) return element === undefined || isScalar(element);
  const content = own(element, '#text');
  return content === undefined
    ? own(element, '$') === undefined && own(element, 'Value') === undefined
    : isScalar(content);
}

/** The fields of a process start that are copied from the event's own values as they are, and from which. */
const COPIED: ReadonlyMap<string, readonly string[]> = new Map(
  [
    { names: ['Image', 'process.executable'], from: ['Image', 'NewProcessName'] },
    { names: ['CommandLine', 'process.command_line'], from: ['CommandLine', 'ProcessCommandLine'] },
    { names: ['OriginalFileName', 'process.pe.original_file_name'], from: ['OriginalFileName'] },
    { names: ['CurrentDirectory', 'process.working_directory'], from: ['CurrentDirectory'] },
    { names: ['ParentImage', 'process.parent.executable'], from: ['ParentImage', 'ParentProcessName'] },
    { names: ['ParentCommandLine', 'process.parent.command_line'], from: ['ParentCommandLine'] },
  ].flatMap(({ names, from }) => names.map((name) => [name, from] as const)),
);

/** Those of which they are parts, or that are made of several. */
const IN_PARTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['process.name', ['Image', 'NewProcessName']],
  ['process.parent.name', ['ParentImage', 'ParentProcessName']],
  ['User', ['User', 'TargetUserName', 'TargetDomainName', 'SubjectUserName', 'SubjectDomainName']],
  ['user.name', ['User', 'TargetUserName', 'SubjectUserName']],
]);
/** Whose domain may stand elsewhere. */
const DOMAIN = 'user.domain';

/** Where the fields that follow from a process start stand; `undefined`: not said here. */
export function startPlaces(name: string, { data, hashes }: EncodingPlaces): FieldPlaces | undefined {
  if (name === 'Hashes') return hashes;
  const copied = COPIED.get(name);
  if (copied !== undefined) return { kind: 'texts', paths: copied.flatMap(data) };
  const parts = IN_PARTS.get(name);
  return parts && { kind: 'words', paths: [...parts.flatMap(data), ...(name === 'User' ? [DOMAIN] : [])] };
}
