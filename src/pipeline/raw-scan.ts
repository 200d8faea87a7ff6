import type { RecordDiagnostic } from '../base/diagnostic.ts';
import type { Sign } from '../base/sign.ts';
import type { Batch } from '../frame/batch.ts';
import type { FrameDiagnosticCode } from '../frame/framer.ts';
import { tooLong } from '../frame/framer.ts';
import type { GroupKey } from '../frame/audit-events.ts';
import { createKernel, PAGE_BYTES } from '../kernel/kernel.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { SparkScanner } from '../prefilter/spark-scanner.ts';
import { IdIndex } from './id-index.ts';
import type { Past } from './look-back.ts';
import { RawPast } from './raw-past.ts';
import { AROUND_BYTES, batchOf, RawRecords } from './raw-records.ts';
import type { RawRecord } from './raw-records.ts';
import { RawWindow } from './raw-window.ts';

const LINE_FEED = 10;
/** Longest text that look-back searches for. */
const NEEDLE_BYTES = 4096;
/** One line in so many holds a spark: framing them all costs less than looking for each. */
const DENSE = 8;

export interface RawScanOptions {
  readonly signs: readonly Sign[];
  readonly maxRecordBytes: number;
  readonly lookBackBytes: number;
  readonly groupKey: GroupKey;
}

/** What happens with what is found in one input. */
export interface RawScanInput {
  readonly file: string;
  /** First byte that is left to the raw scan: where it is in the input. */
  readonly line: number;
  readonly offset: number;
  /** The input up to here: bytes that may be looked back at, and at the end the beginning of a line that is left. */
  readonly past: readonly Uint8Array[];
  /** Hears of the first lines, whole, which may still belong to records that began before; returns how many do. */
  readonly finish: (bytes: Uint8Array, from: number, to: number) => number;
  /** Takes records that may match. They are good until the next call. */
  readonly evaluate: (batch: Batch, past: Past) => void;
  /** Records that no rule can match. */
  readonly skipped: (records: number) => void;
  readonly report: (diagnostic: RecordDiagnostic<FrameDiagnosticCode>) => void;
}

/** The scanner that the last scan is done with: its tables and its memory serve the next one with the same rules. */
let idle: { readonly key: string; readonly scanner: RawScanner } | undefined;

function keyOf({ signs, maxRecordBytes, lookBackBytes }: RawScanOptions): string {
  return JSON.stringify([signs, maxRecordBytes, lookBackBytes]);
}

/** One machine for the inputs of a scan, one after another; `undefined` where there is no SIMD. */
export function takeRawScanner(options: RawScanOptions): RawScanner | undefined {
  const waiting = idle;
  if (waiting?.key === keyOf(options)) {
    idle = undefined;
    return waiting.scanner;
  }
  const kernel = createKernel(4);
  return kernel && new RawScanner(kernel, options);
}

/** A scan is done with it. */
export function releaseRawScanner(scanner: RawScanner, options: RawScanOptions): void {
  idle = { key: keyOf(options), scanner };
}

/**
 * Scans lines of which hardly any matters: bytes are looked at for sparks, without which no rule can match, and only the
 * records around those are framed and evaluated.
 */
export class RawScanner {
  readonly #kernel: Kernel;
  readonly #options: RawScanOptions;
  readonly #sparks: SparkScanner;
  readonly #window: RawWindow;
  readonly #records: RawRecords;
  readonly #ids: IdIndex;
  readonly #past: RawPast;
  /** Offset of the first line that is not done with, and its number. */
  #from = 0;
  #line = 1;
  #input: RawScanInput | undefined;
  #finished = true;
  /** Audit records were met: lines belong together. */
  #hasAudit = false;
  /** Lines ahead that belong to records done with. */
  #ahead = 0;
  /** Offset where a line began that is too long. */
  #skipping: number | undefined;

