import type { Lane, LaneEvent, Part } from './lane.ts';
import { Values } from './values.ts';

export interface StreamOptions {
  readonly seed: string;
  /** The stream ends with the first event that reaches it. */
  readonly bytes: number;
  readonly repeating: boolean;
  /** Of all events. As many again are near misses. */
  readonly hitShare: number;
  /** `false`: records do not say where they come from. */
  readonly withLogSource: boolean;
}

export interface Stream {
  readonly bytes: Buffer;
  readonly events: number;
  readonly processStarts: number;
  /** 1-based number of an event's first line, and what it must raise. */
  readonly hits: readonly { readonly line: number; readonly pack?: string; readonly rule?: string }[];
}

/** Events of a lane up to a size. The same options give the same bytes, on every machine. */
export function makeStream(lane: Lane, options: StreamOptions): Stream {
  const values = new Values(
    `${options.seed} ${lane.name} ${options.repeating ? 'repeating' : 'unique'}`,
    options.repeating,
  );
  const next = lane.writer(values);
  const hits: { line: number; pack?: string; rule?: string }[] = [];
  const blocks: Buffer[] = [];
  let block = '';
  let size = 0;
  let line = 1;
  let events = 0;
  let processStarts = 0;
  const flush = (): void => {
    const bytes = Buffer.from(block);
    blocks.push(bytes);
    size += bytes.length;
    block = '';
  };
  while (size + block.length < options.bytes) {
    const event = next(part(values, options.hitShare));
    events++;
    if (event.startsProcess) processStarts++;
    if (event.pack !== undefined || event.rule !== undefined)
      hits.push({
        line,
        ...(event.pack === undefined ? {} : { pack: event.pack }),
        ...(event.rule === undefined ? {} : { rule: event.rule }),
      });
    for (const text of linesOf(event, options.withLogSource)) {
      block += `${text}\n`;
      line++;
    }
    if (block.length > 65_536) flush();
  }
  flush();
  return { bytes: Buffer.concat(blocks), events, processStarts, hits };
}

function part(values: Values, hitShare: number): Part {
  const drawn = values.random.next();
  return drawn < hitShare ? 'hit' : drawn < 2 * hitShare ? 'near' : 'ordinary';
}

const LOG_SOURCE: ReadonlySet<string> = new Set(['product', 'category', 'service']);

function linesOf({ record }: LaneEvent, withLogSource: boolean): readonly string[] {
  if (isLines(record)) return record;
  if (withLogSource) return [JSON.stringify(record)];
  return [JSON.stringify(Object.fromEntries(Object.entries(record).filter(([key]) => !LOG_SOURCE.has(key))))];
}

function isLines(record: LaneEvent['record']): record is readonly string[] {
  return Array.isArray(record);
}
