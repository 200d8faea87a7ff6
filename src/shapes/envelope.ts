import type { Json, JsonObject } from '../event/json.ts';
import { isObject } from '../event/json.ts';
import { unlessPlain } from '../event/observe.ts';
import { parseJson } from '../event/parse-json.ts';
import { ecs } from './ecs/vendors.ts';
import { azureActivity } from './cloud-audit.ts';
import { recognise } from './recognise.ts';
import type { Shape } from './shape.ts';
import { sigmaByPart } from './sigma-fields.ts';
import { decodeText } from './text.ts';
import { isArray, own, ownObject, ownString } from './values.ts';

const DEEPEST = 6;
/** Records of one envelope; the reader of records sets its own, lower bound and says where it bites. */
const MOST_RECORDS = 20_000;
const LONGEST_TEXT = 16_000_000;
/** Nesting of an OTLP key-value list that is turned into an object. */
const DEEPEST_OTLP = 32;
const MOST_OTLP_VALUES = 10_000;

/** Recognised by so little that an envelope may look like them. */
const WEAK: ReadonlySet<Shape> = new Set([ecs, azureActivity, sigmaByPart]);

/** Keys whose value, an object or JSON text or another record's text, may be the record itself. */
const WRAPPERS = [
  'json',
  'event',
  'log',
  'message',
  'MESSAGE',
  'msg',
  'properties',
  'data',
  'body',
  'payload',
  'raw',
  '_raw',
  'fields',
  'result',
] as const;
/** Keys whose value is a list of records. */
const LISTS = ['records', 'Records', 'items', 'events', 'value'] as const;

/**
 * The vendor's records inside `record`, or `record` itself where it is no envelope. A record that a shape knows is
 * never opened: where an envelope holds what its inside lacks (Event Hub's `category`, Panther's keys), the shape
 * recognises the whole.
 */
export function unwrap(record: JsonObject): readonly JsonObject[] {
  const found: JsonObject[] = [];
  peel(record, DEEPEST, found);
  return found.length === 0 ? [record] : found;
}

/** Adds the known records in `record` to `found`; says whether there was one. */
function peel(record: JsonObject, depth: number, found: JsonObject[]): boolean {
  if (found.length >= MOST_RECORDS) return false;
  const source = ownObject(record, '_source');
  if (source !== undefined) return peelOrTake(source, depth - 1, found);
  const shape = recognise(record);
  if (shape !== undefined && !WEAK.has(shape)) return take(record, found);
  if (depth > 0) {
    const otlp = own(record, 'resourceLogs');
    if (isArray(otlp)) return peelOtlp(otlp, depth - 1, found);
    for (const key of LISTS) if (peelList(own(record, key), depth - 1, found)) return true;
    for (const key of WRAPPERS) if (peelValue(unlessPlain(record, key), depth - 1, found)) return true;
  }
  return shape === undefined ? false : take(record, found);
}

function take(record: JsonObject, found: JsonObject[]): boolean {
  found.push(record);
  return true;
}

/** For containers that are certainly envelopes: what they hold counts though no shape knows it. */
function peelOrTake(record: JsonObject, depth: number, found: JsonObject[]): boolean {
  return peel(record, depth, found) || take(record, found);
}

function peelList(value: Json | undefined, depth: number, found: JsonObject[]): boolean {
  if (!isArray(value) || value.length === 0) return false;
  const records = value.slice(0, MOST_RECORDS).map(asRecord);
  // A list of something else than records (`items` of any object) is no envelope.
  if (!records.some((item) => item !== undefined && peel(item, depth, []))) return false;
  for (const item of records) {
    if (found.length >= MOST_RECORDS) break;
    if (item !== undefined) peelOrTake(item, depth, found);
  }
  return true;
}

function peelValue(value: Json | undefined, depth: number, found: JsonObject[]): boolean {
  const inner = asRecord(value);
  return inner !== undefined && peel(inner, depth, found);
}

/** An object, or text that holds one: JSON, an audit record, a Sysmon event. */
function asRecord(value: Json | undefined): JsonObject | undefined {
  if (isObject(value)) return value;
  if (typeof value !== 'string' || value.length > LONGEST_TEXT) return undefined;
  const first = value.trimStart();
  if (first.startsWith('{')) {
    try {
      const parsed = parseJson(first);
      return isObject(parsed) ? parsed : undefined;
    } catch {
      return undefined;
    }
  }
  const decoded = decodeText(value);
  return 'record' in decoded ? decoded.record : undefined;
}

/** OpenTelemetry: resourceLogs[].scopeLogs[].logRecords[].body, a string or a key-value list. */
function peelOtlp(resources: readonly Json[], depth: number, found: JsonObject[]): boolean {
  let any = false;
  for (const resource of resources) {
    for (const scope of objectsIn(resource, 'scopeLogs', 'instrumentationLibraryLogs')) {
      for (const log of objectsIn(scope, 'logRecords', 'logs')) {
        if (found.length >= MOST_RECORDS) return any;
        const inner = asRecord(fromOtlp(own(log, 'body'), DEEPEST_OTLP, { left: MOST_OTLP_VALUES })) ?? log;
        any = peelOrTake(inner, depth, found) || any;
      }
    }
  }
  return any;
}

function objectsIn(holder: Json, ...keys: readonly string[]): readonly JsonObject[] {
  if (!isObject(holder)) return [];
  for (const key of keys) {
    const list = own(holder, key);
    if (isArray(list)) return list.filter(isObject);
  }
  return [];
}

/** An OTLP AnyValue as plain JSON. 64-bit integers are strings there, and stay so where a number cannot hold them. */
function fromOtlp(value: Json | undefined, depth: number, budget: { left: number }): Json | undefined {
  if (!isObject(value) || depth === 0 || budget.left-- <= 0) return undefined;
  for (const key of ['stringValue', 'boolValue', 'doubleValue'] as const)
    if (Object.hasOwn(value, key)) return own(value, key);
  const integer = own(value, 'intValue');
  if (integer !== undefined)
    return typeof integer === 'string' && /^-?\d{1,15}$/.test(integer) ? Number(integer) : integer;
  const list = own(ownObject(value, 'kvlistValue') ?? {}, 'values');
  if (isArray(list)) {
    const entries: [string, Json][] = [];
    for (const pair of list) {
      if (!isObject(pair)) continue;
      const key = ownString(pair, 'key');
      const inner = fromOtlp(own(pair, 'value'), depth - 1, budget);
      if (key !== undefined && inner !== undefined) entries.push([key, inner]);
    }
    return Object.fromEntries(entries);
  }
  const items = own(ownObject(value, 'arrayValue') ?? {}, 'values');
  if (!isArray(items)) return undefined;
  return items.map((item) => fromOtlp(item, depth - 1, budget)).filter((item) => item !== undefined);
}
