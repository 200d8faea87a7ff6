import type { Json } from '../event/json.ts';

/** 100 ns units between 1601 (Windows FILETIME) and 1970. */
const FILETIME_EPOCH = 116_444_736_000_000_000n;
const NS_PER_S = 1_000_000_000n;
/** The years ISO 8601 writes with four digits, in seconds. */
const LATEST = 253_402_300_799n;
const EARLIEST = -62_135_596_800n;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const CALENDAR =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,12}))?)?)? ?(Z|UTC|[+-]\d{2}:?\d{2})?(?: [A-Z]{1,5})?$/;
const NUMERIC = /^(-?\d{1,20})(?:\.(\d{1,12}))?$/;
/** osquery's `calendarTime`: `Tue Nov  5 07:44:01 2019 UTC`. */
const ASCTIME = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{2}):(\d{2}):(\d{2}) (\d{4})(?: UTC)?$/;

/**
 * ISO 8601 in UTC, with the fraction the source gives (at most nine digits), out of any form a source writes: ISO 8601
 * with 0 to 12 fraction digits, `2022-02-10 11:51:39.5 +0000 UTC`, and numbers since an epoch. A number's unit follows
 * from its size, because the ranges do not meet for any date of this century: seconds, milliseconds, microseconds,
 * Windows FILETIME, nanoseconds. `undefined` for anything else, such as a time of day alone, and for the year 1
 * (Go's zero time).
 */
export function isoTime(value: Json | undefined): string | undefined {
  switch (typeof value) {
    case 'bigint':
      return fromEpoch(value, '');
    case 'number':
      if (!Number.isFinite(value) || Math.abs(value) > 1e19) return undefined;
      if (!Number.isInteger(value)) return fromText(value.toFixed(6).replace(/0+$/, ''));
      return value >= 0 && value < 10 ** LONGEST_PLAIN ? fromSmallEpoch(value, '') : fromEpoch(BigInt(value), '');
    case 'string':
      return value.length > 64 ? undefined : fromText(value);
    default:
      return undefined;
  }
}

function fromText(value: string): string | undefined {
  const common = fromCommonText(value);
  if (common !== undefined) return common;
  const numeric = NUMERIC.exec(value);
  if (numeric) {
    const [, whole = '0', fraction = ''] = numeric;
    return whole.length <= LONGEST_PLAIN && !value.startsWith('-')
      ? fromSmallEpoch(Number(whole), fraction)
      : fromEpoch(BigInt(whole), fraction, value.startsWith('-'));
  }
  const calendar = CALENDAR.exec(value);
  if (calendar) return fromCalendar(calendar);
  const asctime = ASCTIME.exec(value);
  if (!asctime) return undefined;
  const [, month = '', day, hour, minute, second, year] = asctime;
  return fromParts(
    Number(year),
    MONTHS.indexOf(month) + 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    '',
    0,
  );
}

/**
 * The most common ways of writing a time in UTC, `2026-03-02T08:00:00.123Z` and `2026-03-02 08:00:00.123`, read without a pattern or
 * a calendar; `undefined` for all others, among which are the last days of a month.
 */
function fromCommonText(value: string): string | undefined {
  const { length } = value;
  if (length < DATE_AND_TIME || length > LONGEST_COMMON || !isDateAndTime(value)) return undefined;
  let end = DATE_AND_TIME;
  /** Behind the last digit of the fraction that counts. */
  let last = DATE_AND_TIME + 1;
  const point = value.charCodeAt(end);
  if (point === 0x2e || point === 0x2c) {
    for (end++; isDigit(value.charCodeAt(end)); end++)
      if (value.charCodeAt(end) !== 0x30 && end <= DATE_AND_TIME + MOST_DIGITS) last = end + 1;
    const digits = end - DATE_AND_TIME - 1;
    if (digits === 0 || digits > MOST_DIGITS_READ) return undefined;
  }
  const hasZone = end + 1 === length && value.charCodeAt(end) === 0x5a;
  if (!hasZone && end !== length) return undefined;
  const isMilliseconds = last <= DATE_AND_TIME + 4;
  if (hasZone && point === 0x2e && value.charCodeAt(10) === 0x54 && end === (isMilliseconds ? DATE_AND_TIME + 4 : last))
    return value;
  const fraction = isMilliseconds
    ? value.slice(DATE_AND_TIME + 1, Math.min(end, DATE_AND_TIME + 4)).padEnd(3, '0')
    : value.slice(DATE_AND_TIME + 1, last);
  return `${value.slice(0, 10)}T${value.slice(11, DATE_AND_TIME)}.${fraction}Z`;
}

