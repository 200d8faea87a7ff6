import type { Json } from '../event/json.ts';
import { CHUNK_BYTES, FILE_HEADER_BYTES, isEvtx, readChunk } from '../evtx/read-chunk.ts';

/** Something in a file that could not be read; what stands around it was. */
export interface SourceProblem {
  readonly code: 'evtx-malformed';
  readonly message: string;
  /** Byte in the decompressed file. */
  readonly byte: number;
  /** The line, as records are lines, before which it stands. */
  readonly line: number;
}

/** Turns a Windows event log (EVTX) into lines of JSON, one record each, as its chunks come; other bytes pass as they are. */
export async function* evtxToJson(
  bytes: AsyncIterable<Uint8Array>,
  report: (problem: SourceProblem) => void,
): AsyncGenerator<Uint8Array> {
  let held: Uint8Array = new Uint8Array(0);
  let reader: EvtxReader | undefined;
  let isDecided = false;
  for await (const chunk of bytes) {
    if (reader) {
      yield* reader.push(chunk);
      continue;
    }
    if (isDecided) {
      yield chunk;
      continue;
    }
    held = held.length === 0 ? chunk.slice() : Buffer.concat([held, chunk]);
    if (held.length < MAGIC_BYTES) continue;
    isDecided = true;
    if (isEvtx(held)) yield* (reader = new EvtxReader(report)).push(held);
    else yield held;
  }
  if (reader) yield* reader.end();
  else if (!isDecided && held.length > 0) yield held;
}

const MAGIC_BYTES = 8;

class EvtxReader {
  readonly #report: (problem: SourceProblem) => void;
  #pieces: Uint8Array[] = [];
  #size = 0;
  /** Byte at which what is held begins. */
  #offset = 0;
  #line = 1;

  constructor(report: (problem: SourceProblem) => void) {
    this.#report = report;
  }

  *push(bytes: Uint8Array): Generator<Uint8Array> {
    this.#pieces.push(bytes.slice());
    this.#size += bytes.length;
    const wanted = this.#offset === 0 ? FILE_HEADER_BYTES + CHUNK_BYTES : CHUNK_BYTES;
    if (this.#size < wanted) return;
    let held: Uint8Array = Buffer.concat(this.#pieces);
    if (this.#offset === 0) held = this.#pass(held, FILE_HEADER_BYTES);
    while (held.length >= CHUNK_BYTES) {
      yield* this.#chunk(held.subarray(0, CHUNK_BYTES));
      held = this.#pass(held, CHUNK_BYTES);
    }
    this.#pieces = [held];
    this.#size = held.length;
  }

  /** A log that is cut short: what is there. */
  *end(): Generator<Uint8Array> {
    let held: Uint8Array = Buffer.concat(this.#pieces);
    if (this.#offset === 0) held = this.#pass(held, Math.min(held.length, FILE_HEADER_BYTES));
    if (held.length > 0) yield* this.#chunk(held);
  }

  #pass(held: Uint8Array, count: number): Uint8Array {
    this.#offset += count;
    return held.subarray(count);
  }

  *#chunk(chunk: Uint8Array): Generator<Uint8Array> {
    const records = readChunk(chunk, ({ at, message }) =>
      this.#report({ code: 'evtx-malformed', message, byte: this.#offset + at, line: this.#line }),
    );
    if (records.length === 0) return;
    this.#line += records.length;
    yield Buffer.from(`${records.map(line).join('\n')}\n`);
  }
}

/** Whole numbers that a JSON reader would round are texts. */
function line(record: Json): string {
  return JSON.stringify(record, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}
