import type { BatchBuilder } from './batch.ts';
import type { FramerOptions } from './framer.ts';

const LINE_FEED = 10;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Cuts JSON documents that span lines: each object at the top level, and each object that is an element of an array
 * at the top level, is one record. Only quotes and brackets are followed; whether a record is valid JSON is for the
 * parser to say. After damage it finds its feet at the next line that begins with `{` in the first column.
 */
export class Documents {
  readonly #options: FramerOptions;
  readonly #batches: BatchBuilder;
  #record: Uint8Array[] = [];
  #recordBytes = 0;
  #recordLine = 1;
  #recordOffset = 0;
  /** Brackets open inside the record; 0: between records. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #atLineStart = true;
  #line = 1;
  #offset = 0;
  #tooLong = false;
  /** Bytes outside any record that are not part of an array around them: named once a run. */
  #stray: { readonly line: number; readonly offset: number } | undefined;

  constructor(options: FramerOptions, batches: BatchBuilder) {
    this.#options = options;
    this.#batches = batches;
  }

  push(chunk: Uint8Array): void {
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] ?? 0;
      const startsLine = this.#atLineStart;
      this.#atLineStart = byte === LINE_FEED;
      if (this.#depth > 0 && startsLine && byte === OPEN_BRACE && this.#restartsHere()) {
        this.#keep(chunk, from, i);
        this.#finish();
      }
      if (this.#depth === 0) {
        if (byte === OPEN_BRACE) {
          this.#depth = 1;
          this.#inString = false;
          this.#escaped = false;
          this.#recordLine = this.#line;
          this.#recordOffset = this.#offset + i;
          this.#reportStray();
          from = i;
        } else if (!isBetweenRecords(byte)) {
          this.#stray ??= { line: this.#line, offset: this.#offset + i };
        }
      } else if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE || byte === LINE_FEED) this.#inString = false; // a raw line feed cannot be in a string: it was cut
      } else if (byte === QUOTE) {
        this.#inString = true;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        this.#depth++;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        this.#depth--;
        if (this.#depth === 0) {
          this.#keep(chunk, from, i + 1);
          this.#finish();
        }
      }
      if (byte === LINE_FEED) this.#line++;
    }
    if (this.#depth > 0) this.#keep(chunk, from, chunk.length);
    this.#offset += chunk.length;
  }

  end(): void {
    this.#reportStray();
    if (this.#depth > 0) this.#finish();
  }

  /** Pretty-printed objects are indented inside, so an object in the first column begins a new record; a compact element of an array spans no lines. */
  #restartsHere(): boolean {
    return this.#line > this.#recordLine;
  }

  #keep(chunk: Uint8Array, start: number, end: number): void {
    if (end <= start) return;
    this.#recordBytes += end - start;
    if (this.#recordBytes > this.#options.maxRecordBytes) {
      this.#tooLong = true;
      this.#record = [];
    }
    if (!this.#tooLong) this.#record.push(chunk.slice(start, end));
  }

  /** Puts the record out; line ends inside it become blanks, which JSON does not mind, so that a record is one line. */
  #finish(): void {
    if (this.#tooLong) {
      this.#options.report({
        code: 'record-too-long',
        severity: 'error',
        message: `the JSON document has ${this.#recordBytes} bytes; the longest record read is ${this.#options.maxRecordBytes}. It was passed over (--max-record-bytes raises the bound)`,
        place: { file: this.#options.file, line: this.#recordLine, byte: this.#recordOffset },
      });
    } else if (this.#recordBytes > 0) {
      const whole = new Uint8Array(this.#recordBytes);
      let at = 0;
      for (const part of this.#record) {
        whole.set(part, at);
        at += part.length;
      }
      for (let i = 0; i < whole.length; i++) if (whole[i] === LINE_FEED || whole[i] === 13) whole[i] = 0x20;
      this.#batches.add(whole, 0, whole.length, this.#recordLine, this.#recordOffset);
    }
    this.#record = [];
    this.#recordBytes = 0;
    this.#tooLong = false;
    this.#depth = 0;
    this.#inString = false;
  }

  #reportStray(): void {
    if (!this.#stray) return;
    const { line, offset } = this.#stray;
    this.#stray = undefined;
    this.#options.report({
      code: 'document-cut',
      severity: 'error',
      message:
        'text between JSON documents; expected an object, or an array of objects. It was passed over up to the next object',
      place: { file: this.#options.file, line, byte: offset },
    });
  }
}

/** White space, the commas between elements, and the brackets of the array around them. */
function isBetweenRecords(byte: number): boolean {
  return (
    byte === 0x20 ||
    byte === 0x09 ||
    byte === 0x0a ||
    byte === 0x0d ||
    byte === 0x2c ||
    byte === OPEN_BRACKET ||
    byte === CLOSE_BRACKET
  );
}
