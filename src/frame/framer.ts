import type { RecordDiagnostic, RecordPlace } from '../base/diagnostic.ts';
import { AuditEvents } from './audit-events.ts';
import type { GroupOf } from './audit-events.ts';
import type { BatchBuilder } from './batch.ts';
import { Documents } from './documents.ts';
import { lineFinder } from './line-finder.ts';
import type { LineFinder } from './line-finder.ts';
import { looksLikeDocuments } from './looks-like-documents.ts';

export type FrameDiagnosticCode = 'record-too-long' | 'document-cut';

export interface FramerOptions {
  /** Name of the input, for diagnostics. */
  readonly file: string;
  /** A longer record is passed over with `record-too-long`. */
  readonly maxRecordBytes: number;
  /** Which lines are records of one audit event. */
  readonly groupOf: GroupOf;
  readonly report: (diagnostic: RecordDiagnostic<FrameDiagnosticCode>) => void;
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const OPEN_BRACE = 0x7b;

/** In less than this, lines are found one by one. */
const MANY_BYTES = 4096;

/** How much of an input is looked at to tell lines from documents that span lines. */
const PROBE_BYTES = 64 * 1024;

/**
 * Cuts the decoded bytes of one input into records: lines, the audit records of one event (gathered from several
 * lines), or JSON documents that span lines (pretty-printed, or the elements of one array).
 */
export class Framer {
  readonly #options: FramerOptions;
  readonly #batches: BatchBuilder;
  readonly #audit: AuditEvents<Uint8Array>;
  /** Decoded bytes that are not yet cut: the beginning of a line whose end has not come. */
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #line = 1;
  /** Offset of the first pending byte. */
  #offset = 0;
  /** Set while the rest of an over-long line is passed over: where it began. */
  #skipping: { readonly line: number; readonly offset: number } | undefined;
  #documents: Documents | undefined;
  #probing = true;

  constructor(options: FramerOptions, batches: BatchBuilder) {
    this.#options = options;
    this.#batches = batches;
    this.#audit = new AuditEvents<Uint8Array>(options.maxRecordBytes, (lines, line, offset) =>
      batches.addLines(lines, line, offset),
    );
  }

