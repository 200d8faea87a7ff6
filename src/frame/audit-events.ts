import type { BatchBuilder } from './batch.ts';

/**
 * Tells the lines of one audit event apart: the same key for each of them, `undefined` for a line that is no audit
 * record. `last`: no record of this event follows (EOE).
 */
export type GroupKey = (line: string) => { readonly key: string; readonly last: boolean } | undefined;

/** An event is given up waiting for after this many further audit lines: interleaving spans tens, not hundreds. */
const LINES_OPEN = 512;
/** More open events than this: the oldest is taken as complete. */
const EVENTS_OPEN = 256;
/** How much of a line its key is looked for in: `type=`, `node=` and a syslog header come first. */
const KEY_BYTES = 512;

interface OpenEvent {
  readonly line: number;
  readonly offset: number;
  readonly parts: Uint8Array[];
  readonly key: string;
  bytes: number;
  /** Number of the audit line that came last. */
  touched: number;
  complete: boolean;
}

/**
 * Gathers the records of one audit event, which auditd writes as separate lines, interleaved with those of others.
 * Events leave in the order of their first lines. What a window of lines or events cannot hold leaves as it is.
 */
export class AuditEvents {
  readonly #groupKey: GroupKey;
  readonly #maxBytes: number;
  readonly #batches: BatchBuilder;
  readonly #open = new Map<string, OpenEvent>();
  #seen = 0;

  constructor(groupKey: GroupKey, maxBytes: number, batches: BatchBuilder) {
    this.#groupKey = groupKey;
    this.#maxBytes = maxBytes;
    this.#batches = batches;
  }

  /** Takes the line if it is an audit record; its bytes are copied. */
  take(bytes: Uint8Array, start: number, end: number, line: number, offset: number): boolean {
    const group = this.#groupKey(latin1(bytes, start, Math.min(end, start + KEY_BYTES)));
    if (group === undefined) return false;
    this.#seen++;
    let event = this.#open.get(group.key);
    if (event && event.bytes + (end - start) > this.#maxBytes) {
      // A forged serial that never ends: what there is goes out, and a new event begins.
      event.complete = true;
      this.#release();
      this.#forceOut(event);
      event = undefined;
    }
    if (!event) {
      event = { key: group.key, line, offset, parts: [], bytes: 0, touched: this.#seen, complete: false };
      this.#open.set(group.key, event);
    }
    event.parts.push(bytes.slice(start, end));
    event.bytes += end - start + 1;
    event.touched = this.#seen;
    if (group.last) event.complete = true;
    this.#release();
    return true;
  }

  /** The input has ended: every open event is complete. */
  end(): void {
    for (const event of this.#open.values()) this.#emit(event);
    this.#open.clear();
  }

  /** Lets the oldest events go, as long as they are complete, too old, or too many. */
  #release(): void {
    for (const event of this.#open.values()) {
      const waits = !event.complete && this.#seen - event.touched < LINES_OPEN && this.#open.size <= EVENTS_OPEN;
      if (waits) return;
      this.#forceOut(event);
    }
  }

  #forceOut(event: OpenEvent): void {
    if (!this.#open.delete(event.key)) return;
    this.#emit(event);
  }

  #emit(event: OpenEvent): void {
    this.#batches.addLines(event.parts, event.line, event.offset);
  }
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i] ?? 0);
  return text;
}
