import type { LineTokens } from '../byte-engine/line-tokens.ts';
import { TokenKind } from '../byte-engine/line-tokens.ts';
import { invariant } from '../base/invariant.ts';
import type { EventSchema } from '../engine/event-view.ts';
import type { FieldValue, Scalar } from '../event/json.ts';
import type { Shape } from '../shapes/shape.ts';
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

  /** The scalar of a node; `undefined` where there is none, or `'whole'`: only the event says. */
  scalar(node: number): { readonly value: Scalar } | 'whole' | undefined {
    const tokens = this.#tokens;
    invariant(tokens, 'no line was begun');
    const token = tokens.find(node);
    if (token === -1) return undefined;
    const start = tokens.start(token);
    const end = tokens.end(token);
    switch (tokens.kind(token)) {
      case TokenKind.string:
        return { value: this.#buffer.toString('utf8', start, end) };
      case TokenKind.escaped: {
        const value: unknown = JSON.parse(this.#buffer.toString('utf8', start - 1, end + 1));
        return typeof value === 'string' ? { value } : 'whole';
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
}

/** How rules read lines of a shape, given how they read its events. `node`: where the kernel finds a key of the record. */
export function lineSchema(
  shape: Shape,
  events: EventSchema<ScanEvent>,
  node: (key: string) => number,
): EventSchema<LineEvent> {
  return {
    name: events.name,
    field(name) {
      const inEvent = events.field(name);
      if (inEvent === undefined) return undefined;
      const places = shape.places?.(name);
      const number = places?.kind === 'own' ? node(places.key) : 0;
      if (places?.kind !== 'own' || number === 0) return (line) => inEvent(line.event);
      return (line): FieldValue => {
        const found = line.scalar(number);
        if (found === undefined) return undefined;
        return found === 'whole' ? inEvent(line.event) : places.read(found.value);
      };
    },
    keywords: (line) => events.keywords(line.event),
    logSource: (line) => events.logSource(line.event),
  };
}
