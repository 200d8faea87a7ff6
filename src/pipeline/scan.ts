import type { Diagnostic, RecordDiagnostic } from '../base/diagnostic.ts';
import type { Alert } from '../alert/alert.ts';
import { closeAlerts } from '../sinks/open-alerts.ts';
import type { WrittenAlert } from '../sinks/open-alerts.ts';
import type { CorrelatorCounts, CorrelatorOptions } from '../correlate/correlator.ts';
import type { CorrelatorState } from '../correlate/state.ts';
import { BatchBuilder } from '../frame/batch.ts';
import type { Batch } from '../frame/batch.ts';
import { Framer } from '../frame/framer.ts';
import type { SourceProblem } from '../sources/evtx.ts';
import type { Input } from '../sources/list-inputs.ts';
import { readInput } from '../sources/read-input.ts';
import { SourceError } from '../sources/source-error.ts';
import { createKernel } from '../kernel/kernel.ts';
import { requiredSigns } from '../prefilter/required-signs.ts';
import { auditGroupOf } from './audit-group.ts';
import { AlertMaker } from './alert-maker.ts';
import { CorrelationAlerts } from './correlation-alerts.ts';
import type { BatchResult } from './evaluator.ts';
import type { Evaluator } from './evaluator.ts';
import { evaluatorFor, InlineExecutor } from './executor.ts';
import type { BatchExecutor } from './executor.ts';
import { ThreadedExecutor } from './executor-threads.ts';
import { paced, PAUSE } from './paced.ts';
import type { UnpackedResult } from './packed-result.ts';
import { releaseRawScanner, takeRawScanner } from './raw-scan.ts';
import type { RawScanner, RawScanOptions } from './raw-scan.ts';
import type { RuleLibrary } from './rule-library.ts';
import { SegmentScan } from './segment-scan.ts';
import { addStatistics, countDiagnostic, emptyStatistics, inOrder } from './statistics.ts';
import type { Statistics } from './statistics.ts';

export interface ScanOptions {
  readonly inputs: readonly Input[];
  readonly library: RuleLibrary;
  /** 1: everything on this thread. More: as many workers, fed by this thread. */
  readonly threads: number;
  /** Name of a shape that every record is taken as, or `null`: recognised record by record. */
  readonly shape: string | null;
  /** Longest record read. */
  readonly maxRecordBytes: number;
  /** How far back an ancestor is looked for. */
  readonly lookBackBytes: number;
  /** `object`: every record is parsed and every rule tried; what the byte engine gives must be the same. */
  readonly engine?: 'auto' | 'object' | undefined;
  /** Every record is read in full, also where its bytes tell that no rule can match. */
  readonly validate?: boolean;
  /** Bytes of each input that are read in full before records are skipped. */
  readonly readInFull?: number;
  /** What has come from a pipe waits no longer than this for more to be evaluated with, in milliseconds (default 500). */
  readonly pauseMs?: number;
  readonly correlation: CorrelatorOptions;
  /** Where correlations go on from; windows that are still open at the end are then kept open. */
  readonly correlatorState?: CorrelatorState;
  /** Takes alerts in the order of the input, whatever the number of threads; reading waits for it. */
  readonly onAlert: (alert: Alert) => void | Promise<void>;
  /** Given where alerts are wanted as NDJSON: other threads write them as far as they can, and `onAlert` takes the others. */
  readonly onWritten?: ((alert: WrittenAlert) => void | Promise<void>) | undefined;
  /** Takes the first few problems of each kind and batch; all are counted. */
  readonly onDiagnostic: (diagnostic: Diagnostic | RecordDiagnostic) => void;
  /** Raw bytes read since the last call. */
  readonly onProgress: (bytes: number) => void;
}

export interface ScanSummary {
  readonly statistics: Statistics;
  readonly files: number;
  /** Raw bytes read, before decompression. */
  readonly bytes: number;
  readonly alerts: number;
  /** Inputs that could not be opened at all. */
  readonly unopened: number;
  readonly correlation: CorrelatorCounts;
  /** For going on with another scan. */
  readonly correlatorState: () => CorrelatorState;
}

