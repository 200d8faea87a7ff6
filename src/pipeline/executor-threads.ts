import { Worker } from 'node:worker_threads';

import type { Allocate, Batch } from '../frame/batch.ts';
import { BatchMemory } from './batch-memory.ts';
import type { BatchExecutor, ExecutorOptions } from './executor.ts';
import { unpackResult } from './packed-result.ts';
import type { PackedResult, UnpackedResult } from './packed-result.ts';
import type { RawScanOptions } from './raw-scan.ts';
import type { LibraryParts } from './rule-library.ts';
import type { SegmentResult, SegmentTask } from './segment-scan.ts';

/** What a worker is started with. */
export interface WorkerData {
  readonly library: LibraryParts;
  /** Are alerts to be written as NDJSON, as far as a worker can? */
  readonly writesAlerts: boolean;
  readonly shape: string | null;
  readonly lookBackBytes: number;
  readonly engine: 'auto' | 'object' | undefined;
  /** For scanning parts of inputs raw; `undefined`: that is not to be done. */
  readonly raw: RawScanOptions | undefined;
}

/** Every worker hears of every batch, so that each can look back over all of them; one of them evaluates it. */
export type ToWorker =
  | { readonly kind: 'begin' }
  | {
      readonly kind: 'evaluate';
      readonly ticket: number;
      readonly mark: number;
      readonly file: string;
      readonly batch: Batch;
    }
  | { readonly kind: 'past'; readonly batch: Batch }
  | { readonly kind: 'segment'; readonly ticket: number; readonly task: SegmentTask };

export type FromWorker =
  | { readonly kind: 'batch'; readonly ticket: number; readonly mark: number; readonly result: PackedResult }
  | { readonly kind: 'segment'; readonly ticket: number; readonly result: SegmentResult };

/** Enough for the values of a batch; a larger one only lets garbage lie longer. */
const YOUNG_GENERATION_MB = 12;

/** So many parts of an input one worker is given: the past that the first of them asks for was read by another, and is read again. */
const PARTS_IN_A_RUN = 4;
/** So many more than the one that has least to do may it have: where little is under way, all should have some of it. */
const MOST_MORE = 2;

interface Waiting {
  readonly take: (message: FromWorker) => void;
  readonly reject: (error: Error) => void;
}

export interface ThreadedOptions extends ExecutorOptions, Pick<WorkerData, 'raw' | 'writesAlerts'> {
  readonly threads: number;
}

/** On worker threads, which read the batches in shared memory. */
export class ThreadedExecutor implements BatchExecutor {
  readonly allocate: Allocate = (size) => this.#memory.allocate(size);
  readonly #memory: BatchMemory;
  readonly #workers: readonly Worker[];
  readonly #waiting = new Map<number, Waiting>();
  /** Batches under way, by worker. */
  readonly #load: number[];
  /** How far each worker is, as marks of `BatchMemory`. */
  readonly #through: number[];
  #ticket = 0;
  /** The worker that was given the last part of an input, that part, and how many parts in a row. */
  #run: { readonly worker: number; readonly input: number; readonly to: number; readonly count: number } | undefined;
  #failure: Error | undefined;
  #closed = false;

  constructor(options: ThreadedOptions) {
    const workerData: WorkerData = {
      library: options.library.parts,
      writesAlerts: options.writesAlerts,
      shape: options.shape,
      lookBackBytes: options.lookBackBytes,
      engine: options.engine,
      raw: options.raw,
    };
    const file = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
    this.#memory = new BatchMemory(options.lookBackBytes, (size) => new SharedArrayBuffer(size));
    this.#load = Array.from({ length: options.threads }, () => 0);
    this.#through = this.#load.map(() => 0);
    this.#workers = this.#load.map((_, number) => {
      const worker = new Worker(file, {
        workerData,
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      });
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'batch') {
          this.#through[number] = message.mark;
          this.#memory.done(Math.min(...this.#through));
        }
        this.#load[number] = (this.#load[number] ?? 1) - 1;
        this.#waiting.get(message.ticket)?.take(message);
        this.#waiting.delete(message.ticket);
      });
      worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
      worker.on('exit', (code) => {
        if (!this.#closed) this.#fail(new Error(`a worker thread ended with status ${code}`));
      });
      return worker;
    });
  }

  begin(): void {
    for (const worker of this.#workers) post(worker, { kind: 'begin' });
  }

  evaluate(file: string, batch: Batch): Promise<UnpackedResult> {
    return new Promise((resolve, reject) => {
      const ticket = this.#expect(
        reject,
        (message) => message.kind === 'batch' && resolve(unpackResult(message.result)),
      );
      if (ticket === undefined) return;
      const mark = this.#memory.handOut(batch);
      const chosen = this.#choose();
      this.#workers.forEach((worker, number) => {
        post(worker, number === chosen ? { kind: 'evaluate', ticket, mark, file, batch } : { kind: 'past', batch });
      });
    });
  }

  /** A part of an input that a worker reads and scans raw. */
  segment(task: SegmentTask): Promise<SegmentResult> {
    return new Promise((resolve, reject) => {
      const ticket = this.#expect(reject, (message) => message.kind === 'segment' && resolve(message.result));
      const worker = this.#workers[ticket === undefined ? -1 : this.#chooseFor(task)];
      if (ticket !== undefined && worker !== undefined) post(worker, { kind: 'segment', ticket, task });
    });
  }

  /** The ticket that an answer comes with, unless a worker has failed. */
  #expect(reject: Waiting['reject'], take: Waiting['take']): number | undefined {
    if (this.#failure) {
      reject(this.#failure);
      return undefined;
    }
    const ticket = this.#ticket++;
    this.#waiting.set(ticket, { take, reject });
    return ticket;
  }

  /**
   * The worker that has least to do; of several the one that was chosen longest ago, or what it alone may still look back at would
   * never be given up.
   */
  #choose(): number {
    let chosen = 0;
    for (let i = 1; i < this.#load.length; i++) {
      const more = (this.#load[i] ?? 0) - (this.#load[chosen] ?? 0);
      if (more < 0 || (more === 0 && (this.#through[i] ?? 0) < (this.#through[chosen] ?? 0))) chosen = i;
    }
    this.#load[chosen] = (this.#load[chosen] ?? 0) + 1;
    return chosen;
  }

  /** Parts that follow each other go to one worker, some at a time: it has read the past of the next one. */
  #chooseFor({ input, from, to }: SegmentTask): number {
    const last = this.#run;
    const goesOn =
      last?.input === input &&
      last.to === from &&
      last.count < PARTS_IN_A_RUN &&
      (this.#load[last.worker] ?? 0) <= Math.min(...this.#load) + MOST_MORE;
    const worker = goesOn ? last.worker : this.#choose();
    if (goesOn) this.#load[worker] = (this.#load[worker] ?? 0) + 1;
    this.#run = { worker, input, to, count: goesOn ? last.count + 1 : 1 };
    return worker;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function post(worker: Worker, message: ToWorker): void {
  worker.postMessage(message);
}
