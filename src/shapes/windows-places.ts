import type { FieldPlaces } from '../event/field-places.ts';
import type { JsonObject } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import { own, ownObject } from './values.ts';

/** Where one way of writing a Windows event as JSON has the values of its header, and of the event itself. */
export interface EncodingPlaces {
  readonly system: (name: string) => readonly string[];
  /** The first is that in `object`. */
  readonly data: (name: string) => readonly string[];
  /** The object that holds the event's own values by their names, before all else. */
  readonly object: string;
  /** Where `Hashes` of a process start stands. */
  readonly hashes: FieldPlaces;
}

/** What elements hold, as converters of XML write it. */
const CONTENTS = ['#text', '$', 'Value'];
const elementPaths = (path: string): readonly string[] => [path, ...CONTENTS.map((content) => `${path}.${content}`)];

/** Of these, hashes in the form of Sysmon are made. */
export const MOVED_HASHES = ['process.hash.md5', 'process.hash.sha1', 'process.hash.sha256'];

const EVENT_DATA = 'Event.EventData';

/** As `windowsEvent` and `sysmon` read `{"Event":{"System":…,"EventData":…}}` and flat records. */
export const plainPlaces: EncodingPlaces = {
  system(name) {
    const element = `Event.System.${name}`;
    const paths = [...flatSystem(name), ...elementPaths(element)];
    return name === 'Provider'
      ? [...paths, `${element}.#attributes.Name`, `${element}.@Name`, `${element}.Name`]
      : paths;
  },
  data: (name) => [...elementPaths(`${EVENT_DATA}.${name}`), ...elementPaths(`${EVENT_DATA}.Data`).slice(1), name],
  object: EVENT_DATA,
  hashes: { kind: 'words', paths: ['Hashes', `${EVENT_DATA}.Hashes`, ...MOVED_HASHES] },
};

function flatSystem(name: string): readonly string[] {
  if (name === 'Provider') return ['SourceName', 'ProviderName', 'Provider_Name'];
  return name === 'Computer' ? ['Computer', 'Hostname', 'host'] : [name];
}

/**
 * Does the record hold its values where `plainPlaces` says, and nowhere else? What Windows rarely writes (`UserData`, blanks in
 * names) is found by reading alone. Asks what is there, not which values.
 */
export function isPlainlyPlaced(record: JsonObject): boolean {
  const event = ownObject(record, 'Event');
  if (event === undefined) return !Object.hasOwn(record, 'Event');
  if (ownObject(event, 'System') === undefined || Object.hasOwn(event, 'UserData')) return false;
  const data = own(event, 'EventData');
  return !isObject(data) || !Object.hasOwn(data, BLANK);
}

/** Where there is this name, blanks in others are passed over. */
export const BLANK = 'Product Name';

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
