import type { FieldPlaces } from '../event/field-places.ts';
import { pathsOf } from '../event/field-places.ts';
import type { FieldValue, Json, JsonObject } from '../event/json.ts';
import type { ProcessCommand, ProcessStart } from '../event/process-start.ts';
import { pathReader } from './path.ts';
import { rememberLast } from './remember-last.ts';
import type { FieldReader, Lineage, Shape } from './shape.ts';
import type { LogSource } from '../event/log-source.ts';
import { startFields } from './start-fields.ts';
import { startPlaces } from './start-places.ts';
import type { StartPaths } from './start-places.ts';
import { fieldValue } from './values.ts';

/** Where a field lives: a dotted path, several of which the first present counts, or a function. */
export type Place = string | readonly string[] | FieldReader;

/** What a vendor's file says of its format; `defineShape` adds what every shape has in common. */
export interface ShapeDescription {
  readonly name: string;
  readonly title: string;
  recognise(record: JsonObject): boolean;
  logSource(record: JsonObject): LogSource;
  processStart(record: JsonObject): ProcessStart | undefined;
  /** As in `Shape`. */
  command?(record: JsonObject): ProcessCommand | undefined;
  time(record: JsonObject): string | undefined;
  /** As in `Shape`. */
  readonly timeKeys?: readonly string[];
  /** Fields under another name than the vendor's, beyond those that follow from the process start. */
  readonly fields?: Readonly<Record<string, Place>>;
  /** Where a field stands by the vendor's own name: below these objects, the first that has it; '' is the record itself. By default that alone. */
  readonly vendorRoots?: readonly string[];
  /** Reads a field by the vendor's own name, where that is not so simple. */
  vendorField?(name: string): FieldReader | undefined;
  /** As in `Shape`. */
  readonly notKeywords?: readonly string[];
  isProcessStart?(record: JsonObject): boolean;
  /** Paths from which the parts of a start are taken, in any of these. */
  readonly startPaths?: readonly StartPaths[];
  /** Where the values of `fields` that are functions, of vendor fields, and of fields that follow from the start, stand, where `vendorRoots` and `startPaths` do not say. */
  placesOf?(name: string, what: 'entry' | 'vendor' | 'start'): FieldPlaces | undefined;
  /** As in `Shape`. */
  isPlaced?(record: JsonObject): boolean;
  /** As in `Shape`. */
  readonly isCopied?: boolean;
  /** Names under which fields that are derived from a record stand in what `placed` gives. Where others stand is not known. Absent: each under its own. */
  readonly derivedNames?: ReadonlyMap<string, string>;
  /** The values that vendor fields have, where `placesOf` says; without it, the record itself. `undefined`: too many. */
  gathered?(record: JsonObject): JsonObject | undefined;
  /** ECS documents: what the document itself says under a name goes before what follows from the process start. */
  readonly documentFirst?: boolean;
  readonly lineage?: Lineage;
}

/**
 * A shape. A field is looked for, in this order, among the shape's own entries, among those that follow from the
 * process start (`Image`, `process.parent.name`, …) and under the vendor's own name.
 */
export function defineShape(said: ShapeDescription): Shape {
  const description = withStartPlaces(said);
  const processStart = rememberLast((record) => description.processStart(record));
  const entries = new Map(Object.entries(description.fields ?? {}).map(([name, place]) => [name, reader(place)]));
  const time = (record: JsonObject): string | undefined => description.time(record);
  const field = (name: string): FieldReader | undefined => fieldOf(description, entries, processStart, name);
  return {
    name: description.name,
    title: description.title,
    recognise: (record) => description.recognise(record),
    logSource: (record) => description.logSource(record),
    processStart,
    time,
    field,
    ...(description.notKeywords === undefined ? {} : { notKeywords: description.notKeywords }),
    ...(description.timeKeys === undefined ? {} : { timeKeys: description.timeKeys }),
    places: (name) => placesOf(description, name),
    ...(description.isCopied === undefined ? {} : { isCopied: description.isCopied }),
    ...(isReadInFull(description) ? { placed: withDerived(description, field) } : {}),
    ...(description.isPlaced === undefined
      ? {}
      : { isPlaced: (record: JsonObject) => description.isPlaced?.(record) ?? true }),
    ...(description.command === undefined ? {} : { command: (record: JsonObject) => description.command?.(record) }),
    ...(description.isProcessStart === undefined
      ? {}
      : { isProcessStart: (record: JsonObject) => description.isProcessStart?.(record) ?? false }),
    ...(description.lineage === undefined ? {} : { lineage: description.lineage }),
  };
}

/** What `startPaths` say, as `placesOf` says it. */
function withStartPlaces(description: ShapeDescription): ShapeDescription {
  if (description.startPaths === undefined) return description;
  const places = startPlaces(...description.startPaths);
  return {
    ...description,
    placesOf: (name, what) => description.placesOf?.(name, what) ?? (what === 'start' ? places.get(name) : undefined),
  };
}

