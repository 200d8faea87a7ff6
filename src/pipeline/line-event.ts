import { ABSENT, fieldNode, fieldToken, UNSURE } from '../byte-engine/field-token.ts';
import type { FieldNode } from '../byte-engine/field-token.ts';
import type { LineTokens } from '../byte-engine/line-tokens.ts';
import { TokenKind } from '../byte-engine/line-tokens.ts';
import { invariant } from '../base/invariant.ts';
import type { EventSchema } from '../engine/event-view.ts';
import type { FieldPlaces } from '../event/field-places.ts';
import type { FieldValue, Scalar } from '../event/json.ts';
import { isoTime } from '../shapes/time.ts';
import type { ScanEvent } from './scan-event.ts';

/**
 * One event as it stands in the bytes of its line: fields are decoded when a rule asks for them, and the record is only
 * read where a field cannot be had otherwise. Used again for line after line.
 */
export class LineEvent {
  #tokens: LineTokens | undefined;
  #read: (() => ScanEvent) | undefined;
  #event: ScanEvent | undefined;
  #buffer: Buffer = Buffer.alloc(0);

  /** The line that is looked at now. `read` reads it in full. */
  begin(tokens: LineTokens, read: () => ScanEvent): void {
    this.#tokens = tokens;
    this.#read = read;
    this.#event = undefined;
    if (this.#buffer.buffer !== tokens.bytes.buffer) {
      const { buffer, byteOffset, length } = tokens.bytes;
      this.#buffer = Buffer.from(buffer, byteOffset, length);
    }
  }

  /** The event, read in full. */
  get event(): ScanEvent {
    if (this.#event === undefined) {
      invariant(this.#read, 'no line was begun');
      this.#event = this.#read();
    }
    return this.#event;
  }

  /** Is anything at the node? */
  has(node: number): boolean {
    invariant(this.#tokens, 'no line was begun');
    return this.#tokens.find(node) !== ABSENT;
  }

  /** The scalar of a node; `undefined` where there is none, or `'whole'`: only the event says. */
  scalar(node: number): { readonly value: Scalar } | 'whole' | undefined {
    const tokens = this.#tokens;
    invariant(tokens, 'no line was begun');
    return this.#scalarAt(tokens, tokens.find(node));
  }

  /** The same of a field. */
  scalarOf(field: FieldNode): { readonly value: Scalar } | 'whole' | undefined {
    const tokens = this.#tokens;
    invariant(tokens, 'no line was begun');
    const token = fieldToken(field, tokens);
    return token === UNSURE ? 'whole' : this.#scalarAt(tokens, token);
  }

  #scalarAt(tokens: LineTokens, token: number): { readonly value: Scalar } | 'whole' | undefined {
    if (token === ABSENT) return undefined;
    const start = tokens.start(token);
    const end = tokens.end(token);
    switch (tokens.kind(token)) {
      case TokenKind.string:
        return { value: this.#buffer.toString(tokens.isAscii(token) ? 'latin1' : 'utf8', start, end) };
      case TokenKind.escaped: {
        const value = this.#unescaped(start, end, tokens.isAscii(token));
        return value === undefined ? 'whole' : { value };
      }
      case TokenKind.plainNumber:
        return { value: Number(this.#buffer.toString('latin1', start, end)) };
      case TokenKind.boolean:
        return { value: end - start === 4 };
      case TokenKind.null:
        return { value: null };
      default:
        return 'whole';
    }
  }

  /** What `Shape.time` gives, of which `nodes` are the keys. */
  time(nodes: readonly number[]): string | undefined {
    for (const node of nodes) {
      const found = this.scalar(node);
      if (found === undefined) continue;
      if (found === 'whole') return this.event.time;
      const time = isoTime(found.value);
      if (time !== undefined) return time;
    }
    return undefined;
  }

  /** The text whose bytes, with escapes among them, stand in [start, end). */
  #unescaped(start: number, end: number, isAscii: boolean): string | undefined {
    const length = end - start > LONGEST ? undefined : copyUnescaped(this.#buffer, start, end);
    if (length !== undefined) return unescaped.toString(isAscii ? 'latin1' : 'utf8', 0, length);
    const value: unknown = JSON.parse(this.#buffer.toString('utf8', start - 1, end + 1));
    return typeof value === 'string' ? value : undefined;
  }
}

/** Longest text with escapes that is read here; a longer one is left to JSON.parse. */
const LONGEST = 4096;
const unescaped = Buffer.alloc(LONGEST);
const BACKSLASH = 0x5c;
/** By the byte behind a backslash what both stand for; others are left to JSON.parse. */
const ESCAPES = new Uint8Array(256);
for (const [written, meant] of ['\\\\', '""', '//', 'b\b', 'f\f', 'n\n', 'r\r', 't\t'])
  ESCAPES[written?.charCodeAt(0) ?? 0] = meant?.charCodeAt(0) ?? 0;

/** Writes what the bytes stand for to `unescaped`; gives how long it is, or `undefined` where JSON.parse must say. */
function copyUnescaped(bytes: Uint8Array, start: number, end: number): number | undefined {
  let to = 0;
  for (let at = start; at < end; at++) {
    let byte = bytes[at] ?? 0;
    if (byte === BACKSLASH) {
      byte = ESCAPES[bytes[++at] ?? 0] ?? 0;
      if (byte === 0) return undefined;
    }
    unescaped[to++] = byte;
  }
  return to;
}

/**
 * How rules read lines of a shape, given how they read its events. `placesOf`: where a field's values stand. `node`: where the
 * kernel finds a path of the record.
 */
export function lineSchema(
  events: EventSchema<ScanEvent>,
  placesOf: (field: string) => FieldPlaces | undefined,
  node: (path: string) => number,
): EventSchema<LineEvent> {
  return {
    name: events.name,
    field(name) {
      const inEvent = events.field(name);
      if (inEvent === undefined) return undefined;
      const places = placesOf(name);
      if (places?.kind === 'texts') return whereAny(places.paths.map(node), inEvent);
      const own = fieldNode(places, node);
      if (own === undefined) return (line) => inEvent(line.event);
      return (line): FieldValue => {
        const found = line.scalarOf(own);
        if (found === undefined) return undefined;
        if (found === 'whole') return inEvent(line.event);
        const { value } = found;
        return typeof value === 'string' && own.nothing.has(value) ? undefined : value;
      };
    },
    keywords: (line) => events.keywords(line.event),
    logSource: (line) => events.logSource(line.event),
  };
}

/** A field that is absent where none of the nodes is there; else the record is read. */
function whereAny(
  nodes: readonly number[],
  inEvent: (event: ScanEvent) => FieldValue,
): (line: LineEvent) => FieldValue {
  if (nodes.includes(0)) return (line) => inEvent(line.event);
  return (line) => {
    for (const node of nodes) if (line.has(node)) return inEvent(line.event);
    return undefined;
  };
}
