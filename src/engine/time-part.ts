import type { TimePart } from '../sigma/field-test.ts';

const DATE_TIME = /^\s*(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ]+(\d{2}):(\d{2})|$)/;

/**
 * A part of a time as written, `2026-03-14T01:02:03Z`: the digits themselves, because these modifiers are "not designed
 * to handle timezone or format conversions". `undefined` where the text is no such time, or has a date only and its time
 * of day is asked for. `week` is ISO 8601's, 1 to 53.
 */
export function timePart(text: string, part: TimePart): number | undefined {
  const found = DATE_TIME.exec(text.slice(0, 64));
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0] = found.slice(1, 4).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  switch (part) {
    case 'year':
      return year;
    case 'month':
      return month;
    case 'day':
      return day;
    case 'week':
      return isoWeek(year, month, day);
    case 'hour':
      return below(found[4], 24);
    case 'minute':
      return below(found[5], 60);
  }
}

function below(digits: string | undefined, limit: number): number | undefined {
  return digits === undefined || Number(digits) >= limit ? undefined : Number(digits);
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year < 100 ? year + 400 : year, month, 0)).getUTCDate();
}

/** The week of the year that holds its Thursday. */
function isoWeek(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCDate(date.getUTCDate() + 3 - ((date.getUTCDay() + 6) % 7));
  const thursday = date.getTime();
  date.setUTCMonth(0, 1);
  return Math.floor((thursday - date.getTime()) / (7 * 24 * 3600 * 1000)) + 1;
}
