import type { Allocate, Batch } from '../frame/batch.ts';
import { shapeByName } from '../shapes/shapes.ts';
import { releaseBatchMemory, takeBatchMemory } from './batch-memory.ts';
import type { BatchMemory } from './batch-memory.ts';
import { BatchParts, DiagnosticsOfParts } from './batch-parts.ts';
import { Evaluator, KEPT_PER_CODE } from './evaluator.ts';
import type { BatchResult } from './evaluator.ts';
import type { RuleLibrary } from './rule-library.ts';

/** Evaluates the batches of one input after another. Results may come in any order; the caller keeps theirs. */
export interface BatchExecutor {
  /** Memory for batches that this executor can read. */
  readonly allocate: Allocate;
  /** Another input begins. */
  begin(): void;
  /** `mayMatch`: a byte for each record, 0 where no rule can match; it is a hint. */
  evaluate(file: string, batch: Batch, mayMatch?: Uint8Array): Promise<BatchResult>;
  /** The same in parts, each evaluated when it is asked for, where that can be. The next batch is not begun before the last part. */
  inParts?(file: string, batch: Batch, mayMatch?: Uint8Array): Iterable<BatchResult>;
  close(): Promise<void>;
}

export interface ExecutorOptions {
  readonly library: RuleLibrary;
  readonly shape: string | null;
  readonly lookBackBytes: number;
  /** `object`: every record is parsed and every rule tried, which is what the byte engine is measured against. */
  readonly engine?: 'auto' | 'object' | undefined;
}

export function evaluatorFor({ library, shape, lookBackBytes, engine }: ExecutorOptions): Evaluator {
  return new Evaluator({
    lookBackBytes,
    shape: shape === null ? undefined : shapeByName(shape),
    rulesFor: (of) => library.rulesFor(of),
    numberOf: (rule) => library.numberOf(rule),
    plan: library.plan,
    classes: engine === 'object' ? undefined : library.lineClasses,
  });
}

/** On the calling thread. */
export class InlineExecutor implements BatchExecutor {
  readonly allocate: Allocate = (size) => this.#memory.allocate(size);
  readonly #evaluator: Evaluator;
  readonly #lookBackBytes: number;
  readonly #memory: BatchMemory;
  readonly #parts = new BatchParts();

  constructor(options: ExecutorOptions) {
    this.#evaluator = evaluatorFor(options);
    this.#lookBackBytes = options.lookBackBytes;
    this.#memory = takeBatchMemory(options.lookBackBytes);
  }

  begin(): void {
    this.#evaluator.begin();
    this.#memory.begin();
  }

  evaluate(file: string, batch: Batch, mayMatch?: Uint8Array): Promise<BatchResult> {
    const mark = this.#memory.handOut(batch);
    const result = this.#evaluator.evaluate(file, batch, mayMatch);
    this.#memory.done(mark);
    return Promise.resolve(result);
  }

  *inParts(file: string, batch: Batch, mayMatch?: Uint8Array): Generator<BatchResult, void, undefined> {
    const mark = this.#memory.handOut(batch);
    const diagnostics = new DiagnosticsOfParts(KEPT_PER_CODE);
    let matches = 0;
    let done = 0;
    for (const part of this.#parts.of(batch)) {
      const may = mayMatch?.subarray(done, done + part.count);
      const result = diagnostics.cut(this.#evaluator.evaluate(file, part, may, done > 0));
      done += part.count;
      for (const finding of result.findings) matches += finding.matches.length;
      yield result;
    }
    this.#parts.note(matches);
    this.#memory.done(mark);
  }

  close(): Promise<void> {
    releaseBatchMemory(this.#lookBackBytes, this.#memory);
    return Promise.resolve();
  }
}
