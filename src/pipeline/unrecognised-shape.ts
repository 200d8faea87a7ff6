import type { FieldValue, Json, JsonObject, Scalar } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import { COMMON_TIME_KEYS, commonTime } from '../shapes/common-time.ts';
import type { Shape } from '../shapes/shape.ts';

/**
 * For JSON records of no known shape: rules see their fields as they stand. Nothing is known of where they come
 * from, so every rule is tried, and none of Portreeve's own facts is derived.
 */
export const unrecognisedShape: Shape = {
  name: 'unrecognised',
  title: 'JSON of no known shape',
  recognise: () => true,
  logSource: () => ({}),
  processStart: () => undefined,
  isProcessStart: () => false,
  places: (name) =>
    name.includes('.') ? { kind: 'texts', paths: [name] } : { kind: 'own', key: name, nothing: NOTHING },
  time: commonTime,
  timeKeys: COMMON_TIME_KEYS,
  field(name) {
    const path = name.split('.');
    return (record) => scalar(path.length === 1 ? own(record, name) : (own(record, name) ?? walk(record, path)));
  },
};

const NOTHING: ReadonlySet<string> = new Set();

function walk(record: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = record;
  for (const key of path) {
    if (!isObject(value)) return undefined;
    value = own(value, key);
  }
  return value;
}

function own(record: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function scalar(value: Json | undefined): FieldValue {
  if (Array.isArray(value)) return value.filter(isScalar);
  return isScalar(value) ? value : undefined;
}

function isScalar(value: Json | undefined): value is Scalar {
  return value !== undefined && (value === null || typeof value !== 'object');
}