/** UTF-16 units of `2026-03-02T08:00:00`. */
const DATE_AND_TIME = 19;
/** Digits of a fraction that are kept, and those that may be written. */
const MOST_DIGITS = 9;
const MOST_DIGITS_READ = 12;
const LONGEST_COMMON = DATE_AND_TIME + 1 + MOST_DIGITS_READ + 1;

/** Does it begin with a day and a time of day, separated by `T` or a blank? */
function isDateAndTime(value: string): boolean {
  for (let i = 0; i < DATE_AND_TIME; i++) {
    const unit = value.charCodeAt(i);
    if (
      i === 4 || i === 7
        ? unit !== 0x2d
        : i === 10
          ? unit !== 0x54 && unit !== 0x20
          : i === 13 || i === 16
            ? unit !== 0x3a
            : !isDigit(unit)
    )
      return false;
  }
  const month = twoDigits(value, 5);
  const day = twoDigits(value, 8);
  return (
    twoDigits(value, 0) > 0 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 28 &&
    twoDigits(value, 11) <= 23 &&
    twoDigits(value, 14) <= 59 &&
    twoDigits(value, 17) <= 59
  );
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 0x30) * 10 + text.charCodeAt(at + 1) - 0x30;
}

function fromCalendar(match: RegExpExecArray): string | undefined {
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  return fromParts(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    fraction,
    zoneMinutes(zone),
  );
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z' || zone === 'UTC') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith('-') ? -minutes : minutes;
}

function fromParts(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  fraction: string,
  zone: number,
): string | undefined {
  if (year <= 1 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60)
    return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute - zone, second, 0);
  return withFraction(date, fraction);
}

const DAY_MS = 86_400_000;
/** The day that was written last: events come day by day. */
let lastDay = { number: -1, text: '' };
const TWO_DIGITS = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));

/** `new Date(ms).toISOString()` for times from 1970 to the year 9999. */
function isoOf(ms: number): string {
  const number = Math.floor(ms / DAY_MS);
  if (lastDay.number !== number) lastDay = { number, text: new Date(ms).toISOString().slice(0, 11) };
  const inDay = ms - number * DAY_MS;
  const seconds = Math.floor(inDay / 1000);
  const minutes = Math.floor(seconds / 60);
  const two = (value: number): string => TWO_DIGITS[value] ?? '';
  return `${lastDay.text}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}.${String(inDay % 1000).padStart(3, '0')}Z`;
}

/** Digits of a number of seconds or milliseconds, which are the most common times. */
const LONGEST_PLAIN = 14;

/** As `fromEpoch` for numbers below 10^14, without `bigint`. */
function fromSmallEpoch(value: number, fraction: string): string | undefined {
  const isSeconds = value < 100_000_000_000;
  if (!isSeconds || fraction.length <= 3) {
    const ms = isSeconds ? value * 1000 + Number(fraction.padEnd(3, '0')) : value;
    // Zero is "not set" everywhere it occurs.
    return ms === 0 ? undefined : isoOf(ms);
  }
  const rest = /[1-9]/.test(fraction.slice(0, 9)) ? fraction : '';
  return value === 0 && rest === '' ? undefined : withFraction(new Date(value * 1000), rest);
}

function fromEpoch(value: bigint, fraction: string, negative = value < 0n): string | undefined {
  const size = value < 0n ? -value : value;
  let ns: bigint;
  if (size < 100_000_000_000n) ns = value * NS_PER_S;
  else if (size < 100_000_000_000_000n) ns = value * 1_000_000n;
  else if (size < 50_000_000_000_000_000n) ns = value * 1_000n;
  else if (size < 500_000_000_000_000_000n) ns = (value - FILETIME_EPOCH) * 100n;
  else ns = value;
  if (fraction !== '' && size < 100_000_000_000n) {
    const part = BigInt(fraction.slice(0, 9).padEnd(9, '0'));
    ns += negative ? -part : part;
  }
  let seconds = ns / NS_PER_S;
  let rest = ns % NS_PER_S;
  if (rest < 0n) {
    seconds -= 1n;
    rest += NS_PER_S;
  }
  // Zero is "not set" everywhere it occurs.
  if (ns === 0n || seconds < EARLIEST || seconds > LATEST) return undefined;
  return withFraction(new Date(Number(seconds) * 1000), rest === 0n ? '' : String(rest).padStart(9, '0'));
}

/** At least milliseconds, and further digits in threes. */
function withFraction(date: Date, fraction: string): string | undefined {
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 2 || date.getUTCFullYear() > 9999) return undefined;
  let digits = fraction.slice(0, 9).replace(/0+$/, '');
  digits = digits.padEnd(Math.max(3, digits.length), '0');
  return `${date.toISOString().slice(0, 19)}.${digits}Z`;
}
