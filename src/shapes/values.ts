import type { FieldValue, Json, JsonObject, Scalar } from '../event/json.ts';
import { isObject } from '../event/json.ts';

/** What sources write where they have nothing to say. */
export const PLACEHOLDERS: ReadonlySet<string> = new Set([
  '',
  '-',
  '?',
  '<NA>',
  '(null)',
  'null',
  '(none)',
  'NULL SID',
  'unset',
  'UNSET',
  '*** Unknown ***',
  '<unknown>',
  'N/A',
]);
/** UTF-16 units: a longer text is none of them, and need not be looked up. */
const LONGEST_PLACEHOLDER = Math.max(...[...PLACEHOLDERS].map(({ length }) => length));
/** `(uid_t) -1`, which auditd, Tetragon and Falco write for "not set". */
const UNSET_ID: ReadonlySet<string> = new Set(['4294967295', '-1', '18446744073709551615']);
const LONGEST_UNSET = Math.max(...[...UNSET_ID].map(({ length }) => length));
/** Elements read of one array; a longer one is read up to here. */
const MOST_ITEMS = 10_000;

function isPlaceholder(value: string): boolean {
  return value.length <= LONGEST_PLACEHOLDER && PLACEHOLDERS.has(value);
}

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isScalar(value: Json | undefined): value is Scalar {
  return value === null || (typeof value !== 'object' && value !== undefined);
}

/** An own property: `__proto__` and `constructor` are ordinary keys here. */
export function own(record: JsonObject, key: string): Json | undefined {
  const value = record[key];
  // Looking at the value first is several times faster. What records inherit are functions, which no JSON holds, and `__proto__`.
  if (typeof value !== 'function' && key !== '__proto__') return value;
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

export function ownObject(record: JsonObject, key: string): JsonObject | undefined {
  const value = own(record, key);
  return isObject(value) ? value : undefined;
}

export function ownString(record: JsonObject, key: string): string | undefined {
  const value = own(record, key);
  return typeof value === 'string' ? value : undefined;
}

/** The value as text (of an array: its first scalar), or `undefined` for a placeholder, an object or nothing. */
export function text(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return isPlaceholder(value) ? undefined : value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return isArray(value) ? text(value.find((item) => isScalar(item) && item !== null)) : undefined;
}

/** As `text`, for user, group, session and process ids: "not set" is absent. */
export function idText(value: Json | undefined): string | undefined {
  const found = text(value);
  return found === undefined || (found.length <= LONGEST_UNSET && UNSET_ID.has(found)) ? undefined : found;
}

/** As `idText`, and 0 is absent too: no process has the parent "0" but the first, and several sources write it for unknown. */
export function pidText(value: Json | undefined): string | undefined {
  const found = idText(value);
  if (found === undefined || found === '0') return undefined;
  // Windows Security events give process ids in hexadecimal.
  return found.startsWith('0x') && /^0x[0-9a-fA-F]{1,8}$/.test(found) ? String(Number(found)) : found;
}

/** The scalars of an array as text, or of one scalar; `undefined` where there is none. Empty arguments stay. */
export function textList(value: Json | undefined): readonly string[] | undefined {
  if (typeof value === 'string') return isPlaceholder(value) ? undefined : [value];
  if (!isArray(value)) return undefined;
  if (value.length > 0 && value.length <= MOST_ITEMS && areTexts(value)) return value;
  const items = value
    .slice(0, MOST_ITEMS)
    .filter(isScalar)
    .filter((item) => item !== null);
  return items.length === 0 ? undefined : items.map(String);
}

function areTexts(items: readonly Json[]): items is readonly string[] {
  for (const item of items) if (typeof item !== 'string') return false;
  return true;
}

/** Does the value equal `wanted`, or hold it as an element? */
export function includes(value: Json | undefined, wanted: string): boolean {
  return isArray(value) ? value.includes(wanted) : value === wanted;
}

/** As rules see a value: scalars and arrays of scalars; a string placeholder is absent, an object is absent. */
export function fieldValue(value: Json | undefined): FieldValue {
  if (typeof value === 'string') return isPlaceholder(value) ? undefined : value;
  if (isScalar(value)) return value;
  if (!isArray(value)) return undefined;
  return value.slice(0, MOST_ITEMS).filter(isScalar);
}
