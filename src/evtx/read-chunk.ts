import type { JsonObject } from '../event/json.ts';
import { BinXml } from './binxml.ts';
import { EvtxError } from './cursor.ts';
import { Renderer } from './render.ts';

export const CHUNK_BYTES = 65_536;
export const FILE_HEADER_BYTES = 4096;
const FILE_MAGIC = [0x45, 0x6c, 0x66, 0x46, 0x69, 0x6c, 0x65, 0x00];
const CHUNK_MAGIC = [0x45, 0x6c, 0x66, 0x43, 0x68, 0x6e, 0x6b, 0x00];
const FIRST_RECORD = 512;
const RECORD_MAGIC = 0x2a2a;
/** Header of a record, and the repeated size at its end. */
const RECORD_HEADER = 24;
const RECORD_TRAILER = 4;

export interface EvtxProblem {
  /** Byte within the chunk. */
  readonly at: number;
  readonly message: string;
}

/** Does this begin like a Windows event log file? */
export function isEvtx(bytes: Uint8Array): boolean {
  return startsWith(bytes, FILE_MAGIC);
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return bytes.length >= magic.length && magic.every((byte, i) => bytes[i] === byte);
}

/**
 * The records of one chunk, in order. A record that cannot be read is reported, and its neighbours stay. Total, and bounded
 * by the chunk's size whatever it holds. Of a chunk that is cut short what is there is read.
 */
export function readChunk(chunk: Uint8Array, report: (problem: EvtxProblem) => void): readonly JsonObject[] {
  // Space that the log has not used yet.
  if (chunk.every((byte) => byte === 0)) return [];
  if (!startsWith(chunk, CHUNK_MAGIC) || chunk.length < FIRST_RECORD) {
    report({ at: 0, message: 'no chunk of a Windows event log begins here' });
    return [];
  }
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
  const end = Math.min(chunk.length, Math.max(FIRST_RECORD, view.getUint32(48, true)));
  const binXml = new BinXml(view);
  const records: JsonObject[] = [];
  let at = FIRST_RECORD;
  while (at + RECORD_HEADER <= end) {
    const size = view.getUint32(at + 4, true);
    if (
      view.getUint32(at, true) !== RECORD_MAGIC ||
      size < RECORD_HEADER + RECORD_TRAILER ||
      at + size > chunk.length
    ) {
      report({ at, message: 'no record begins here; the rest of the chunk is passed over' });
      break;
    }
    try {
      const nodes = binXml.fragment(at + RECORD_HEADER, at + size - RECORD_TRAILER);
      records.push(new Renderer(binXml).record(nodes));
    } catch (error) {
      if (!(error instanceof EvtxError)) throw error;
      report({ at, message: `a record cannot be read: ${error.message} (at byte ${error.at} of its chunk)` });
    }
    at += size;
  }
  return records;
}
