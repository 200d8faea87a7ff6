// What is timed, each over the same events: JSON.parse, the object engine, the product.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';

import { ruleId } from '../src/alert/rule-card.ts';
import { BatchBuilder } from '../src/frame/batch.ts';
import type { Batch } from '../src/frame/batch.ts';
import { Framer } from '../src/frame/framer.ts';
import { evaluatorFor } from '../src/pipeline/executor.ts';
import type { RuleLibrary } from '../src/pipeline/rule-library.ts';
import { readRecord } from '../src/pipeline/read-record.ts';
import { scan } from '../src/pipeline/scan.ts';
import { auditGroupOf } from '../src/pipeline/audit-group.ts';
import { shapeByName } from '../src/shapes/shapes.ts';
import { AlertWriter } from '../src/cli/alert-writer.ts';

export interface Loaded {
  readonly library: RuleLibrary;
  /** Every record is taken as this shape, or `null`. */
  readonly shape: string | null;
}

/** Events to run over, as often as `times` says. */
export interface Extent {
  readonly events: number;
  readonly times: number;
}

/** Which rules matched where: `LINE ID ID …`, a text for each event that matched. */
export type Matches = readonly string[];

export const LOOK_BACK_BYTES = 8 * 1024 * 1024;
const MOST_BYTES = 16 * 1024 * 1024;

/** The events of a stream as scans frame them. */
export function frame(bytes: Uint8Array): readonly Batch[] {
  const batches: Batch[] = [];
  const builder = new BatchBuilder(
    1024 * 1024,
    (size) => new Uint8Array(size),
    (batch) => batches.push(batch),
  );
  const framer = new Framer(
    {
      file: '',
      maxRecordBytes: MOST_BYTES,
      groupOf: auditGroupOf,
      report: ({ message }) => {
        throw new Error(message);
      },
    },
    builder,
  );
  framer.push(bytes);
  framer.end();
  return batches;
}

/** The text of each record with the line it begins on. */
export function* recordsOf(batches: readonly Batch[]): Generator<{ readonly line: number; readonly text: string }> {
  for (const batch of batches) {
    const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.length);
    for (let i = 0; i < batch.count; i++)
      yield { line: batch.lines[i] ?? 0, text: bytes.toString('utf8', batch.starts[i], batch.ends[i]) };
  }
}

/**
 * The yardstick: bytes in memory whose lines are known; each is decoded from UTF-8 and given to `JSON.parse`. Text that is
 * no JSON (auditd) is written as the JSON of the same events first, which is not timed.
 */
export class ParseEveryLine {
  readonly #bytes: Buffer;
  readonly #starts: Uint32Array;

  constructor(batches: readonly Batch[], events: number) {
    this.#starts = new Uint32Array(events + 1);
    const texts: string[] = [];
    let at = 0;
    for (const { text } of recordsOf(batches)) {
      const json = text.startsWith('{') ? text : JSON.stringify(readRecord(text, undefined).events[0]?.record);
      at += Buffer.byteLength(json);
      texts.push(json);
      this.#starts[texts.length] = at;
    }
    this.#bytes = Buffer.from(texts.join(''));
  }

  /** Gives how many objects there were, so that no result is thought unused. */
  run({ events, times }: Extent): number {
    let objects = 0;
    for (let time = 0; time < times; time++) {
      for (let i = 0; i < events; i++) {
        const value: unknown = JSON.parse(this.#bytes.toString('utf8', this.#starts[i], this.#starts[i + 1]));
        if (typeof value === 'object') objects++;
      }
    }
    return objects;
  }
}

/** Every event parsed, recognised and matched as an object; framed beforehand, and nothing is written. */
export function runObjectEngine(loaded: Loaded, batches: readonly Batch[], times: number): Matches {
  const { library, shape } = loaded;
  const matches: string[] = [];
  for (let time = 0; time < times; time++) {
    const evaluator = evaluatorFor({ library, shape, lookBackBytes: LOOK_BACK_BYTES, engine: 'object' });
    for (const batch of batches) {
      for (const { place, matches: found } of evaluator.evaluate('', batch).findings) {
        const ids = found.flatMap(({ rule }) => {
          const header = library.ruleOf(rule);
          return header === undefined ? [] : [ruleId(header)];
        });
        if (time === 0 && ids.length > 0) matches.push([place.line, ...ids.sort()].join(' '));
      }
    }
  }
  return matches;
}

/** The product: `scan` of a file with one thread, alerts written as NDJSON to a stream that takes all. */
export class Product {
  readonly #loaded: Loaded;
  readonly #path: string;
  readonly #size: number;
  written = 0;

  constructor(loaded: Loaded, folder: string, bytes: Uint8Array) {
    this.#loaded = loaded;
    this.#path = join(folder, `lane-${bytes.length}.ndjson`);
    this.#size = bytes.length;
    writeFileSync(this.#path, bytes);
  }

  /** `collect`: tell what matched, once, which costs something. */
  async run(times: number, threads = 1, collect = false): Promise<Matches> {
    const { library, shape } = this.#loaded;
    const matches: string[] = [];
    const out = new Writable({
      write: (chunk: Buffer, _, done) => {
        this.written += chunk.length;
        done();
      },
    });
    const writer = new AlertWriter(out, 'ndjson', () => library.reported);
    const input = { name: this.#path, path: this.#path, size: this.#size };
    await scan({
      inputs: Array.from({ length: times }, () => input),
      library,
      threads,
      shape,
      maxRecordBytes: MOST_BYTES,
      lookBackBytes: LOOK_BACK_BYTES,
      correlation: { latenessMs: Infinity, memoryBytes: 64 * 1024 * 1024 },
      onAlert: (alert) => {
        if (collect && alert.correlation === undefined)
          matches.push([alert.event.place.line, ...alert.rules.map(({ id }) => id).sort()].join(' '));
        return writer.alert(alert);
      },
      onDiagnostic: (diagnostic) => {
        throw new Error(diagnostic.message);
      },
      onProgress: () => undefined,
    });
    await writer.end();
    return matches;
  }
}

export function forcedShape({ shape }: Loaded): ReturnType<typeof shapeByName> {
  return shape === null ? undefined : shapeByName(shape);
}
