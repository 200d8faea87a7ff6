import type { Json, JsonObject } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import { isObserved } from '../event/observe.ts';
import { KeyMarks } from './key-marks.ts';
import { isArray, own } from './values.ts';

/** With more parts than this, only "all nested" and "one literal key" are tried: the ways to join parts double with each. */
const MOST_JOINED_PARTS = 8;
/** Objects looked into when a path leads through arrays of objects. */
const MOST_ELEMENTS = 1_000;

export type PathReader = (record: JsonObject) => Json | undefined;

/**
 * Reads a dotted path. Each dot may be a step into an object or part of a literal key: `container.image.name` finds
 * `{"container":{"image.name":…}}` as well. Through an array of objects it reads every element and gives an array.
 */
export function pathReader(path: string): PathReader {
  const parts = path.split('.');
  if (parts.length === 1) return (record) => own(record, path);
  if (parts.length > MOST_JOINED_PARTS) {
    const nested = parts.map((part) => [part]);
    return (record) => {
      const whole = own(record, path);
      return whole === undefined ? read(record, nested) : whole;
    };
  }
  const keys = joinedKeys(parts);
  return (record) => read(record, keys);
}

/** For each part, the literal keys that may begin at it, shortest first. */
function joinedKeys(parts: readonly string[]): readonly (readonly string[])[] {
  return parts.map((_, from) => parts.slice(from).map((_part, i) => parts.slice(from, from + i + 1).join('.')));
}

/** Elements that the read at hand may still look into. Reads do not nest. */
let elementsLeft = 0;

function read(record: JsonObject, keys: readonly (readonly string[])[]): Json | undefined {
  elementsLeft = MOST_ELEMENTS;
  return walk(record, keys, 0);
}

function walk(value: Json | undefined, keys: readonly (readonly string[])[], from: number): Json | undefined {
  if (from === keys.length) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (isArray(value)) return walkEach(value, keys, from);
  const candidates = keys[from];
  if (candidates === undefined) return undefined;
  for (let i = 0; i < candidates.length; i++) {
    const inner = own(value, candidates[i] ?? '');
    if (inner === undefined) continue;
    const found = walk(inner, keys, from + i + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function walkEach(items: readonly Json[], keys: readonly (readonly string[])[], from: number): Json | undefined {
  const found: Json[] = [];
  for (const item of items) {
    if (elementsLeft-- <= 0) break;
    if (!isObject(item)) continue;
    const inner = walk(item, keys, from);
    if (isArray(inner)) for (const one of inner) found.push(one);
    else if (inner !== undefined) found.push(inner);
  }
  return found.length === 0 ? undefined : found;
}

/** A path that our own shapes name. */
interface KnownPath {
  readonly read: PathReader;
  /** Absent where the path is a plain key, or has too many parts. */
  readonly joined: Joined | undefined;
}

interface Joined {
  readonly keys: readonly (readonly string[])[];
  /** The keys at the top of a record that the path may begin with, and their numbers among those of all paths. */
  readonly firstKeys: readonly string[];
  readonly numbers: readonly number[];
}

/** A fixed set, so they are kept. */
const paths = new Map<string, KnownPath>();
/** Numbers of all keys that a path may begin with. */
const keyNumbers = new Map<string, number>();
/** A record with more keys is asked path by path: to look it through again after every other record would cost too much. */
const MOST_KEYS = 64;
const marks = new KeyMarks(MOST_KEYS);
/** The record whose keys were looked through: it is asked after one path after another. */
let lookedThrough: JsonObject | undefined;
let tooWide: JsonObject | undefined;

/**
 * `pathReader(path)(record)` for the paths our own shapes name. The keys of a record are looked through once for all of them: of the
 * many ways in which the parts of a path may be joined, nearly all are not there.
 */
export function at(record: JsonObject, path: string): Json | undefined {
  const { read: plain, joined } = paths.get(path) ?? addPath(path);
  if (joined === undefined) return plain(record);
  if (record !== lookedThrough) {
    if (record === tooWide || isObserved(record) || !lookThrough(record)) return plain(record);
  }
  elementsLeft = MOST_ELEMENTS;
  const { keys, firstKeys, numbers } = joined;
  for (let i = 0; i < numbers.length; i++) {
    if (!marks.has(numbers[i] ?? 0)) continue;
    const found = walk(own(record, firstKeys[i] ?? ''), keys, i + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function addPath(path: string): KnownPath {
  const parts = path.split('.');
  const known: KnownPath = {
    read: pathReader(path),
    joined: parts.length > 1 && parts.length <= MOST_JOINED_PARTS ? joinedOf(parts) : undefined,
  };
  paths.set(path, known);
  lookedThrough = undefined;
  return known;
}

function joinedOf(parts: readonly string[]): Joined {
  const keys = joinedKeys(parts);
  const firstKeys = keys[0] ?? [];
  return { keys, firstKeys, numbers: firstKeys.map(numberOf) };
}

function numberOf(key: string): number {
  let number = keyNumbers.get(key);
  if (number === undefined) {
    keyNumbers.set(key, (number = keyNumbers.size));
    marks.add(key, number);
  }
  return number;
}

function lookThrough(record: JsonObject): boolean {
  const isLookedThrough = marks.look(record);
  lookedThrough = isLookedThrough ? record : undefined;
  if (!isLookedThrough) tooWide = record;
  return isLookedThrough;
}
