import type { FileHandle } from 'node:fs/promises';

import type { RecordDiagnostic, RecordPlace } from '../base/diagnostic.ts';
import { tooLong } from '../frame/framer.ts';
import type { SourceErrorCode } from '../sources/source-error.ts';
import { isPacked, sizeOfPacked, unpackResult } from './packed-result.ts';
import type { PackedResult, UnpackedResult } from './packed-result.ts';
import { AROUND_BYTES } from './raw-records.ts';
import { BLOCK_BYTES } from './raw-scan.ts';
import type { RawScanInput, RawSegmentEnd } from './raw-scan.ts';
import { readShared, SharedBytes } from './shared-bytes.ts';
import type { SharedSource } from './shared-bytes.ts';

const LINE_FEED = 10;
const NOTHING = new Uint8Array();

type Said = UnpackedResult | RecordDiagnostic;

/** A part of an input that is scanned raw, as a worker is told of it. See `RawSegment`. */
export interface SegmentTask {
  readonly file: string;
  /** Tells inputs apart. */
  readonly input: number;
  readonly from: number;
  readonly to: number;
  readonly end: number;
  readonly first: number;
  readonly source: SharedSource;
}

/** What came of it. Lines count from 0, in the order of the input. */
export interface SegmentResult {
  readonly said: readonly (PackedResult | RecordDiagnostic)[];
  readonly end: RawSegmentEnd;
  /** What the system said when the input could not be read on, and where. */
  readonly failure: { readonly code: string; readonly offset: number } | undefined;
}

export interface SegmentScanOptions {
  readonly maxRecordBytes: number;
  readonly lookBackBytes: number;
  /** Has a worker scan the part. `result` is to be called in the order of the parts, and gives what is to be told then. */
  readonly submit: (task: SegmentTask, result: (result: SegmentResult) => readonly Said[]) => void;
  /** Waits until few enough parts are under way. */
  readonly wait: () => Promise<void>;
  readonly progress: (bytes: number) => void;
}

/** Bytes of a file that a worker reads by itself: so many that little of the past is read twice, and that waking a thread for what comes of them costs nothing. */
const FILE_BYTES = 8 * BLOCK_BYTES;
/** Bytes of other inputs, which lie in memory meanwhile. */
const MEMORY_BYTES = 4 * BLOCK_BYTES;

/** Of a quiet part no more comes than so much, as `sizeOfPacked` counts. */
const MOST_OF_QUIET = 1024 * 1024;

/** The part of a `RawScanInput` that is done on the thread that reads. */
interface SegmentInput extends Pick<RawScanInput, 'file' | 'line' | 'offset' | 'past' | 'finish' | 'skipped'> {
  /** May there be records that began before and go on? */
  readonly isWindingDown: () => boolean;
}

/**
 * Scans inputs raw on several threads: cuts them into parts, which workers read and scan by themselves, and puts together what
 * comes of them. A plain file is read by the workers; the bytes of other inputs go through shared memory.
 */
export class SegmentScan {
  readonly #options: SegmentScanOptions;
  readonly #free: SharedArrayBuffer[] = [];
  /** Inputs of which results are missing. */
  readonly #open = new Set<OpenInput>();
  #current: OpenInput | undefined;
  #count = 0;
  #quietParts = 0;

  constructor(options: SegmentScanOptions) {
    this.#options = options;
  }

  /** How many parts in a row little has come of: of as many that are under way little will, unless the stream changes just then. */
  get quietParts(): number {
    return this.#quietParts;
  }

  begin(input: SegmentInput): void {
    this.#current = new OpenInput(input, this.#count++, new SharedBytes(this.#free));
    this.#open.add(this.#current);
  }

  /** The next bytes of an input that is no plain file. */
  push(chunk: Uint8Array): void {
    const open = this.#current;
    if (open === undefined) return;
    open.bytes.append(chunk);
    while (open.next + MEMORY_BYTES + AROUND_BYTES <= open.bytes.end) this.#part(open, MEMORY_BYTES, open.bytes.end);
  }

  /** The input has ended, or failed; or workers read the rest of it. */
  end(): void {
    const open = this.#current;
    this.#current = undefined;
    if (open === undefined) return;
    if (open.reader === undefined) while (open.next < open.bytes.end) this.#part(open, MEMORY_BYTES, open.bytes.end);
    open.hasEnded = true;
    this.#settle(open);
  }

  /**
   * Has workers read all that a file holds now; `read` bytes of it have been. `false`: it cannot be read at places of one's
   * choice. The file is closed when all results are there.
   */
  async takeFile(file: FileHandle, read: number): Promise<boolean> {
    const open = this.#current;
    const stat = await file.stat();
    // Some files say that they are empty, and are not (/proc).
    if (open === undefined || !stat.isFile() || stat.size <= read) return false;
    open.reader = file;
    const before = read - open.bytes.end;
    const source: SharedSource = { kind: 'file', fd: file.fd, before };
    let end = stat.size - before;
    let told = open.bytes.end;
    open.bytes.release(Infinity);
    while (open.next < end && !open.hasFailed) {
      // Something may have been written to it meanwhile: a part that sees the end must see that.
      if (open.next + FILE_BYTES + AROUND_BYTES >= end) end = Math.max(end, (await file.stat()).size - before);
      this.#part(open, FILE_BYTES, end, source);
      this.#options.progress(Math.max(0, open.next - told));
      told = Math.max(told, open.next);
      await this.#options.wait();
    }
    return true;
  }

