/** Which audit event a line is of: the same key for each of its lines. `last`: no record of it follows (EOE). */
export interface LineGroup {
  readonly key: string;
  readonly last: boolean;
}

/** Tells it of the line at [start, end); `undefined` for one that is no audit record. */
export type GroupOf = (bytes: Uint8Array, start: number, end: number) => LineGroup | undefined;

/** Takes an event as it leaves: its lines in order, where the first of them stands, and whether it was said that none follows. */
export type EventSink<Line> = (lines: readonly Line[], line: number, offset: number, isComplete: boolean) => void;

/** One line as it comes. */
export interface AuditLine<Line> {
  readonly group: LineGroup;
  readonly size: number;
  readonly line: number;
  readonly offset: number;
  /** What is kept of it; asked for where it is taken. */
  readonly keep: () => Line;
}

/** An event is given up waiting for after this many further audit lines: interleaving spans tens, not hundreds. */
export const LINES_OPEN = 512;
/** More open events than this: the oldest is taken as complete. */
const EVENTS_OPEN = 256;

interface OpenEvent<Line> {
  readonly line: number;
  readonly offset: number;
  readonly parts: Line[];
  readonly key: string;
  bytes: number;
  /** Numbers of the audit lines that came first and last. */
  readonly began: number;
  touched: number;
  complete: boolean;
}

/**
 * Gathers the records of one audit event, which auditd writes as separate lines, interleaved with those of others.
 * Events leave in the order of their first lines. What a window of lines or events cannot hold leaves as it is.
 */
export class AuditEvents<Line> {
  readonly #maxBytes: number;
  readonly #sink: EventSink<Line>;
  readonly #open = new Map<string, OpenEvent<Line>>();
  #seen = 0;
  /** Audit lines seen when the input paused last. */
  #paused = 0;

  constructor(maxBytes: number, sink: EventSink<Line>) {
    this.#maxBytes = maxBytes;
    this.#sink = sink;
  }

  /** There are events whose end has not come. */
  get isWaiting(): boolean {
    return this.#open.size > 0;
  }

  /** Takes the line. `onlyOpen`: if its event has begun already; another's line is seen and left. */
  take({ group, size, line, offset, keep }: AuditLine<Line>, onlyOpen = false): boolean {
    this.#seen++;
    let event = this.#open.get(group.key);
    if (onlyOpen && (event === undefined || event.complete)) {
      this.#release();
      return false;
    }
    if (event && event.bytes + size > this.#maxBytes) {
      // A forged serial that never ends: what there is goes out, and a new event begins.
      event.complete = true;
      this.#release();
      this.#forceOut(event);
      event = undefined;
    }
    if (!event) {
      event = {
        key: group.key,
        line,
        offset,
        parts: [],
        bytes: 0,
        began: this.#seen,
        touched: this.#seen,
        complete: false,
      };
      this.#open.set(group.key, event);
    }
    event.parts.push(keep());
    event.bytes += size + 1;
    event.touched = this.#seen;
    if (group.last) event.complete = true;
    this.#release();
    return true;
  }

  /** Takes an event whose records, all of them, are `lines` lines that stand together. False: some of it has come before; it is left. */
  takeWhole({ group, size, line, offset, keep }: AuditLine<Line>, lines: number): boolean {
    if (this.#open.has(group.key)) return false;
    const began = this.#seen + 1;
    this.#seen += lines;
    this.#open.set(group.key, {
      key: group.key,
      line,
      offset,
      parts: [keep()],
      bytes: size + 1,
      began,
      touched: this.#seen,
      complete: true,
    });
    this.#release();
    return true;
  }

  /** The input pauses: an event that had begun when it paused the last time is complete, or a forged one could keep others waiting. */
  pause(): void {
    for (const event of this.#open.values()) {
      if (!event.complete && event.began > this.#paused) break;
      this.#forceOut(event);
    }
    this.#paused = this.#seen;
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

  #forceOut(event: OpenEvent<Line>): void {
    if (!this.#open.delete(event.key)) return;
    this.#emit(event);
  }

  #emit(event: OpenEvent<Line>): void {
    this.#sink(event.parts, event.line, event.offset, event.complete);
  }
}
