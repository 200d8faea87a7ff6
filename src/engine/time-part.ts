import type { TimePart } from '../sigma/field-test.ts';

/** The part of an ISO 8601 time (or of epoch milliseconds) in UTC; `undefined` where the value is no time. `week` is ISO 8601's. */
export function timePart(value: string | number, part: TimePart): number | undefined {
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) return undefined;
  switch (part) {
    case 'minute':
      return time.getUTCMinutes();
    case 'hour':
      return time.getUTCHours();
    case 'day':
      return time.getUTCDate();
    case 'week': {
      const thursday = new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate() + 3 - ((time.getUTCDay() + 6) % 7)));
      const firstDay = Date.UTC(thursday.getUTCFullYear(), 0, 1);
      return Math.floor((thursday.getTime() - firstDay) / (7 * 24 * 3600 * 1000)) + 1;
    }
    case 'month':
      return time.getUTCMonth() + 1;
    case 'year':
      return time.getUTCFullYear();
  }
}