  /** No worker reads any more. */
  async close(): Promise<void> {
    for (const { reader } of this.#open) await reader?.close();
    this.#open.clear();
  }

  #part(open: OpenInput, size: number, end: number, source = open.bytes.source()): void {
    const { file, offset: first } = open.input;
    const from = open.next;
    const to = Math.min(end, from + size);
    if (!open.isFinished) open.ahead = finish(open.input, end, source);
    open.isFinished = true;
    open.next = to;
    open.under++;
    const task: SegmentTask = { file, input: open.number, from, to, end, first, source };
    this.#options.submit(task, (result) => {
      open.under--;
      const said = open.hasFailed ? [] : this.#take(open, result);
      if (open.reader === undefined) this.#release(open, to);
      this.#settle(open);
      return said;
    });
  }

  /** Gives lines their numbers, and what is said its order. */
  #take(open: OpenInput, { said, end, failure }: SegmentResult): readonly Said[] {
    const all: Said[] = [];
    const size = said.reduce((sum, one) => sum + (isPacked(one) ? sizeOfPacked(one) : 0), 0);
    this.#quietParts = size > MOST_OF_QUIET ? 0 : this.#quietParts + 1;
    if (end.tooLongEnd !== undefined) {
      const place = { file: open.input.file, line: open.line, byte: open.lineStart };
      all.push(tooLong(end.tooLongEnd - open.lineStart, this.#options.maxRecordBytes, place));
    }
    for (const one of said)
      all.push(isPacked(one) ? resultFrom(unpackResult(one), open.line) : diagnosticFrom(one, open.line));
    if (end.firstSkipped !== undefined) {
      open.input.skipped(end.firstSkipped - open.ahead);
      open.ahead = end.ahead;
    }
    open.input.skipped(end.skipped);
    open.line += end.lines;
    open.lineStart = end.lineStart ?? open.lineStart;
    if (failure !== undefined) {
      open.hasFailed = true;
      all.push(unreadable(open.input.file, failure.code, failure.offset));
    }
    return all;
  }

  /** Parts to come look back from the line that this one ends in, unless that is too long anyway. */
  #release({ bytes, lineStart }: OpenInput, to: number): void {
    const { maxRecordBytes, lookBackBytes } = this.#options;
    bytes.release(Math.max(lineStart, to - maxRecordBytes) - lookBackBytes - 3 * AROUND_BYTES);
  }

  /** Gives up what an input needed, once all of its results are there. */
  #settle(open: OpenInput): void {
    if (!open.hasEnded || open.under > 0) return;
    this.#open.delete(open);
    open.bytes.release(Infinity);
    void open.reader?.close();
  }
}

function unreadable(file: string, code: string, byte: number): RecordDiagnostic<SourceErrorCode> {
  const message = `reading ${file} failed (${code || 'unknown error'})`;
  return { code: 'input-unreadable', severity: 'error', message, place: { file, line: 0, byte } };
}

/** An input of which parts are under way, and where the results are that have been taken. */
class OpenInput {
  readonly input: SegmentInput;
  readonly number: number;
  readonly bytes: SharedBytes;
  /** The file that workers read. */
  reader: FileHandle | undefined;
  /** Where the next part begins. */
  next: number;
  /** Parts under way. */
  under = 0;
  isFinished = false;
  hasEnded = false;
  hasFailed = false;
  /** Number of the first line that ends behind what was taken, and the offset that it begins at. */
  line: number;
  lineStart: number;
  /** Lines behind what was taken that belong to records done with. */
  ahead = 0;

  constructor(input: SegmentInput, number: number, bytes: SharedBytes) {
    this.input = input;
    this.number = number;
    this.bytes = bytes;
    this.line = input.line;
    this.lineStart = input.offset;
    this.next = Math.floor(input.offset / BLOCK_BYTES) * BLOCK_BYTES;
    for (const part of input.past) bytes.append(part);
  }
}

/** Shows the first lines to who may have begun records that go on in them, as the raw scan of a whole does; gives how many do. */
function finish(input: SegmentInput, end: number, source: SharedSource): number {
  if (!input.isWindingDown()) {
    // A mebibyte of each of many files would be read for nothing.
    input.finish(NOTHING, 0, 0, true);
    return 0;
  }
  let all = 0;
  let from = input.offset;
  for (let limit = (Math.floor(from / BLOCK_BYTES) + 1) * BLOCK_BYTES + AROUND_BYTES; ; limit += BLOCK_BYTES) {
    const bytes = Buffer.alloc(Math.max(0, Math.min(end, limit) - from));
    const read = bytes.subarray(0, readWhatCan(source, from, bytes));
    const isLast = limit > end || read.length < bytes.length;
    const to = limit > end ? read.length : read.lastIndexOf(LINE_FEED) + 1;
    const { taken, goesOn } = input.finish(read, 0, to, isLast);
    all += taken;
    from += to;
    if (!goesOn) return all;
  }
}

/** A failure is reported by who reads the part. */
function readWhatCan(source: SharedSource, from: number, into: Uint8Array): number {
  try {
    return readShared(source, from, into);
  } catch {
    return 0;
  }
}

const moved = (place: RecordPlace, lines: number): RecordPlace => ({ ...place, line: place.line + lines });

function diagnosticFrom<D extends RecordDiagnostic>(diagnostic: D, lines: number): D {
  return { ...diagnostic, place: moved(diagnostic.place, lines) };
}

function resultFrom(result: UnpackedResult, lines: number): UnpackedResult {
  return {
    ...result,
    linesBefore: lines,
    diagnostics: result.diagnostics.map((diagnostic) => diagnosticFrom(diagnostic, lines)),
    findings: result.findings.map((finding) => ({
      ...finding,
      place: moved(finding.place, lines),
      observation: finding.observation && { ...finding.observation, place: moved(finding.observation.place, lines) },
    })),
  };
}
