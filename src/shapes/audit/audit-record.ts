import { RECORD_TYPES } from './audit-values.ts';
import type { AuditStamp } from '../audit-line.ts';

/** A value as it stood in the line. */
export interface RawValue {
  readonly text: string;
  /** It stood in double quotes: literal, never hexadecimal. */
  readonly quoted: boolean;
}

export interface AuditRecord {
  readonly type: string;
  readonly fields: ReadonlyMap<string, RawValue>;
}

/** More than ARG_MAX allows an exec to have in practice; a line with more is read up to here. */
const MOST_FIELDS = 40_000;
const LONGEST_KEY = 64;

/** The `key=value` pairs of one raw record. Cut lines and unknown tokens lose their piece only. */
export function auditRecord(line: string, stamp: AuditStamp): AuditRecord {
  const fields = new Map<string, RawValue>();
  readPairs(line, stamp.bodyAt, line.length, fields, true);
  return { type: RECORD_TYPES.get(stamp.type) ?? stamp.type, fields };
}

function readPairs(line: string, from: number, to: number, fields: Map<string, RawValue>, nested: boolean): void {
  let at = from;
  while (at < to && fields.size < MOST_FIELDS) {
    while (at < to && isBlank(line.charCodeAt(at))) at++;
    const start = at;
    while (at < to && !isBlank(line.charCodeAt(at)) && line.charCodeAt(at) !== EQUALS) at++;
    if (at >= to) return;
    if (line.charCodeAt(at) !== EQUALS) continue;
    const key = line.slice(start, Math.min(at, start + LONGEST_KEY));
    at++;
    const quote = line.charCodeAt(at);
    if (quote === SINGLE_QUOTE && nested) {
      // User-space records: msg='op=… acct="…" res=success', pairs of their own. A cut line lacks the last quote.
      const last = line.lastIndexOf("'", to - 1);
      const end = last > at ? last : to;
      readPairs(line, at + 1, end, fields, false);
      at = end + 1;
    } else if (quote === DOUBLE_QUOTE) {
      const close = line.indexOf('"', at + 1);
      const end = close < 0 || close > to ? to : close;
      put(fields, key, { text: line.slice(at + 1, end), quoted: true });
      at = end + 1;
    } else {
      const valueAt = at;
      while (at < to && !isBlank(line.charCodeAt(at))) at++;
      put(fields, key, { text: line.slice(valueAt, at), quoted: false });
    }
  }
}

/** The first of a name counts: a nested part of user-space origin cannot overwrite what the kernel wrote before it. */
function put(fields: Map<string, RawValue>, key: string, value: RawValue): void {
  if (key !== '' && !fields.has(key)) fields.set(key, value);
}

const EQUALS = 0x3d;
const SINGLE_QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;

/** 0x1d parts what the kernel wrote from the names that auditd's ENRICHED format adds. */
function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x1d || unit === 0x09 || unit === 0x0d;
}
