import type { RecordDiagnostic } from '../base/diagnostic.ts';
import type { Batch } from '../frame/batch.ts';
import type { FrameDiagnosticCode } from '../frame/framer.ts';
import { tooLong } from '../frame/framer.ts';
import { createKernel, PAGE_BYTES } from '../kernel/kernel.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { RequiredSigns } from '../prefilter/required-signs.ts';
import { SparkScanner } from '../prefilter/spark-scanner.ts';
import { auditGroupOf } from './audit-group.ts';
import { IdIndex } from './id-index.ts';
import type { Past } from './look-back.ts';
import { RawPast } from './raw-past.ts';
import { AROUND_BYTES, batchOf, byFirstLine, RawRecords } from './raw-records.ts';
import type { RawLine, RawRecord } from './raw-records.ts';
import { RawWindow } from './raw-window.ts';
import type { ReadAt } from './raw-window.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** Where a line began that is too long: somewhere before the part of the input at hand. */
const BEFORE = -1;
/** Longest text that look-back searches for. */
const NEEDLE_BYTES = 4096;
/**
 * Lines are looked at in blocks that end at multiples of this offset, whatever was read at once and whichever thread reads:
 * what is skipped, and what is said, depends on what is in a block.
 */
export const BLOCK_BYTES = 1024 * 1024;
/** Bytes are searched for sparks in parts of blocks, as soon as they are there: a core's own cache still holds them. */
const PART_BYTES = AROUND_BYTES;
/** Within a part, the kernel notes how many line feeds stand before each further so many bytes, so often at most (kernel/text.ts). */
const NOTED_BYTES = 32 * 1024;
const MOST_NOTED = 64;
/** Longest batch of records read in full whose bytes are looked at beforehand. */
const SCRATCH_BYTES = 512 * 1024;
/** What the kernel may read around it. */
const PADDING = 64;
const DENSE = 8;
/** Whatever may have been met in lines that were not looked at together. */
const ALL_MARKS = -1;
const NOTHING = new Uint8Array();

/** Plain data: it travels between threads. */
export interface RawScanOptions {
  readonly required: RequiredSigns;
  readonly maxRecordBytes: number;
  readonly lookBackBytes: number;
}

/** What happens with what is found in one input. */
export interface RawScanInput {
  readonly file: string;
  /** First byte that is left to the raw scan: where it is in the input. Its line, which may have begun before, is read in any case. */
  readonly line: number;
  readonly offset: number;
  /** The input up to here: bytes that may be looked back at, and at the end the beginning of a line that is left. */
  readonly past: readonly Uint8Array[];
  /** Hears of the first lines, whole, which may still belong to records that began before: see `WoundDown`. `isLast`: it hears of no more. */
  readonly finish: (bytes: Uint8Array, from: number, to: number, isLast: boolean) => WoundDown;
  /** Takes records that may match. They are good until the next call. */
  readonly evaluate: (batch: Batch, past: Past) => void;
  /** Records that no rule can match, of a block; below 0 where lines belong to several records. */
  readonly skipped: (records: number) => void;
  readonly report: (diagnostic: RecordDiagnostic<FrameDiagnosticCode>) => void;
}

/** How many lines belonged to records that began before; whether further ones may, and are to be shown too. */
export interface WoundDown {
  readonly taken: number;
  readonly goesOn: boolean;
}

/** A part of an input, with all that is needed to read it by itself. */
export interface RawSegment {
  readonly file: string;
  /** Where the part begins and ends: offsets of the input, multiples of `BLOCK_BYTES` but for the ends of the input. */
  readonly from: number;
  readonly to: number;
  /** Where what can be read ends; at `to`, the input does. */
  readonly end: number;
  /** Where the first line of the input that is scanned raw begins. */
  readonly first: number;
  readonly readAt: ReadAt;
  readonly evaluate: RawScanInput['evaluate'];
  readonly report: RawScanInput['report'];
}

