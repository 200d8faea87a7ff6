import type { JsonObject } from '../event/json.ts';
import { BatchBuilder } from '../frame/batch.ts';
import type { Batch } from '../frame/batch.ts';
import { Framer } from '../frame/framer.ts';
import type { Shape } from '../shapes/shape.ts';
import { auditGroupOf } from './audit-group.ts';
import { readRecord } from './read-record.ts';

/** Longest record, and bytes of a batch. */
const MOST_BYTES = 16 * 1024 * 1024;

/** The events of a text as scans would read them, and what is wrong with the others. `forced`: all are of this shape. */
export function readEvents(
  text: string,
  forced: Shape | undefined,
): {
  readonly events: readonly { readonly shape: Shape; readonly record: JsonObject }[];
  readonly problems: readonly string[];
} {
  const batches: Batch[] = [];
  const problems: string[] = [];
  const builder = new BatchBuilder(
    MOST_BYTES,
    (size) => new Uint8Array(size),
    (batch) => batches.push(batch),
  );
  const framer = new Framer(
    {
      file: '',
      maxRecordBytes: MOST_BYTES,
      groupOf: auditGroupOf,
      report: ({ message }) => problems.push(message),
    },
    builder,
  );
  framer.push(Buffer.from(text));
  framer.end();
  const events = batches.flatMap((batch) =>
    Array.from({ length: batch.count }, (_, i) => {
      const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.length);
      const read = readRecord(bytes.toString('utf8', batch.starts[i], batch.ends[i]), forced);
      if (read.problem) problems.push(read.problem.message);
      return read.events;
    }).flat(),
  );
  return { events, problems };
}
