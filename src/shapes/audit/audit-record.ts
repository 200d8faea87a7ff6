import { flatCopy } from '../../base/flat-copy.ts';
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
 * only be compared, not cut out and looked up. Copies, since what is cut out of an event would keep all of it.
 */
const layouts = new Map<string, string[]>();

export function auditType({ type }: AuditStamp): string {
  const first = type.charCodeAt(0);
  return first >= 0x30 && first <= 0x39 ? (RECORD_TYPES.get(type) ?? type) : type;
}

/**
 * Where the pairs of a record stand in the text of its event. A text is read in place: lines that are cut out of it first are read several
 * times slower.
 */
export interface AuditBody {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** The `key=value` pairs of one raw record, as they stood. Cut lines and unknown tokens lose their piece only. */
export function rawPairs({ text, from, to }: AuditBody, type: string): ReadonlyMap<string, RawValue> {
  const pairs = new RawPairs();
  new PairReader(text, layoutOf(type), pairs).read(from, to, true);
  return pairs.fields;
}

/** The pairs of one raw record as an object, what is written in hexadecimal read. */
export function auditObject({ text, from, to }: AuditBody, type: string): JsonObject {
  const pairs = new ObjectPairs();
  new PairReader(text, layoutOf(type), pairs).read(from, to, true);
  return pairs.object;
}

export function valueOf(key: string, text: string, quoted: boolean): string {
  return quoted || !STRING_FIELDS.has(key) ? text : fromHex(text);
}

/** A line that is cut within hexadecimal ends with half a byte as often as not: what is whole of it. */
function wholeHex(text: string): string {
  return text.length % 2 !== 0 && /^[\da-fA-F]{3,}$/.test(text) ? text.slice(0, -1) : text;
}

function layoutOf(type: string): string[] {
  let layout = layouts.get(type);
  if (layout === undefined) {
    layout = [];
    if (layouts.size < MOST_LAYOUTS) layouts.set(flatCopy(type), layout);
  }
  return layout;
}

/** Takes pairs. Of a key given twice the first counts: a nested part of user-space origin cannot overwrite what the kernel wrote before it. */
interface Pairs {
  readonly size: number;
  /** `isLast`: the line ends with it. */
  put(key: string, text: string, quoted: boolean, isLast: boolean): void;
}

class RawPairs implements Pairs {
  readonly fields = new Map<string, RawValue>();

  get size(): number {
    return this.fields.size;
  }

  put(key: string, text: string, quoted: boolean, isLast: boolean): void {
    if (!this.fields.has(key)) this.fields.set(key, { text: isLast && !quoted ? wholeHex(text) : text, quoted });
  }
}

class ObjectPairs implements Pairs {
  readonly object: Record<string, string> = {};
  size = 0;

  put(key: string, text: string, quoted: boolean, isLast: boolean): void {
    if (own(this.object, key) !== undefined) return;
    this.size++;
    const isCut = isLast && !quoted && STRING_FIELDS.has(key);
    const value = valueOf(key, isCut ? wholeHex(text) : text, quoted);
    // Defines an own property, whatever a forged key is called.
    if (key === '__proto__')
      Object.defineProperty(this.object, key, { value, enumerable: true, configurable: true, writable: true });
    else this.object[key] = value;
  }
}

class PairReader {
  readonly #text: string;
  readonly #layout: string[];
  readonly #pairs: Pairs;
  /** Keys read so far. */
  #keys = 0;

  constructor(text: string, layout: string[], pairs: Pairs) {
    this.#text = text;
    this.#layout = layout;
    this.#pairs = pairs;
  }

  read(from: number, to: number, nested: boolean): void {
    const text = this.#text;
    const layout = this.#layout;
    const pairs = this.#pairs;
    let at = from;
    while (at < to && pairs.size < MOST_FIELDS) {
      while (at < to && isBlank(text.charCodeAt(at))) at++;
      let key = layout[this.#keys];
      if (
        key !== undefined &&
        text.startsWith(key, at) &&
        text.charCodeAt(at + key.length) === EQUALS &&
        at + key.length < to
      ) {
        this.#keys++;
        at += key.length + 1;
      } else {
        const start = at;
        for (let unit; at < to && !isBlank((unit = text.charCodeAt(at))) && unit !== EQUALS;) at++;
        if (at >= to) return;
        if (text.charCodeAt(at) !== EQUALS) continue;
        key = this.#learn(text.slice(start, Math.min(at, start + LONGEST_KEY)));
        at++;
      }
      const quote = text.charCodeAt(at);
      if (quote === SINGLE_QUOTE && nested) {
        // User-space records: msg='op=… acct="…" res=success', pairs of their own. A cut line lacks the last quote.
        const last = text.lastIndexOf("'", to - 1);
        const close = last > at ? last : to;
        this.read(at + 1, close, false);
        at = close + 1;
      } else if (quote === DOUBLE_QUOTE) {
        const close = text.indexOf('"', at + 1);
        const valueEnd = close < 0 || close > to ? to : close;
        if (key !== '') pairs.put(key, text.slice(at + 1, valueEnd), true, false);
        at = valueEnd + 1;
      } else {
        const valueAt = at;
        while (at < to && !isBlank(text.charCodeAt(at))) at++;
        if (key !== '') pairs.put(key, text.slice(valueAt, at), false, at >= to);
      }
    }
  }

  /** `key` is expected in this place from now on. Cut ones are not: they are not all that stands there. */
  #learn(key: string): string {
    const place = this.#keys++;
    if (place < LONGEST_LAYOUT && key.length < LONGEST_KEY) this.#layout[place] = flatCopy(key);
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