/** What one part of an input comes to beside what was evaluated: the next part begins with it. Lines count from the first of the part. */
export interface RawSegmentEnd {
  /** Lines that end in it. */
  readonly lines: number;
  /** Where the line begins that it ends in; `undefined`: where the part before it said. */
  readonly lineStart: number | undefined;
  /** The line that it began in is too long and ends here. */
  readonly tooLongEnd: number | undefined;
  /** Records of its first block, less those done with, that belong to nothing before it; `undefined`: no block. */
  readonly firstSkipped: number | undefined;
  /** Records that no rule can match, in further blocks. */
  readonly skipped: number;
  /** Lines behind it that belong to records done with. */
  readonly ahead: number;
}

/** Lines that were searched together: up to the last line end before a multiple of `PART_BYTES`. Places are offsets of the input. */
interface Part {
  readonly start: number;
  readonly end: number;
  /** `undefined`: too many. */
  readonly sparks: readonly number[] | undefined;
  /** Audit records were met: lines belong together. */
  readonly hasAudit: boolean;
  /** What else was met, for `SparkScanner.needs`. */
  readonly marks: number;
  /** Lines that are not blank, and line feeds. */
  readonly records: number;
  readonly feeds: number;
  /** Line feeds before each further `NOTED_BYTES` of the part. */
  readonly noted: Uint32Array;
}

/** What was found for a block. */
interface Found {
  readonly hasAudit: boolean;
  readonly marks: number;
  readonly isCrowded: boolean;
  /** Lines of the block itself that are not blank, and its line feeds. */
  readonly records: number;
  readonly feeds: number;
  /** Sparks in the block itself. */
  readonly sparks: number;
  /** Parts of the block itself. */
  readonly parts: readonly Part[];
  /** Where sparks are, those included that lie behind the block and may belong to its records. */
  readonly places: readonly number[];
}