  constructor(kernel: Kernel, options: RawScanOptions) {
    this.#kernel = kernel;
    this.#options = options;
    const { signs, lookBackBytes, maxRecordBytes, groupKey } = options;
    // The first page is the kernel's own.
    this.#sparks = new SparkScanner(kernel, signs, PAGE_BYTES);
    const needles = this.#sparks.end;
    const ids = needles + 2 * NEEDLE_BYTES;
    this.#window = new RawWindow(kernel, ids + IdIndex.bytesFor(lookBackBytes), lookBackBytes + 2 * AROUND_BYTES);
    this.#records = new RawRecords(this.#window, kernel, groupKey, maxRecordBytes, needles);
    this.#ids = new IdIndex(kernel, this.#window, ids, lookBackBytes);
    this.#past = new RawPast(
      this.#window,
      this.#records,
      this.#ids,
      lookBackBytes,
      needles + NEEDLE_BYTES,
      NEEDLE_BYTES,
    );
  }

  begin(input: RawScanInput): void {
    this.#input = input;
    this.#from = input.offset;
    this.#line = input.line;
    this.#finished = false;
    this.#hasAudit = false;
    this.#ahead = 0;
    this.#skipping = undefined;
    this.#window.reset(0);
    this.#ids.clear();
    for (const bytes of input.past) this.#window.append(bytes, this.#window.start);
  }

  /** Where the next bytes may be put. */
  room(): Uint8Array {
    return this.#window.room(this.#keepFrom());
  }

  push(chunk: Uint8Array): void {
    this.#window.append(chunk, this.#keepFrom());
    const { end } = this.#window;
    if (this.#skipping !== undefined && !this.#endSkipping()) return;
    const from = this.#window.placeOf(this.#from);
    const to = this.#lastLineEnd(from, end - AROUND_BYTES);
    if (to > from) this.#block(from, to, this.#lastLineEnd(to, end));
    else if (end - from > this.#options.maxRecordBytes && this.#lastLineEnd(from, end) === from)
      this.#skipping = this.#from;
  }

  end(): void {
    if (this.#skipping !== undefined && !this.#endSkipping()) {
      this.#tooLong(this.#skipping, this.#line, this.#window.offsetOf(this.#window.end));
      this.#skipping = undefined;
    }
    const from = this.#window.placeOf(this.#from);
    this.#block(from, this.#window.end, this.#window.end);
  }

  #keepFrom(): number {
    const from = this.#window.placeOf(this.#from);
    return from - this.#options.lookBackBytes - 2 * AROUND_BYTES;
  }

  /** One past the last line feed in [from, to), or `from`. */
  #lastLineEnd(from: number, to: number): number {
    if (to <= from) return from;
    return from + this.#window.bytes.subarray(from, to).lastIndexOf(LINE_FEED) + 1;
  }

  /** A line that is too long ends at the next line feed, if that has come. */
  #endSkipping(): boolean {
    const { bytes, end } = this.#window;
    const from = this.#window.placeOf(this.#from);
    const found = bytes.subarray(from, end).indexOf(LINE_FEED);
    if (found === -1) {
      this.#from = this.#window.offsetOf(end);
      return false;
    }
    if (this.#skipping !== undefined) this.#tooLong(this.#skipping, this.#line, this.#from + found);
    this.#from += found + 1;
    this.#line++;
    this.#skipping = undefined;
    return true;
  }

  /** Whole lines: those that begin in [from, to) are done with after it. Lines up to `end` may belong to them. */
  #block(from: number, to: number, end: number): void {
    const input = this.#input;
    if (input === undefined) return;
    const { functions } = this.#kernel;
    this.#window.seal();
    if (!this.#finished) {
      this.#ahead = input.finish(this.#window.bytes, from, end);
      this.#finished = true;
    }
    const { places, hasAudit } = this.#sparks.scan(from, to);
    // Where a sign stands before `audit(` in each line, a host's name, say, the scanner goes on with the next.
    const isFound = places === undefined || places.length > 0;
    this.#hasAudit ||= hasAudit || (isFound && this.#records.holdsAudit(from, to));
    const total = functions.countRecords(from, to);
    let records: readonly RawRecord[];
    if (places === undefined || places.length > total / DENSE) {
      records = this.#records.all(from, to, end, this.#hasAudit);
    } else {
      const beyond = this.#hasAudit && end > to ? (this.#sparks.scan(to, end).places ?? []) : [];
      records = this.#recordsAt([...places, ...beyond], from, to, end);
    }
    let done = this.#ahead;
    let ahead = 0;
    for (const { lines } of records)
      for (const { lineStart } of lines) {
        if (lineStart >= to) ahead++;
        else if (lineStart >= from) done++;
      }
    this.#ahead = ahead;
    input.skipped(Math.max(0, total - done));
    let counted = from;
    let line = this.#line;
    const batch = batchOf(this.#inBounds(records), this.#window, (place) => {
      line += functions.countLineFeeds(counted, place);
      counted = place;
      return line;
    });
    if (batch !== undefined) input.evaluate(batch, this.#past);
    this.#line = line + functions.countLineFeeds(counted, to);
    this.#from = this.#window.offsetOf(to);
  }

  /** The records around sparks whose first line lies in [from, to), each once, in order. */
  #recordsAt(places: readonly number[], from: number, to: number, end: number): readonly RawRecord[] {
    const found = new Map<number, RawRecord>();
    let lastLine = -1;
    for (const place of places) {
      const line = this.#records.lineAt(place, end);
      if (line.lineStart === lastLine || line.start >= line.end) continue;
      lastLine = line.lineStart;
      const record = this.#records.recordOf(line, end);
      const first = record.lines[0]?.lineStart ?? line.lineStart;
      if (first >= from && first < to) found.set(first, record);
    }
    return [...found.values()].sort((a, b) => (a.lines[0]?.lineStart ?? 0) - (b.lines[0]?.lineStart ?? 0));
  }

  /** Those whose line is not too long; the others are reported. */
  #inBounds(records: readonly RawRecord[]): readonly RawRecord[] {
    return records.filter(({ lines: [line] }) => {
      if (line === undefined || line.end - line.start <= this.#options.maxRecordBytes) return true;
      const before = this.#kernel.functions.countLineFeeds(this.#window.placeOf(this.#from), line.lineStart);
      this.#tooLong(this.#window.offsetOf(line.lineStart), this.#line + before, this.#window.offsetOf(line.end));
      return false;
    });
  }

  #tooLong(offset: number, line: number, end: number): void {
    const input = this.#input;
    if (input === undefined) return;
    input.report(tooLong(end - offset, this.#options.maxRecordBytes, { file: input.file, line, byte: offset }));
  }
}
