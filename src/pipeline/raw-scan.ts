import type { RecordDiagnostic } from '../base/diagnostic.ts';
import type { Batch } from '../frame/batch.ts';
import type { FrameDiagnosticCode } from '../frame/framer.ts';
import { tooLong } from '../frame/framer.ts';
import type { GroupKey } from '../frame/audit-events.ts';
import { createKernel, PAGE_BYTES } from '../kernel/kernel.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { RequiredSigns } from '../prefilter/required-signs.ts';
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
/** Longest batch of records read in full whose bytes are looked at beforehand. */
const SCRATCH_BYTES = 512 * 1024;
/** What the kernel may read around it. */
const PADDING = 64;
/** One line in so many holds a spark: framing them all costs less than looking for each. */
const DENSE = 8;

export interface RawScanOptions {
  readonly required: RequiredSigns;
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
  /**
   * The input up to here: bytes that may be looked back at, and at the end the beginning of a line that is left. That line is read
   * like those before it, whatever it holds.
   */
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
let idle: { readonly options: RawScanOptions; readonly scanner: RawScanner } | undefined;

function isSame(a: RawScanOptions, b: RawScanOptions): boolean {
  return a.required === b.required && a.maxRecordBytes === b.maxRecordBytes && a.lookBackBytes === b.lookBackBytes;
}

/** One machine for the inputs of a scan, one after another; `undefined` where there is no SIMD. */
export function takeRawScanner(options: RawScanOptions): RawScanner | undefined {
  const waiting = idle;
  if (waiting !== undefined && isSame(waiting.options, options)) {
    idle = undefined;
    return waiting.scanner;
  }
  const kernel = createKernel(4);
  return kernel && new RawScanner(kernel, options);
}

/** A scan is done with it. */
export function releaseRawScanner(scanner: RawScanner, options: RawScanOptions): void {
  idle = { options, scanner };
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
  /** Kernel memory for a batch. */
  readonly #scratch: number;
  /** Offset of the first line that is not done with, and its number. */
  #from = 0;
  #line = 1;
  /** The line that begins before this offset is read in any case. */
  #readTo = 0;
  #input: RawScanInput | undefined;
  #finished = true;
  /** Offset up to which whole lines were looked at, and offsets of sparks in those that are not done with. */
  #looked = 0;
  #sparked: number[] = [];
  /** Up to here too many lines hold sparks to be told one by one. */
  #crowdedTo = 0;
  /** What was met in this input, for `SparkScanner.needs`. */
  #marks = 0;
  /** Audit records were met: lines belong together. */
  #hasAudit = false;
  /** Lines ahead that belong to records done with. */
  #ahead = 0;
  /** Offset where a line began that is too long. */
  #skipping: number | undefined;

  constructor(kernel: Kernel, options: RawScanOptions) {
    this.#kernel = kernel;
    this.#options = options;
    const { required, lookBackBytes, maxRecordBytes, groupKey } = options;
    // The first page is the kernel's own; the rest is made room for by the window.
    this.#sparks = new SparkScanner(kernel, required, PAGE_BYTES);
    const needles = this.#sparks.end;
    this.#scratch = needles + 2 * NEEDLE_BYTES + PADDING;
    const ids = this.#scratch + SCRATCH_BYTES + PADDING;
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
    this.#looked = input.offset;
    this.#sparked = [];
    this.#crowdedTo = 0;
    this.#marks = 0;
    this.#hasAudit = false;
    this.#ahead = 0;
    this.#skipping = undefined;
    this.#window.reset(0);
    this.#ids.clear();
    for (const bytes of input.past) this.#window.append(bytes, this.#window.start);
    this.#readTo = this.#window.offsetOf(this.#window.end);
  }

  /** Which records of a batch may match, a byte for each; `undefined`: that was not looked at. */
  mayMatch({ bytes, count, starts, ends }: Batch): Uint8Array | undefined {
    if (bytes.length + count > SCRATCH_BYTES) return undefined;
    const memory = this.#window.bytes;
    const placeOf = (index: number): number => this.#scratch + (starts[index] ?? 0) + index;
    memory[this.#scratch - 1] = LINE_FEED;
    for (let i = 0; i < count; i++) {
      memory.set(bytes.subarray(starts[i], ends[i]), placeOf(i));
      memory[placeOf(i) + (ends[i] ?? 0) - (starts[i] ?? 0)] = LINE_FEED;
    }
    const end = this.#scratch + bytes.length + count;
    memory.fill(0, end, end + PADDING);
    const { places, marks } = this.#sparks.scan(this.#scratch, end);
    if (places === undefined) return undefined;
    const may = new Uint8Array(count);
    let index = 0;
    for (const place of places) {
      while (index + 1 < count && placeOf(index + 1) <= place) index++;
      if (may[index] === 1) continue;
      let needs = 0;
      const recordEnd = placeOf(index) + (ends[index] ?? 0) - (starts[index] ?? 0);
      // The lines of an audit event.
      for (let at = placeOf(index); at < recordEnd;) {
        const lineEnd = Math.min(recordEnd, memory.indexOf(LINE_FEED, at));
        needs |= this.#sparks.needs(at, lineEnd, marks);
        at = lineEnd + 1;
      }
      if (this.#sparks.suffices(needs >>> 0)) may[index] = 1;
    }
    return may;
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
    const looked = this.#window.placeOf(this.#looked);
    // What was not looked at before these bytes is the beginning of a line.
    const feed = this.#window.bytes.subarray(Math.max(looked, end - chunk.length), end).lastIndexOf(LINE_FEED);
    const whole = feed === -1 ? looked : Math.max(looked, end - chunk.length) + feed + 1;
    this.#look(whole);
    // Lines of one audit event may come much later.
    const to = this.#hasAudit ? this.#lastLineEnd(from, end - AROUND_BYTES) : whole;
    if (to > from) this.#block(from, to, whole);
    else if (end - from > this.#options.maxRecordBytes && this.#lastLineEnd(from, end) === from)
      this.#skipping = this.#from;
  }

  end(): void {
    if (this.#skipping !== undefined && !this.#endSkipping()) {
      this.#tooLong(this.#skipping, this.#line, this.#window.offsetOf(this.#window.end));
      this.#skipping = undefined;
    }
    const { end } = this.#window;
    this.#look(end);
    this.#block(this.#window.placeOf(this.#from), end, end);
  }

  /** Looks at the lines up to `end`, all whole, that were not looked at yet. */
  #look(end: number): void {
    const from = this.#window.placeOf(this.#looked);
    if (end <= from) return;
    this.#window.seal();
    const { places, hasAudit, marks } = this.#sparks.scan(from, end);
    this.#looked = this.#window.offsetOf(end);
    if (places === undefined) this.#crowdedTo = this.#looked;
    else for (const place of places) this.#sparked.push(this.#window.offsetOf(place));
    this.#marks |= marks;
    // Where there are too many, the scanner did not see all lines.
    this.#hasAudit ||= hasAudit || (places === undefined && this.#records.holdsAudit(from, end));
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
      this.#looked = this.#from;
      return false;
    }
    if (this.#skipping !== undefined) this.#tooLong(this.#skipping, this.#line, this.#from + found);
    this.#from += found + 1;
    this.#looked = this.#from;
    this.#line++;
    this.#skipping = undefined;
    return true;
  }

  /** Whole lines: those that begin in [from, to) are done with after it. Lines up to `end` may belong to them. */
  #block(from: number, to: number, end: number): void {
    const input = this.#input;
    if (input === undefined) return;
    const { functions } = this.#kernel;
    if (!this.#finished) {
      this.#ahead = input.finish(this.#window.bytes, from, end);
      this.#finished = true;
    }
    const total = functions.countRecords(from, to);
    const feeds = functions.feedsCounted();
    const begun = this.#begunRecord(from, end);
    const records = this.#inBounds([
      ...begun,
      ...this.#recordsIn(from, to, end, total).filter(
        (record) => record.lines[0]?.lineStart !== begun[0]?.lines[0]?.lineStart && this.#mayMatch(record),
      ),
    ]);
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
    const batch = batchOf(records, this.#window, (place) => {
      line += functions.countLineFeeds(counted, place);
      counted = place;
      return line;
    });
    if (batch !== undefined) input.evaluate(batch, this.#past);
    this.#line += feeds;
    this.#from = this.#window.offsetOf(to);
    if (this.#sparked.length > 0) this.#sparked = this.#sparked.filter((offset) => offset >= this.#from);
  }

  /** The record whose beginning was among what is read in full; lines of audit records may be of events that began before. */
  #begunRecord(from: number, end: number): readonly RawRecord[] {
    if (this.#from >= this.#readTo) return [];
    const line = this.#records.lineAt(from, end);
    if (line.start >= line.end) return [];
    const record = this.#records.recordOf(line, end);
    return record.isAudit ? [] : [record];
  }

  /** Records whose first line lies in [from, to) and that hold a spark; all, where most do. */
  #recordsIn(from: number, to: number, end: number, total: number): readonly RawRecord[] {
    const offset = this.#window.offsetOf(to);
    const inBlock = this.#sparked.filter((spark) => spark < offset).length;
    if (this.#crowdedTo > this.#from || inBlock > total / DENSE)
      return this.#records.all(from, to, end, this.#hasAudit);
    if (this.#sparked.length === 0) return [];
    const places = this.#hasAudit ? this.#sparked : this.#sparked.slice(0, inBlock);
    return this.#recordsAt(
      places.map((spark) => this.#window.placeOf(spark)),
      from,
      to,
      end,
    );
  }

  /** Has the record all that one of the rules needs? */
  #mayMatch({ lines }: RawRecord): boolean {
    let needs = 0;
    for (const { start, end } of lines) needs |= this.#sparks.needs(start, end, this.#marks);
    return this.#sparks.suffices(needs >>> 0);
  }

  /** The records around sparks whose first line lies in [from, to), each once, in order. */
  #recordsAt(places: readonly number[], from: number, to: number, end: number): readonly RawRecord[] {
    const found = new Map<number, RawRecord>();
    /** Lines of the records that were found: most lines of one event hold the same signs. */
    const known = new Set<number>();
    for (const place of places) {
      const line = this.#records.lineAt(place, end);
      if (known.has(line.lineStart) || line.start >= line.end) continue;
      const record = this.#records.recordOf(line, end);
      known.add(line.lineStart);
      for (const { lineStart } of record.lines) known.add(lineStart);
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