/** So many lines hold sparks that framing all costs less than looking for each. */
function isDense({ sparks, records }: Found): boolean {
  return sparks > records / DENSE;
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
  /** Where the first line of the input begins that is left to the raw scan. */
  #first = 0;
  #input: RawScanInput | undefined;
  #finished = true;
  /** Offset up to which `finish` has heard of lines. */
  #finishedTo = 0;
  /** Offsets where audit events begin that may go on behind what could be seen: they wait until more can be. */
  #cut: readonly number[] = [];
  /** Offset where what the block before could see ends; `undefined`: there was none. */
  #seen: number | undefined;
  #ended = false;
  /** Another part of the input follows. */
  #isPart = false;
  /** Offset up to which whole lines were searched for sparks, the one where the next part ends, and what was found. */
  #looked = 0;
  #nextPart = 0;
  #parts: Part[] = [];
  /** Lines ahead that belong to records done with. */
  #ahead = 0;
  /** Offset where a line began that is too long, or `BEFORE`. */
  #skipping: number | undefined;
  #tooLongEnd: number | undefined;
  /** Offset at which the block at hand ends. */
  #limit = 0;
  /** Blocks that end behind it are another's. */
  #stop = Infinity;
  /** Offset behind the last whole line when the input paused last. */
  #paused = 0;

  constructor(kernel: Kernel, options: RawScanOptions) {
    this.#kernel = kernel;
    this.#options = options;
    const { required, lookBackBytes, maxRecordBytes } = options;
    // The first page is the kernel's own; the rest is made room for by the window.
    this.#sparks = new SparkScanner(kernel, required, PAGE_BYTES);
    const needles = this.#sparks.end;
    this.#scratch = needles + 2 * NEEDLE_BYTES + PADDING;
    const ids = this.#scratch + SCRATCH_BYTES + PADDING;
    this.#window = new RawWindow(kernel, ids + IdIndex.bytesFor(lookBackBytes), lookBackBytes + 2 * AROUND_BYTES);
    this.#records = new RawRecords(this.#window, kernel, auditGroupOf, maxRecordBytes, needles);
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
    this.#start(input, input.offset);
    this.#window.reset(0);
    this.#ids.clear();
    for (const bytes of input.past) this.#window.append(bytes, this.#window.start);
  }

  #start(input: RawScanInput, first: number): void {
    this.#input = input;
    this.#first = first;
    this.#from = input.offset;
    this.#line = input.line;
    this.#finished = false;
    this.#finishedTo = input.offset;
    this.#cut = [];
    this.#seen = undefined;
    this.#ended = false;
    this.#beginParts();
    this.#ahead = 0;
    this.#skipping = undefined;
    this.#limit = (Math.floor(input.offset / BLOCK_BYTES) + 1) * BLOCK_BYTES;
    this.#stop = Infinity;
    this.#isPart = false;
    this.#paused = 0;
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
      const recordEnd = placeOf(index) + (ends[index] ?? 0) - (starts[index] ?? 0);
      // The lines of an audit event.
      const lines: { readonly start: number; readonly end: number }[] = [];
      for (let start = placeOf(index); start < recordEnd;) {
        const end = Math.min(recordEnd, memory.indexOf(LINE_FEED, start));
        lines.push({ start, end });
        start = end + 1;
      }
      if (this.#sparks.mayMatch(lines, marks)) may[index] = 1;
    }
    return may;
  }

  /** Where the next bytes may be put. */
  room(): Uint8Array {
    return this.#window.room(this.#keepFrom());
  }

  push(chunk: Uint8Array): void {
    this.#window.append(chunk, this.#keepFrom());
    const end = this.#window.offsetOf(this.#window.end);
    while (this.#limit <= this.#stop && this.#limit + AROUND_BYTES <= end) this.#advance();
    if (this.#skipping === undefined) this.#look(end);
  }

  /**
   * The input pauses: whole lines do not wait for the end of their block. Where records may have several lines, those wait no
   * longer that had come when it paused the last time; says whether there are others.
   */
  pause(): boolean {
    if (this.#skipping !== undefined) return false;
    const from = this.#window.placeOf(this.#from);
    const end = this.#lastLineEnd(from, this.#window.end);
    const looked = this.#window.placeOf(this.#looked);
    if (end > looked) this.#search(looked, end);
    const before = this.#paused;
    this.#paused = this.#window.offsetOf(end);
    const waits = !this.#finished || this.#parts.some(({ hasAudit }) => hasAudit);
    const to = waits ? this.#window.placeOf(before) : end;
    if (to > from) {
      this.#finish(this.#paused, true);
      this.#block(from, to, end, undefined);
    } else this.#goOn(end, false);
    return this.#window.placeOf(this.#from) < end;
  }

  end(): void {
    const end = this.#window.offsetOf(this.#window.end);
    // Where the next part goes on, the line is its own that has not ended here.
    this.#ended = this.#isPart ? end < this.#stop : end <= this.#stop;
    // A block of its own ends where the next part begins, even if nothing is there any more.
    const last = this.#isPart ? Math.min(this.#stop, end) : Math.min(this.#stop, end - 1);
    while (this.#limit <= last) this.#advance();
    if (!this.#ended) return;
    if (this.#skipping !== undefined && !this.#endSkipping(end)) {
      this.#tooLong(this.#skipping, this.#line, end);
      this.#skipping = undefined;
    }
    this.#finish(Infinity, true);
    this.#lookToEnd();
    this.#block(this.#window.placeOf(this.#from), this.#window.end, this.#window.end, undefined);
  }

  /**
   * Reads and scans one part of an input by itself: the lines that end in it. The same blocks and records come of the parts as
   * of the whole. `isOtherInput`: the last part was of another.
   */
  segment(segment: RawSegment, isOtherInput: boolean): RawSegmentEnd {
    const { file, from, to, end, first, readAt, evaluate, report } = segment;
    const { maxRecordBytes, lookBackBytes } = this.#options;
    const skipped: number[] = [];
    const input: RawScanInput = {
      file,
      line: 0,
      offset: Math.max(from, first),
      past: [],
      finish: () => ({ taken: 0, goesOn: false }),
      evaluate,
      report,
      skipped: (records) => skipped.push(records),
    };
    this.#start(input, first);
    const kept = maxRecordBytes + lookBackBytes + 3 * AROUND_BYTES;
    if (isOtherInput) {
      this.#ids.clear();
      this.#window.resetAmid(input.offset, kept, readAt);
    } else this.#window.goOnAmid(input.offset, kept, readAt);
    this.#stop = to;
    this.#isPart = end > to;
    this.#tooLongEnd = undefined;
    this.#finished = true;
    if (from > first) this.#beginAmid(first);
    let at = input.offset;
    const more = (): Uint8Array => {
      const room = this.room();
      const read = readAt(at, room.subarray(0, Math.min(room.length, end - at)));
      at += read;
      return room.subarray(0, read);
    };
    while (at < Math.min(end, to + AROUND_BYTES)) {
      const chunk = more();
      if (chunk.length === 0) break;
      this.push(chunk);
    }
    this.end();
    while (this.#cut.length > 0) {
      const chunk = at < end ? more() : NOTHING;
      this.#window.append(chunk, this.#keepFrom());
      this.#goOn(this.#window.end, chunk.length > 0);
    }
    const [firstSkipped, ...others] = skipped;
    return {
      lines: this.#line,
      lineStart: this.#skipping === BEFORE ? undefined : (this.#skipping ?? this.#from),
      tooLongEnd: this.#tooLongEnd,
      firstSkipped,
      skipped: others.reduce((sum, records) => sum + Math.max(0, records), 0),
      ahead: this.#ahead,
    };
  }

  /** Goes back to where the line begins that the part before this one ends in, or passes over it. */
  #beginAmid(first: number): void {
    const { maxRecordBytes } = this.#options;
    const at = this.#window.end;
    const floor = Math.max(this.#window.placeOf(first), at - maxRecordBytes - 1);
    const lineStart = this.#records.lineStartBefore(at, floor);
    if (at - lineStart > maxRecordBytes) this.#skipping = BEFORE;
    else this.#from = this.#window.offsetOf(lineStart);
    this.#beginParts();
  }

  /** The search for sparks begins with the next line. */
  #beginParts(): void {
    this.#looked = this.#from;
    this.#nextPart = (Math.floor(this.#from / PART_BYTES) + 1) * PART_BYTES;
    this.#parts = [];
  }

  #keepFrom(): number {
    const from = this.#window.placeOf(Math.min(this.#from, ...this.#cut));
    return from - this.#options.lookBackBytes - 2 * AROUND_BYTES;
  }

  /** One past the last line feed in [from, to), or `from`. */
  #lastLineEnd(from: number, to: number): number {
    if (to <= from) return from;
    return from + this.#window.bytes.subarray(from, to).lastIndexOf(LINE_FEED) + 1;
  }

  /** A line that is too long ends at the next line feed, if that comes before `stop`. */
  #endSkipping(stop: number): boolean {
    const from = this.#window.placeOf(this.#from);
    const found = this.#window.bytes.subarray(from, this.#window.placeOf(stop)).indexOf(LINE_FEED);
    if (found === -1) {
      this.#from = stop;
      this.#beginParts();
      return false;
    }
    if (this.#skipping !== undefined) this.#tooLong(this.#skipping, this.#line, this.#from + found);
    this.#from += found + 1;
    this.#beginParts();
    this.#line++;
    this.#skipping = undefined;
    return true;
  }

  /** The lines that end before the next limit. */
  #advance(): void {
    const limit = this.#limit;
    const seen = limit + AROUND_BYTES;
    this.#limit += BLOCK_BYTES;
    this.#finish(seen, false);
    const visible = Math.min(this.#window.placeOf(seen), this.#window.end);
    if (this.#skipping !== undefined && !this.#endSkipping(limit)) {
      this.#goOn(visible, !this.#ended);
      return;
    }
    if (seen <= this.#window.offsetOf(this.#window.end)) this.#look(seen);
    else this.#lookToEnd();
    const from = this.#window.placeOf(this.#from);
    const to = this.#lastLineEnd(from, this.#window.placeOf(limit));
    if (to > from) this.#block(from, to, this.#linesUpTo(to, seen), this.#ended ? undefined : visible);
    else this.#goOn(visible, !this.#ended);
    if (limit - this.#from > this.#options.maxRecordBytes) this.#skipping = this.#from;
  }

  /** Where the last whole line ends behind `from` and before an offset; all there is, where the input ends before that. */
  #linesUpTo(from: number, offset: number): number {
    const to = this.#window.placeOf(offset);
    return to > this.#window.end ? this.#window.end : this.#lastLineEnd(from, to);
  }

  /** Shows the first lines to who may have begun records that go on in them. */
  #finish(seen: number, isLast: boolean): void {
    if (this.#finished || this.#input === undefined) return;
    const from = this.#window.placeOf(this.#finishedTo);
    const to = Math.max(from, this.#linesUpTo(from, seen));
    const { taken, goesOn } = this.#input.finish(this.#window.bytes, from, to, isLast);
    this.#ahead += taken;
    this.#finished = !goesOn;
    this.#finishedTo = this.#window.offsetOf(to);
  }

  /**
   * Whole lines: those that begin in [from, to) are done with after it. Lines up to `end` may belong to them. `visible`: where what can be
   * seen ends, for which audit events wait that may go on there; `undefined`: the input does.
   */
  #block(from: number, to: number, end: number, visible: number | undefined): void {
    const input = this.#input;
    if (input === undefined) return;
    this.#window.seal();
    this.#past.seen = end;
    const found = this.#found(to);
    const { records: total, feeds } = found;
    const begun = this.#begunRecord(from, end);
    const waited = this.#cut.map((offset) => this.#recordFrom(offset, end));
    const met = this.#recordsIn(found, from, to, end).filter(
      (record) => record.lines[0]?.lineStart !== begun[0]?.lines[0]?.lineStart,
    );
    const cut = this.#wait([...waited, ...met], visible);
    const whole = [
      ...waited.filter((record) => !cut.has(record) && this.#sparks.mayMatchAny(record.lines, ALL_MARKS)),
      ...met.filter((record) => !cut.has(record) && this.#mayMatch(record, found, from)),
    ];
    if (waited.length > 0) whole.sort(byFirstLine);
    const records = [...begun, ...whole];
    let done = this.#ahead;
    let ahead = 0;
    for (const record of [...records, ...cut])
      for (const { lineStart } of record.lines) {
        if (lineStart >= to) ahead += cut.has(record) ? 0 : 1;
        else if (lineStart >= from) done++;
      }
    this.#ahead = ahead;
    input.skipped(total - done);
    const batch = batchOf(this.#inBounds(records), this.#window, this.#lineCounter(found.parts));
    if (batch !== undefined) input.evaluate(batch, this.#past);
    this.#line += feeds;
    this.#from = this.#window.offsetOf(to);
    this.#seen = this.#window.offsetOf(end);
  }

  /** More can be seen of the events that wait, and no block of lines comes. `mayGoOn`: there is more behind that. */
  #goOn(visible: number, mayGoOn: boolean): void {
    if (this.#cut.length === 0) return;
    const from = this.#window.placeOf(this.#from);
    this.#window.seal();
    const end = mayGoOn ? this.#lastLineEnd(from, visible) : visible;
    this.#past.seen = end;
    const waited = this.#cut.map((offset) => this.#recordFrom(offset, end));
    const cut = this.#wait(waited, mayGoOn ? visible : undefined);
    const whole = waited.filter((record) => !cut.has(record));
    for (const { lines } of whole) this.#ahead += lines.filter(({ lineStart }) => lineStart >= from).length;
    const records = whole.filter(({ lines }) => this.#sparks.mayMatchAny(lines, ALL_MARKS));
    const batch = batchOf(this.#inBounds(records), this.#window, this.#lineCounter([]));
    if (batch !== undefined) this.#input?.evaluate(batch, this.#past);
  }

  /** Those of the records that wait until more can be seen, if there is more. */
  #wait(records: readonly RawRecord[], visible: number | undefined): ReadonlySet<RawRecord> {
    const cut = visible === undefined ? [] : records.filter((record) => this.#mayGoOn(record, visible));
    this.#cut = cut.map(({ lines }) => this.#window.offsetOf(lines[0]?.lineStart ?? 0));
    return new Set(cut);
  }

  #recordFrom(offset: number, end: number): RawRecord {
    return this.#records.recordOf(this.#records.lineAt(this.#window.placeOf(offset), end), end);
  }

  /** May lines that end behind `visible` belong to it? Its last line must lie no further before that than lines of an event lie apart. */
  #mayGoOn({ lines, isComplete }: RawRecord, visible: number): boolean {
    const first = lines[0];
    const last = lines.at(-1);
    if (isComplete || first === undefined || last === undefined) return false;
    const isNear = visible - last.end < AROUND_BYTES && visible - first.lineStart < this.#options.maxRecordBytes;
    return isNear && this.#hasSpark(lines);
  }

  #hasSpark(lines: readonly RawLine[]): boolean {
    return lines.some(({ lineStart, end }) => {
      const { places } = this.#sparks.scan(lineStart, end + 1);
      return places === undefined || places.length > 0;
    });
  }

  /** Gives the number of the line that begins at a place in one of the parts; asked for places that only rise. */
  #lineCounter(parts: readonly Part[]): (place: number) => number {
    let line = this.#line;
    let number = 0;
    const begin = this.#window.placeOf(this.#from);
    return (place) => {
      // Of an event that has waited.
      if (place < begin) return this.#line - this.#kernel.functions.countLineFeeds(place, begin);
      const offset = this.#window.offsetOf(place);
      let part = parts[number];
      while (part !== undefined && part.end <= offset) {
        line += part.feeds;
        part = parts[++number];
      }
      if (part === undefined) return line;
      const { start, noted } = part;
      const step = Math.max(0, Math.min(noted.length - 1, Math.floor((offset - start) / NOTED_BYTES)));
      const from = this.#window.placeOf(start + step * NOTED_BYTES);
      return line + (noted[step] ?? 0) + this.#kernel.functions.countLineFeeds(from, place);
    };
  }

  /** Searches what was not searched yet, in whole parts, up to an offset. A line longer than a part is in the one it ends in. */
  #look(upTo: number): void {
    for (; this.#nextPart <= upTo; this.#nextPart += PART_BYTES) {
      const from = this.#window.placeOf(this.#looked);
      const partEnd = this.#window.placeOf(this.#nextPart);
      const feed = this.#window.bytes.subarray(Math.max(from, partEnd - PART_BYTES), partEnd).lastIndexOf(LINE_FEED);
      if (feed !== -1) this.#search(from, Math.max(from, partEnd - PART_BYTES) + feed + 1);
    }
  }

  /** The input has ended: what is left is the last part. */
  #lookToEnd(): void {
    this.#look(this.#window.offsetOf(this.#window.end));
    const from = this.#window.placeOf(this.#looked);
    if (from < this.#window.end) this.#search(from, this.#window.end);
  }

  #search(from: number, to: number): void {
    this.#window.seal();
    const { places, hasAudit, marks } = this.#sparks.scan(from, to);
    this.#looked = this.#window.offsetOf(to);
    this.#ids.follow();
    // Counted here, while the bytes are in the core's own cache.
    const { functions, memory } = this.#kernel;
    const records = functions.countRecords(from, to);
    const notes = Math.min(MOST_NOTED, Math.ceil((to - from) / NOTED_BYTES));
    this.#parts.push({
      start: this.#window.offsetOf(from),
      end: this.#looked,
      sparks: places?.map((place) => this.#window.offsetOf(place)),
      // Where there are too many sparks, the scanner did not see all lines.
      hasAudit: hasAudit || (places === undefined && this.#records.holdsAudit(from, to)),
      marks,
      records,
      feeds: functions.feedsCounted(),
      noted: new Uint32Array(memory.buffer, functions.feedsNoted(), notes).slice(),
    });
  }

  /** What was found in the lines up to `to`, which are done with, and in those behind them, as far as that matters. */
  #found(to: number): Found {
    const offset = this.#window.offsetOf(to);
    const inside = this.#parts.filter(({ end }) => end <= offset);
    const behind = this.#parts.slice(inside.length);
    this.#parts = behind;
    const hasAudit = inside.some((part) => part.hasAudit);
    const parts = hasAudit ? [...inside, ...behind] : inside;
    return {
      hasAudit,
      marks: parts.reduce((marks, part) => marks | part.marks, 0),
      isCrowded: parts.some(({ sparks }) => sparks === undefined),
      records: inside.reduce((count, { records }) => count + records, 0),
      feeds: inside.reduce((count, { feeds }) => count + feeds, 0),
      sparks: inside.reduce((count, { sparks }) => count + (sparks?.length ?? 0), 0),
      parts: inside,
      places: parts.flatMap(({ sparks = [] }) => sparks.map((spark) => this.#window.placeOf(spark))),
    };
  }

  /** The record whose beginning was among what is read in full; lines of audit records may be of events that began before. */
  #begunRecord(from: number, end: number): readonly RawRecord[] {
    if (this.#from !== this.#first) return [];
    const line = this.#records.lineAt(from, end);
    if (line.start >= line.end) return [];
    const record = this.#records.recordOf(line, end);
    return record.isAudit ? [] : [record];
  }

  /** Records whose first line lies in [from, to), and audit events of which no block before has seen a sign; all that may match are among them. */
  #recordsIn(found: Found, from: number, to: number, end: number): readonly RawRecord[] {
    const { hasAudit, isCrowded, places } = found;
    if (!isCrowded && !isDense(found)) return this.#recordsAt(places, from, to, end);
    const { records, begun } = this.#records.all(from, to, end, hasAudit);
    const earlier = begun
      .filter(({ lineStart }) => lineStart >= this.#seenBefore())
      .map((line) => ({ line, record: this.#records.recordOf(line, end) }))
      .filter(({ line, record }) => this.#isNew(record, line.lineStart, from));
    return [...earlier.map(({ record }) => record), ...records];
  }

  /** Has it all that one of the rules needs? */
  #mayMatch({ lines }: RawRecord, found: Found, from: number): boolean {
    const isEarlier = (lines[0]?.lineStart ?? from) < from;
    if (isEarlier || found.isCrowded || isDense(found))
      return this.#sparks.mayMatchAny(lines, isEarlier ? ALL_MARKS : found.marks);
    return this.#sparks.mayMatch(lines, found.marks);
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
      if (first >= from ? first < to : this.#isNew(record, place, from)) found.set(first, record);
    }
    return [...found.values()].sort(byFirstLine);
  }

  /**
   * Is the event, which began before `from` and has a sign at `place`, none that a block before took? Each takes those of which it is
   * the first to see a sign; what began before the raw scan is another's.
   */
  #isNew(record: RawRecord, place: number, from: number): boolean {
    const first = record.lines[0]?.lineStart ?? from;
    const seen = this.#seenBefore();
    if (!record.isAudit || first >= from || place < seen || this.#window.offsetOf(first) < this.#first) return false;
    return !this.#hasSpark(record.lines.filter(({ end }) => end < seen));
  }

  /** Where what the block before could see ends; that before the first one of a part was another's. */
  #seenBefore(): number {
    if (this.#seen !== undefined) return this.#window.placeOf(this.#seen);
    const begin = Math.floor((this.#input?.offset ?? 0) / BLOCK_BYTES) * BLOCK_BYTES;
    const from = this.#window.placeOf(this.#from);
    return this.#linesUpTo(from, begin + AROUND_BYTES);
  }

  /** Those whose line is not too long; the others are reported. */
  #inBounds(records: readonly RawRecord[]): readonly RawRecord[] {
    return records.filter(({ lines: [line] }) => {
      if (line === undefined || line.end - line.start <= this.#options.maxRecordBytes) return true;
      const before = this.#kernel.functions.countLineFeeds(this.#window.placeOf(this.#from), line.lineStart);
      // However it is found to be too long: with a carriage return.
      const lineEnd = line.end + (this.#window.bytes[line.end] === CARRIAGE_RETURN ? 1 : 0);
      this.#tooLong(this.#window.offsetOf(line.lineStart), this.#line + before, this.#window.offsetOf(lineEnd));
      return false;
    });
  }

  #tooLong(offset: number, line: number, end: number): void {
    const input = this.#input;
    if (input === undefined) return;
    if (offset === BEFORE) this.#tooLongEnd = end;
    else input.report(tooLong(end - offset, this.#options.maxRecordBytes, { file: input.file, line, byte: offset }));
  }
}
