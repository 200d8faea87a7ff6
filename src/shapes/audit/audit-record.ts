import type { JsonObject } from '../../event/json.ts';
import { own } from '../values.ts';
import { RECORD_TYPES, STRING_FIELDS, fromHex } from './audit-values.ts';
import type { AuditStamp } from '../audit-line.ts';

/** A value as it stood in the line. */
export interface RawValue {
  readonly text: string;
  /** It stood in double quotes: literal, never hexadecimal. */
  readonly quoted: boolean;
}

/** More than ARG_MAX allows an exec to have in practice; a line with more is read up to here. */
const MOST_FIELDS = 40_000;
const LONGEST_KEY = 64;

/** Types of which the order of keys is remembered, and how many keys of one. */
const MOST_LAYOUTS = 64;
const LONGEST_LAYOUT = 64;

/**
 * Keys by record type in the order in which they came last: the kernel writes a type's keys alike each time, so that a key need
 * only be compared, not cut out and looked up.
 */
const layouts = new Map<string, string[]>();

export function auditType({ type }: AuditStamp): string {
  const first = type.charCodeAt(0);
  return first >= 0x30 && first <= 0x39 ? (RECORD_TYPES.get(type) ?? type) : type;
}

/** The `key=value` pairs of one raw record, as they stood. Cut lines and unknown tokens lose their piece only. */
export function rawPairs(line: string, stamp: AuditStamp, type: string): ReadonlyMap<string, RawValue> {
  const fields = new Map<string, RawValue>();
  new PairReader(line, layoutOf(type), {
    get size() {
      return fields.size;
    },
    put(key, text, quoted) {
      if (!fields.has(key)) fields.set(key, { text, quoted });
    },
  }).read(stamp.bodyAt, line.length, true);
  return fields;
}

/** The pairs of one raw record as an object, what is written in hexadecimal read. */
export function auditObject(line: string, stamp: AuditStamp, type: string): JsonObject {
  const pairs = new ObjectPairs();
  new PairReader(line, layoutOf(type), pairs).read(stamp.bodyAt, line.length, true);
  return pairs.object;
}

export function valueOf(key: string, text: string, quoted: boolean): string {
  return quoted || !STRING_FIELDS.has(key) ? text : fromHex(text);
}

function layoutOf(type: string): string[] {
  let layout = layouts.get(type);
  if (layout === undefined) {
    layout = [];
    if (layouts.size < MOST_LAYOUTS) layouts.set(type, layout);
  }
  return layout;
}

/** Takes pairs. Of a key given twice the first counts: a nested part of user-space origin cannot overwrite what the kernel wrote before it. */
interface Pairs {
  readonly size: number;
  put(key: string, text: string, quoted: boolean): void;
}

class ObjectPairs implements Pairs {
  readonly object: Record<string, string> = {};
  size = 0;

  put(key: string, text: string, quoted: boolean): void {
    if (own(this.object, key) !== undefined) return;
    this.size++;
    const value = valueOf(key, text, quoted);
    // Defines an own property, whatever a forged key is called.
    if (key === '__proto__')
      Object.defineProperty(this.object, key, { value, enumerable: true, configurable: true, writable: true });
    else this.object[key] = value;
  }
}

class PairReader {
  readonly #line: string;
  readonly #layout: string[];
  readonly #pairs: Pairs;
  /** Keys read so far. */
  #keys = 0;

  constructor(line: string, layout: string[], pairs: Pairs) {
    this.#line = line;
    this.#layout = layout;
    this.#pairs = pairs;
  }

  read(from: number, to: number, nested: boolean): void {
    const line = this.#line;
    let at = from;
    while (at < to && this.#pairs.size < MOST_FIELDS) {
      while (at < to && isBlank(line.charCodeAt(at))) at++;
      const end = this.#keyEnd(at, to);
      if (end >= to) return;
      if (line.charCodeAt(end) !== EQUALS) {
        at = end;
        continue;
      }
      const key = this.#key(at, end);
      at = end + 1;
      const quote = line.charCodeAt(at);
      if (quote === SINGLE_QUOTE && nested) {
        // User-space records: msg='op=… acct="…" res=success', pairs of their own. A cut line lacks the last quote.
        const last = line.lastIndexOf("'", to - 1);
        const close = last > at ? last : to;
        this.read(at + 1, close, false);
        at = close + 1;
      } else if (quote === DOUBLE_QUOTE) {
        const close = line.indexOf('"', at + 1);
        const valueEnd = close < 0 || close > to ? to : close;
        if (key !== '') this.#pairs.put(key, line.slice(at + 1, valueEnd), true);
        at = valueEnd + 1;
      } else {
        const valueAt = at;
        while (at < to && !isBlank(line.charCodeAt(at))) at++;
        if (key !== '') this.#pairs.put(key, line.slice(valueAt, at), false);
      }
    }
  }

  /** Where the token ends that begins at `from`: at `=` or a blank. */
  #keyEnd(from: number, to: number): number {
    const line = this.#line;
    const expected = this.#layout[this.#keys];
    if (expected !== undefined && line.startsWith(expected, from)) {
      const end = from + expected.length;
      if (end < to && line.charCodeAt(end) === EQUALS) return end;
    }
    let at = from;
    while (at < to && !isBlank(line.charCodeAt(at)) && line.charCodeAt(at) !== EQUALS) at++;
    return at;
  }

  #key(from: number, end: number): string {
    const line = this.#line;
    const place = this.#keys++;
    const expected = this.#layout[place];
    if (expected !== undefined && expected.length === end - from && line.startsWith(expected, from)) return expected;
    const key = line.slice(from, Math.min(end, from + LONGEST_KEY));
    if (place < LONGEST_LAYOUT && end - from < LONGEST_KEY) this.#layout[place] = key;
    return key;
  }
}

const EQUALS = 0x3d;
const SINGLE_QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;

/** 0x1d parts what the kernel wrote from the names that auditd's ENRICHED format adds. */
function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x1d || unit === 0x09 || unit === 0x0d;
}