function fieldOf(
  description: ShapeDescription,
  entries: ReadonlyMap<string, FieldReader>,
  processStart: (record: JsonObject) => ProcessStart | undefined,
  name: string,
): FieldReader | undefined {
  const entry = entries.get(name);
  if (entry) return entry;
  const vendor = description.vendorField ? description.vendorField(name) : reader(vendorPaths(description, name));
  const fromStart = startFields.get(name);
  if (name === '@timestamp') return firstOf(vendor, (record) => description.time(record));
  if (fromStart === undefined) return vendor;
  const derived: FieldReader = (record) => {
    const start = processStart(record);
    return start === undefined ? undefined : fromStart(start);
  };
  if (vendor === undefined) return derived;
  return description.documentFirst === true ? firstOf(vendor, derived) : firstOf(derived, vendor);
}

/** Is every record of the shape parsed, whatever rules there are? */
function isReadInFull(description: ShapeDescription): boolean {
  return description.isProcessStart === undefined;
}

/** Under this key stand the values of fields that are derived from a record, in the record that `Shape.placed` gives. */
const DERIVED = 'derived';

/** Is the field made of the record by a function, of which the description does not say where its values stand, and will `placed` say it? */
function isDerived(description: ShapeDescription, name: string): boolean {
  const entry = entryOf(description, name);
  const isMade = entry === undefined ? startFields.has(name) : typeof entry === 'function';
  if (!isMade || description.derivedNames?.has(name) === false) return false;
  return isReadInFull(description) && saidPlaces(description, name) === undefined;
}

function derivedName({ derivedNames }: ShapeDescription, name: string): string {
  return derivedNames?.get(name) ?? name;
}

function entryOf({ fields }: ShapeDescription, name: string): Place | undefined {
  return Object.hasOwn(fields ?? {}, name) ? fields?.[name] : undefined;
}

/** `Shape.placed`. The same list of fields comes again for most records. */
function withDerived(
  description: ShapeDescription,
  field: (name: string) => FieldReader | undefined,
): (record: JsonObject, fields: readonly string[]) => JsonObject | undefined {
  const known = new WeakMap<readonly string[], readonly (readonly [string, FieldReader])[]>();
  return (record, fields) => {
    let derived = known.get(fields);
    if (derived === undefined) {
      derived = fields.flatMap((name) => {
        const read = isDerived(description, name) ? field(name) : undefined;
        return read === undefined ? [] : [[derivedName(description, name), read] as const];
      });
      known.set(fields, derived);
    }
    const gathered = description.gathered === undefined ? record : description.gathered(record);
    if (gathered === undefined || Object.hasOwn(gathered, DERIVED)) return undefined;
    const values: Record<string, Json> = {};
    for (const [name, read] of derived) {
      const value = read(record);
      if (value !== undefined)
        values[name] = Object.hasOwn(values, name) ? [values[name] ?? null, value].flat() : value;
    }
    return { ...gathered, [DERIVED]: values };
  };
}

function placesOf(description: ShapeDescription, name: string): FieldPlaces | undefined {
  if (isDerived(description, name)) return { kind: 'texts', paths: [`${DERIVED}.${derivedName(description, name)}`] };
  return saidPlaces(description, name);
}

/** What the description says of it. */
function saidPlaces(description: ShapeDescription, name: string): FieldPlaces | undefined {
  const entry = entryOf(description, name);
  if (typeof entry === 'function') return description.placesOf?.(name, 'entry');
  if (entry !== undefined) return { kind: 'texts', paths: typeof entry === 'string' ? [entry] : entry };
  const vendor: FieldPlaces | undefined =
    description.placesOf?.(name, 'vendor') ??
    (description.vendorField === undefined ? { kind: 'texts', paths: vendorPaths(description, name) } : undefined);
  if (name === '@timestamp') return undefined;
  if (vendor === undefined || vendor.kind === 'own' || !startFields.has(name)) return vendor;
  return bothPlaces(vendor, description.placesOf?.(name, 'start'));
}

function vendorPaths({ vendorRoots = [''] }: ShapeDescription, name: string): readonly string[] {
  return vendorRoots.map((root) => (root === '' ? name : `${root}.${name}`));
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])];
}

/** Either of two places; where the first is a member of an object, its value goes before what the second says. */
export function bothPlaces(a: FieldPlaces | undefined, b: FieldPlaces | undefined): FieldPlaces | undefined {
  if (a === undefined || b === undefined || a.kind === 'own' || b.kind === 'own' || b.kind === 'member')
    return undefined;
  if (a.kind === 'absent') return b;
  if (b.kind === 'absent') return a;
  if (a.kind === 'member' && b.kind === 'texts') {
    const [own, ...others] = union(pathsOf(a), b.paths);
    return own === undefined ? undefined : { ...a, others };
  }
  const paths = union(pathsOf(a), b.paths);
  return { kind: a.kind === 'words' || b.kind === 'words' ? 'words' : 'texts', paths };
}

function reader(place: Place): FieldReader {
  if (typeof place === 'function') return place;
  if (typeof place === 'string') return pathField(place);
  const readers = place.map(pathField);
  const [only] = readers;
  if (only !== undefined && readers.length === 1) return only;
  return (record) => {
    for (const read of readers) {
      const value = read(record);
      if (value !== undefined) return value;
    }
    return undefined;
  };
}

/** The value at a path, as rules see it: placeholders for "nothing" are absent. */
export function pathField(path: string): FieldReader {
  const read = pathReader(path);
  return (record) => fieldValue(read(record));
}

function firstOf(first: FieldReader | undefined, second: FieldReader): FieldReader {
  if (first === undefined) return second;
  return (record): FieldValue => {
    const value = first(record);
    return value === undefined ? second(record) : value;
  };
}