/** Bytes of records in a batch: large enough that handing it over costs nothing, small enough to keep threads busy. */
const BATCH_BYTES = 1024 * 1024;
/** The first batch of an input: its alerts do not wait for what else there is. */
const FIRST_BATCH_BYTES = 4 * 1024;
/** So much of each input is read in full, so that small inputs are described to the last record. It takes dozens of times as long as looking at bytes. */
const READ_IN_FULL = 32 * 1024;
const PAUSE_MS = 500;
/** Batches, or parts of inputs, under way for each worker. */
const AHEAD = 3;
/** The same where little comes of parts: workers go on while this thread waits for its turn. */
const FAR_AHEAD = 8;

/** Will most bytes only be looked at, where few events match? */
export function looksAtBytes({ library, validate }: Pick<ScanOptions, 'library' | 'validate'>): boolean {
  return validate !== true && requiredSigns(library.rules) !== undefined && createKernel(1) !== undefined;
}

/** Scans the inputs in order. One bad record or input never stops another. */
export async function scan(options: ScanOptions): Promise<ScanSummary> {
  const run = new Scan(options);
  try {
    for (const input of options.inputs) await run.input(input);
    await run.drain(0);
    await run.endCorrelations();
  } finally {
    await run.close();
  }
  return run.summary();
}

/** Gives what is to be told, when its turn has come. */
type Telling = () => readonly (BatchResult | UnpackedResult | RecordDiagnostic)[];

class Scan {
  readonly #options: ScanOptions;
  readonly #executor: BatchExecutor;
  readonly #alerts: AlertMaker;
  readonly #correlations: CorrelationAlerts;
  readonly #statistics = emptyStatistics();
  /** Skips what no rule can match; `null`: with these rules, or on this machine, nothing can be. */
  #raw: RawScanner | null | undefined;
  /** Does so on several threads. */
  readonly #segments: SegmentScan | undefined;
  #evaluator: Evaluator | undefined;
  /** What is to be told, in the order of the input, whatever the number of threads. */
  readonly #pending: Promise<Telling>[] = [];
  #bytes = 0;
  #files = 0;
  #alertCount = 0;
  #unopened = 0;

  constructor(options: ScanOptions) {
    this.#options = options;
    this.#alerts = new AlertMaker(options.library);
    this.#correlations = new CorrelationAlerts(options.library.plan, options.correlation, this.#alerts);
    if (options.correlatorState) this.#correlations.correlator.restore(options.correlatorState);
    if (options.threads > 1) {
      const raw = this.#rawOptions();
      const executor = new ThreadedExecutor({ ...options, raw, writesAlerts: options.onWritten !== undefined });
      this.#executor = executor;
      this.#segments = raw && createKernel(1) && this.#segmentScan(executor);
    } else this.#executor = new InlineExecutor(options);
  }

