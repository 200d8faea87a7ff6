import { Random } from './random.ts';

/** Times are whole microseconds since 1970, in UTC: exact in a number until the year 2255. */
export type Micros = number;

export const SECOND: Micros = 1_000_000;
export const MINUTE: Micros = 60 * SECOND;

/** The night of the example. */
const DAY: Micros = Date.UTC(2026, 2, 14) * 1000;
export const NIGHT_BEGINS: Micros = DAY;
export const NIGHT_ENDS: Micros = DAY + 330 * MINUTE;

/**
 * `at('01:47:12')` of the night; parts of a second as `01:47:12.5`. Nothing happens on the full second: up to 80 ms are
 * added, 9 ms where a part of the second is given, always the same for the same text.
 */
export function at(clock: string): Micros {
  const [hours = '0', minutes = '0', seconds = '0'] = clock.split(':');
  const exact = DAY + Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * SECOND);
  return exact + new Random(clock).int(0, clock.includes('.') ? 9_000 : 80_000);
}

/** `2026-03-14T01:47:12.123456Z`, with 0 to 9 digits of a second; what is beyond microseconds is zero. */
export function iso(time: Micros, digits: number): string {
  const whole = new Date(Math.floor(time / SECOND) * 1000).toISOString().slice(0, 19);
  return digits === 0 ? `${whole}Z` : `${whole}.${fraction(time, digits)}Z`;
}

/** `1773452832.123`: seconds since 1970, as CrowdStrike and auditd write them. */
export function epochSeconds(time: Micros, digits: number): string {
  return `${Math.floor(time / SECOND)}.${fraction(time, digits)}`;
}

export function epochMillis(time: Micros): number {
  return Math.floor(time / 1000);
}

function fraction(time: Micros, digits: number): string {
  return String(time % SECOND)
    .padStart(6, '0')
    .padEnd(9, '0')
    .slice(0, digits);
}
