import type { JsonObject } from '../event/json.ts';
import { isoTime } from './time.ts';
import { own } from './values.ts';

/** Where flat events commonly have their time, the surest first. */
export const COMMON_TIME_KEYS: readonly string[] = [
  '@timestamp',
  'UtcTime',
  'TimeCreated',
  'EventTime',
  'eventTime',
  'timestamp',
  'time',
  '_time',
];

/** The time of a record of no vendor's own format, in ISO 8601. */
export function commonTime(record: JsonObject): string | undefined {
  for (const name of COMMON_TIME_KEYS) {
    const found = isoTime(own(record, name));
    if (found !== undefined) return found;
  }
  return undefined;
}