  #segmentScan(executor: ThreadedExecutor): SegmentScan {
    const { maxRecordBytes, lookBackBytes } = this.#options;
    return new SegmentScan({
      maxRecordBytes,
      lookBackBytes,
      submit: (task, take) => this.#later(executor.segment(task).then((result) => () => take(result))),
      wait: () => this.#wait(),
      progress: (bytes) => this.#progress(bytes),
    });
  }

  async input(input: Input): Promise<void> {
    const ready: (Batch | RecordDiagnostic)[] = [];
    const batches = new BatchBuilder(
      BATCH_BYTES,
      this.#executor.allocate,
      (batch) => ready.push(batch),
      FIRST_BATCH_BYTES,
    );
    const framer = new Framer(
      {
        file: input.name,
        maxRecordBytes: this.#options.maxRecordBytes,
        groupOf: auditGroupOf,
        report: (diagnostic) => ready.push(diagnostic),
      },
      batches,
    );
    const submit = async (): Promise<void> => {
      for (const one of ready.splice(0)) {
        // A scanner that earlier inputs have made serves the beginning of this one as well.
        const scanner = head === undefined ? undefined : (this.#raw ?? undefined);
        if ('code' in one || this.#executor.inParts === undefined) this.#submit(input.name, one, scanner);
        else
          for (const result of this.#executor.inParts(input.name, one, scanner?.mayMatch(one))) {
            this.#tell(result);
            await this.#wait();
          }
        await this.#wait();
      }
    };
    const problem = ({ code, message, byte, line }: SourceProblem): void =>
      this.#tell({ code, severity: 'error', message, place: { file: input.name, line, byte } });
    this.#executor.begin();
    let decoded = 0;
    let opened = false;
    let failure: RecordDiagnostic | undefined;
    /** What was read in full, as long as the rest may be scanned raw. */
    let head: Uint8Array[] | undefined = this.#readsAll ? undefined : [];
    const isPipe = input.size === null;
    const inFull = this.#options.readInFull ?? READ_IN_FULL;
    let raw: RawScanner | SegmentScan | undefined;
    const takeOver = (): RawScanner | SegmentScan | undefined => {
      // What a pipe brings is looked at faster than it comes, and several threads could not stop where it pauses.
      const scanner = (isPipe ? undefined : this.#segments) ?? this.#rawScanner();
      const left = scanner && framer.handOver();
      if (scanner === undefined || left === undefined || head === undefined) return undefined;
      scanner.begin({
        file: input.name,
        line: left.line,
        offset: left.offset,
        past: head,
        isWindingDown: () => framer.isWindingDown,
        finish: (bytes, from, to, isLast) => {
          const taken = framer.windDown(bytes, from, to);
          // Of an event that no line was of, none comes.
          const goesOn = !isLast && taken > 0 && framer.isWindingDown;
          if (!goesOn) framer.end();
          for (const one of ready.splice(0)) this.#submit(input.name, one, this.#raw ?? undefined);
          return { taken, goesOn };
        },
        evaluate: (batch, past) => {
          this.#evaluator ??= evaluatorFor(this.#options);
          this.#tell(this.#evaluator.evaluateAmong(input.name, batch, past));
        },
        skipped: (records) => {
          this.#statistics.records += Math.max(0, records);
          this.#statistics.skipped += Math.max(0, records);
        },
        report: (diagnostic) => this.#tell(diagnostic),
      });
      return scanner;
    };
    try {
      const chunks = readInput(input, (bytes) => this.#progress(bytes), problem, {
        // Not where a pause may come while more is being read.
        drain: async (read) => {
          if (isPipe || raw === undefined || !('room' in raw)) return false;
          for (;;) {
            const room = raw.room();
            const bytes = read(room);
            if (bytes === 0) return true;
            decoded += bytes;
            raw.push(bytes === room.length ? room : room.subarray(0, bytes));
            if (this.#pending.length > 0) await this.#wait();
          }
        },
        take: async (file, read) => raw !== undefined && 'takeFile' in raw && (await raw.takeFile(file, read)),
      });
      let waits = false;
      for await (const chunk of isPipe ? paced(chunks, this.#options.pauseMs ?? PAUSE_MS, () => waits) : chunks) {
        if (chunk === PAUSE) {
          waits = raw === undefined ? framer.pause() : 'pause' in raw && raw.pause();
          await submit();
          await this.drain(0);
          continue;
        }
        opened = true;
        decoded += chunk.length;
        if (raw) {
          raw.push(chunk);
          await this.#wait();
          continue;
        }
        // Of this chunk the framer takes so much; the rest is left to the raw scan, if there is to be one.
        const rest = head === undefined ? chunk.length : Math.max(0, chunk.length - (decoded - inFull));
        head?.push(chunk.slice(0, rest));
        framer.push(chunk.subarray(0, rest));
        await submit();
        if (head === undefined || decoded < inFull) continue;
        raw = takeOver();
        head = undefined;
        if (rest === chunk.length) continue;
        if (raw) raw.push(chunk.subarray(rest));
        else framer.push(chunk.subarray(rest));
      }
      opened = true;
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      if (!opened && error.code === 'input-unreadable') this.#unopened++;
      const place = { file: input.name, line: 0, byte: decoded };
      failure = { code: error.code, severity: 'error', message: error.message, place };
    }
    if (raw) raw.end();
    else framer.end();
    if (failure) ready.push(failure);
    await submit();
    await this.#wait();
    this.#files++;
  }

  #rawScanner(): RawScanner | undefined {
    if (this.#raw === undefined) {
      const options = this.#rawOptions();
      this.#raw = (options && takeRawScanner(options)) ?? null;
    }
    return this.#raw ?? undefined;
  }

  #rawOptions(): RawScanOptions | undefined {
    const required = this.#readsAll ? undefined : requiredSigns(this.#options.library.rules);
    const { maxRecordBytes, lookBackBytes } = this.#options;
    return required && { required, maxRecordBytes, lookBackBytes };
  }

  /** Is every record read, whatever its bytes tell? */
  get #readsAll(): boolean {
    return this.#options.validate === true || this.#options.engine === 'object';
  }

  /** `scanner`: looks at the bytes of records that are read in full, too. */
  #submit(file: string, one: Batch | RecordDiagnostic, scanner?: RawScanner): void {
    if ('code' in one) this.#tell(one);
    else this.#later(this.#executor.evaluate(file, one, scanner?.mayMatch(one)).then((result) => () => [result]));
  }

  #later(telling: Promise<Telling>): void {
    this.#pending.push(telling);
    // Who awaits it hears of a failure; until then it must not count as unhandled.
    telling.catch(() => undefined);
  }

  /** Tells it when all that comes before it in the input has been told. */
  #tell(one: BatchResult | RecordDiagnostic): void {
    this.#pending.push(Promise.resolve(() => [one]));
  }

  /** Waits until few enough results are under way. */
  #wait(): Promise<void> {
    const { threads } = this.#options;
    if (threads === 1) return this.drain(0);
    return this.drain(Math.max(threads * AHEAD, Math.min(threads * FAR_AHEAD, this.#segments?.quietParts ?? 0)));
  }

  /** Delivers results until at most `left` are under way. */
  async drain(left: number): Promise<void> {
    while (this.#pending.length > left) {
      const told = await this.#pending.shift();
      for (const one of told?.() ?? []) {
        if ('code' in one) this.#report(one);
        else await this.#deliver(one);
      }
    }
  }

  async close(): Promise<void> {
    const options = this.#raw ? this.#rawOptions() : undefined;
    if (this.#raw && options) releaseRawScanner(this.#raw, options);
    await this.#executor.close();
    await this.#segments?.close();
  }

  summary(): ScanSummary {
    return {
      statistics: inOrder(this.#statistics),
      files: this.#files,
      bytes: this.#bytes,
      alerts: this.#alertCount,
      unopened: this.#unopened,
      correlation: this.#correlations.correlator.counts,
      correlatorState: () => this.#correlations.correlator.save(),
    };
  }

  async #deliver(result: BatchResult | UnpackedResult): Promise<void> {
    addStatistics(this.#statistics, result.statistics);
    for (const diagnostic of result.diagnostics) this.#options.onDiagnostic(diagnostic);
    if ('open' in result && result.open !== undefined) {
      for (const alert of closeAlerts(result.open, result.linesBefore, (first) => this.#alerts.identityOf(first))) {
        this.#alertCount++;
        const wait = this.#options.onWritten?.(alert);
        if (wait instanceof Promise) await wait;
      }
    }
    for (const finding of result.findings) {
      if (finding.matches.length > 0) {
        const wait = this.#alert(this.#alerts.make(finding));
        if (wait instanceof Promise) await wait;
      }
      if (finding.observation === null) continue;
      for (const alert of this.#correlations.take(finding)) await this.#alert(alert);
    }
  }

  /** Judges windows that are still open, unless they go on in another scan. */
  async endCorrelations(): Promise<void> {
    const { correlatorState } = this.#options;
    for (const alert of correlatorState ? this.#correlations.pause() : this.#correlations.end())
      await this.#alert(alert);
  }

  /** Waiting costs more than writing, so only what is worth waiting for is waited for. */
  #alert(alert: Alert): void | Promise<void> {
    this.#alertCount++;
    return this.#options.onAlert(alert);
  }

  #progress(bytes: number): void {
    this.#bytes += bytes;
    this.#options.onProgress(bytes);
  }

  #report(diagnostic: RecordDiagnostic): void {
    countDiagnostic(this.#statistics, diagnostic.code);
    this.#options.onDiagnostic(diagnostic);
  }
}
