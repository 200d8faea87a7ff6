import type { Json, JsonObject } from '../event/json.ts';
import { isObject } from '../event/json.ts';
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
  // keys[from]: the literal keys that may begin at part `from`, shortest first.
  const keys = parts.map((_, from) => parts.slice(from).map((_part, i) => parts.slice(from, from + i + 1).join('.')));
  return (record) => read(record, keys);
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

const readers = new Map<string, PathReader>();

/** `pathReader(path)(record)` for the paths our own shapes name: a fixed set, so the readers are kept. */
export function at(record: JsonObject, path: string): Json | undefined {
  let reader = readers.get(path);
  if (reader === undefined) {
    reader = pathReader(path);
    readers.set(path, reader);
  }
  return reader(record);
}