  /** Takes the next decoded bytes. They are copied where they must be kept. */
  push(chunk: Uint8Array): void {
    let from = 0;
    if (this.#probing) {
      from = Math.min(chunk.length, PROBE_BYTES - this.#pendingBytes);
      this.#hold(chunk.slice(0, from));
      if (this.#pendingBytes < PROBE_BYTES) return;
      this.#settle();
    }
    if (from < chunk.length) this.#cut(chunk.subarray(from));
  }

  /**
   * Leaves what follows to another: gives the line and the offset of the first line that is not framed, of which a part may
   * have been pushed. `undefined` where nothing can be left: the input holds documents, or is in the middle of a
   * line that is too long. Only `windDown` and `end` may follow.
   */
  handOver(): { readonly line: number; readonly offset: number } | undefined {
    if (this.#probing) this.#settle();
    if (this.#documents || this.#skipping) return undefined;
    this.#takePending();
    return { line: this.#line, offset: this.#offset };
  }

  /**
   * After `handOver`: takes those of the lines that follow that belong to audit events which have begun, and says how many
   * it took. `bytes` holds whole lines.
   */
  windDown(bytes: Uint8Array, from: number, to: number): number {
    let taken = 0;
    for (let start = from; start < to && this.#audit.isWaiting;) {
      const found = bytes.indexOf(LINE_FEED, start);
      const lineEnd = found === -1 || found > to ? to : found;
      const { first, end } = trimLine(bytes, start, lineEnd);
      if (first < end && this.#takeAudit(bytes, first, end, 0, 0, true)) taken++;
      start = lineEnd + 1;
    }
    return taken;
  }

  /** After `windDown`: there are audit events whose end has not come. */
  get isWindingDown(): boolean {
    return this.#audit.isWaiting;
  }

  /**
   * The input pauses: whole records do not wait for more. Of an audit event the rest is waited for until the next pause;
   * says whether there is such an event.
   */
  pause(): boolean {
    if (this.#probing && !this.#tellsLinesFromDocuments()) return false;
    this.#audit.pause();
    this.#batches.pause();
    return this.#audit.isWaiting;
  }

  /** Settles that from what has come so far, if a line of it is whole. */
  #tellsLinesFromDocuments(): boolean {
    const head = this.#takePending();
    this.#hold(head);
    const first = head.findIndex((byte) => !isBlank(byte) && byte !== LINE_FEED);
    if (first === -1 || !head.includes(LINE_FEED, first)) return false;
    this.#settle();
    return true;
  }

  /** The input has ended, or failed: what is left is the last record. */
  end(): void {
    if (this.#probing) this.#settle();
    if (this.#documents) {
      this.#documents.end();
    } else if (this.#skipping) {
      this.#tooLong(this.#offset + this.#pendingBytes);
    } else if (this.#pendingBytes > 0) {
      const rest = this.#takePending();
      this.#record(rest, 0, rest.length);
    }
    this.#audit.end();
    this.#batches.flush();
  }

  /** Decides between lines and documents, then cuts what the probe held back. */
  #settle(): void {
    this.#probing = false;
    const head = this.#takePending();
    if (looksLikeDocuments(head)) this.#documents = new Documents(this.#options, this.#batches);
    this.#cut(head);
  }

  #cut(chunk: Uint8Array): void {
    if (this.#documents) {
      this.#documents.push(chunk);
      return;
    }
    let from = 0;
    for (;;) {
      if (!this.#skipping && this.#pendingBytes === 0) from = this.#cutLines(chunk, from);
      const at = chunk.indexOf(LINE_FEED, from);
      if (at === -1) break;
      if (this.#skipping) {
        this.#tooLong(this.#offset + this.#pendingBytes + (at - from));
        this.#offset += this.#pendingBytes + (at - from) + 1;
        this.#pendingBytes = 0;
      } else if (this.#pendingBytes > 0) {
        this.#hold(chunk.subarray(from, at));
        const line = this.#takePending();
        this.#record(line, 0, line.length);
        this.#offset += line.length + 1;
      } else {
        this.#record(chunk, from, at);
        this.#offset += at - from + 1;
      }
      this.#line++;
      from = at + 1;
    }
    if (from < chunk.length) this.#hold(chunk.slice(from));
    if (!this.#skipping && this.#pendingBytes > this.#options.maxRecordBytes) {
      this.#skipping = { line: this.#line, offset: this.#offset };
      this.#pending = [];
    }
  }

  /** Many lines at a time, where the machine can; gives where it has stopped: at the beginning of a line. */
  #cutLines(chunk: Uint8Array, start: number): number {
    let from = start;
    while (chunk.length - from >= MANY_BYTES) {
      const finder = lineFinder();
      if (finder === undefined) break;
      finder.load(chunk, from);
      let done = 0;
      for (;;) {
        const { count, lines, next, oddEnd, isMore } = finder.find(done, this.#options.maxRecordBytes);
        this.#batches.addRun(chunk, from, finder, count, this.#line, this.#offset - done);
        this.#line += lines;
        this.#offset += next - done;
        done = next;
        if (oddEnd !== -1) {
          const eventsEnd = this.#takeEvents(chunk, from, finder, done);
          if (eventsEnd > done) {
            done = eventsEnd;
            continue;
          }
          this.#record(chunk, from + next, from + oddEnd);
          this.#line++;
          this.#offset += oddEnd + 1 - next;
          done = oddEnd + 1;
        } else if (!isMore) break;
      }
      // The line is longer than what is looked at, or goes on in the next chunk.
      if (done === 0) break;
      from += done;
    }
    return from;
  }

  #hold(part: Uint8Array): void {
    this.#pendingBytes += part.length;
    if (!this.#skipping) this.#pending.push(part);
  }

  #takePending(): Uint8Array {
    const [first] = this.#pending;
    const whole = this.#pending.length === 1 && first ? first : new Uint8Array(this.#pendingBytes);
    if (whole !== first) {
      let at = 0;
      for (const part of this.#pending) {
        whole.set(part, at);
        at += part.length;
      }
    }
    this.#pending = [];
    this.#pendingBytes = 0;
    return whole;
  }

  /** One line, without its line feed. Blank lines are nothing. */
  #record(bytes: Uint8Array, start: number, lineEnd: number): void {
    const { first, end } = trimLine(bytes, start, lineEnd);
    if (first === end) return;
    if (end - first > this.#options.maxRecordBytes) {
      this.#skipping = { line: this.#line, offset: this.#offset };
      this.#tooLong(this.#offset + (lineEnd - start));
      return;
    }
    if (this.#takeAudit(bytes, first, end, this.#line, this.#offset)) return;
    this.#batches.add(bytes, first, end, this.#line, this.#offset);
  }

  /** Takes the record at [start, end) if it is one line of an audit event. `onlyOpen`: of one that has begun. */
  #takeAudit(bytes: Uint8Array, start: number, end: number, line: number, offset: number, onlyOpen = false): boolean {
    if (bytes[start] === OPEN_BRACE) return false;
    const group = this.#options.groupOf(bytes, start, end);
    if (group === undefined) return false;
    const keep = (): Uint8Array => bytes.slice(start, end);
    return this.#audit.take({ group, size: end - start, line, offset, keep }, onlyOpen);
  }

  /** Takes audit events that stand whole one after another from `start` of what the finder holds, of which none came before; gives where they end. */
  #takeEvents(chunk: Uint8Array, from: number, finder: LineFinder, start: number): number {
    let at = start;
    for (let found = finder.event(at); found !== undefined; found = finder.event(at)) {
      const size = found.end - at;
      const first = from + at;
      const group = this.#options.groupOf(chunk, first, from + found.firstEnd);
      const keep = (): Uint8Array => chunk.slice(first, first + size);
      const isTaken =
        size <= this.#options.maxRecordBytes &&
        group !== undefined &&
        this.#audit.takeWhole({ group, size, line: this.#line, offset: this.#offset, keep }, found.lines);
      if (!isTaken) {
        finder.passEvents(found.end);
        break;
      }
      this.#line += found.lines;
      this.#offset += size + 1;
      at += size + 1;
    }
    return at;
  }

  #tooLong(endOffset: number): void {
    const { line, offset } = this.#skipping ?? { line: this.#line, offset: this.#offset };
    this.#skipping = undefined;
    this.#options.report(
      tooLong(endOffset - offset, this.#options.maxRecordBytes, { file: this.#options.file, line, byte: offset }),
    );
  }
}

/** What is said of a line of `bytes` that is passed over for its length. */
export function tooLong(bytes: number, most: number, place: RecordPlace): RecordDiagnostic<FrameDiagnosticCode> {
  return {
    code: 'record-too-long',
    severity: 'error',
    message: `the line has ${bytes} bytes; the longest record read is ${most}. It was passed over (--max-record-bytes raises the bound)`,
    place,
  };
}

/**
 * Where a line's record begins and ends: without blanks before it, and without a carriage return. Files that begin with a byte order
 * mark bring it along where they are joined.
 */
export function trimLine(
  bytes: Uint8Array,
  start: number,
  lineEnd: number,
): { readonly first: number; readonly end: number } {
  const end = lineEnd > start && bytes[lineEnd - 1] === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd;
  let first = start;
  for (;;) {
    while (first < end && isBlank(bytes[first])) first++;
    const isMark = bytes[first] === 0xef && first + 2 < end && bytes[first + 1] === 0xbb && bytes[first + 2] === 0xbf;
    if (!isMark) return { first, end };
    first += 3;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === CARRIAGE_RETURN;
}
