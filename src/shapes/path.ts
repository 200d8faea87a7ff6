import type { Json, JsonObject } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import { isArray } from './values.ts';

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
  if (parts.length === 1) return (record) => (Object.hasOwn(record, path) ? record[path] : undefined);
  if (parts.length > MOST_JOINED_PARTS) {
    return (record) =>
      Object.hasOwn(record, path)
        ? record[path]
        : walk(
            record,
            parts.map((part) => [part]),
            0,
            { left: MOST_ELEMENTS },
          );
  }
  // keys[from]: the literal keys that may begin at part `from`, shortest first.
  const keys = parts.map((_, from) => parts.slice(from).map((_part, i) => parts.slice(from, from + i + 1).join('.')));
  return (record) => walk(record, keys, 0, { left: MOST_ELEMENTS });
}

function walk(
  value: Json | undefined,
  keys: readonly (readonly string[])[],
  from: number,
  budget: { left: number },
): Json | undefined {
  if (from === keys.length) return value;
  if (isArray(value)) return walkEach(value, keys, from, budget);
  if (!isObject(value)) return undefined;
  const candidates = keys[from] ?? [];
  for (let i = 0; i < candidates.length; i++) {
    const key = candidates[i];
    if (key === undefined || !Object.hasOwn(value, key)) continue;
    const found = walk(value[key], keys, from + i + 1, budget);
    if (found !== undefined) return found;
  }
  return undefined;
}

function walkEach(
  items: readonly Json[],
  keys: readonly (readonly string[])[],
  from: number,
  budget: { left: number },
): Json | undefined {
  const found: Json[] = [];
  for (const item of items) {
    if (budget.left-- <= 0) break;
    if (!isObject(item)) continue;
    const inner = walk(item, keys, from, budget);
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
