import type { RecordDiagnostic } from '../base/diagnostic.ts';
import { AuditEvents } from './audit-events.ts';
import type { GroupKey } from './audit-events.ts';
import type { BatchBuilder } from './batch.ts';
import { Documents } from './documents.ts';
import { looksLikeDocuments } from './looks-like-documents.ts';

export type FrameDiagnosticCode = 'record-too-long' | 'document-cut';

export interface FramerOptions {
  /** Name of the input, for diagnostics. */
  readonly file: string;
  /** A longer record is passed over with `record-too-long`. */
  readonly maxRecordBytes: number;
  /** Which lines are records of one audit event. */
  readonly groupKey: GroupKey;
  readonly report: (diagnostic: RecordDiagnostic<FrameDiagnosticCode>) => void;
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const OPEN_BRACE = 0x7b;

/** How much of an input is looked at to tell lines from documents that span lines. */
const PROBE_BYTES = 64 * 1024;

/**
 * Cuts the decoded bytes of one input into records: lines, the audit records of one event (gathered from several
 * lines), or JSON documents that span lines (pretty-printed, or the elements of one array).
 */
export class Framer {
  readonly #options: FramerOptions;
  readonly #batches: BatchBuilder;
  readonly #audit: AuditEvents;
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
    this.#audit = new AuditEvents(options.groupKey, options.maxRecordBytes, batches);
  }

  /** Takes the next decoded bytes. They are copied where they must be kept. */
  push(chunk: Uint8Array): void {
    if (this.#probing) {
      this.#pending.push(chunk.slice());
      this.#pendingBytes += chunk.length;
      if (this.#pendingBytes >= PROBE_BYTES) this.#settle();
      return;
    }
    this.#cut(chunk);
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
    const end = lineEnd > start && bytes[lineEnd - 1] === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd;
    let first = start;
    while (first < end && isBlank(bytes[first])) first++;
    if (first === end) return;
    if (end - first > this.#options.maxRecordBytes) {
      this.#skipping = { line: this.#line, offset: this.#offset };
      this.#tooLong(this.#offset + (end - start));
      return;
    }
    if (bytes[first] !== OPEN_BRACE && this.#audit.take(bytes, first, end, this.#line, this.#offset)) return;
    this.#batches.add(bytes, first, end, this.#line, this.#offset);
  }

  #tooLong(endOffset: number): void {
    const { line, offset } = this.#skipping ?? { line: this.#line, offset: this.#offset };
    this.#skipping = undefined;
    this.#options.report({
      code: 'record-too-long',
      severity: 'error',
      message: `the line has ${endOffset - offset} bytes; the longest record read is ${this.#options.maxRecordBytes}. It was passed over (--max-record-bytes raises the bound)`,
      place: { file: this.#options.file, line, byte: offset },
    });
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === CARRIAGE_RETURN;
}
