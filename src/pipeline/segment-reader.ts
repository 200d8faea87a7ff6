import type { Batch } from '../frame/batch.ts';
import { systemCode } from '../sources/source-error.ts';
import type { Evaluator } from './evaluator.ts';
import type { OpenAlertMaker } from './open-alert-maker.ts';
import { packResult } from './packed-result.ts';
import { takeRawScanner } from './raw-scan.ts';
import type { RawScanner, RawScanOptions } from './raw-scan.ts';
import type { SegmentResult, SegmentTask } from './segment-scan.ts';
import { readShared } from './shared-bytes.ts';

/** Reads and scans parts of inputs, on a worker. */
export class SegmentReader {
  readonly #scanner: RawScanner;
  readonly #evaluator: Evaluator;
  readonly #alerts: OpenAlertMaker | undefined;
  #input: number | undefined;

  private constructor(scanner: RawScanner, evaluator: Evaluator, alerts: OpenAlertMaker | undefined) {
    this.#scanner = scanner;
    this.#evaluator = evaluator;
    this.#alerts = alerts;
  }

  /** `undefined` where nothing can be scanned raw. */
  static create(
    options: RawScanOptions | undefined,
    evaluator: Evaluator,
    alerts: OpenAlertMaker | undefined,
  ): SegmentReader | undefined {
    const scanner = options && takeRawScanner(options);
    return scanner && new SegmentReader(scanner, evaluator, alerts);
  }

  /** Which records of a batch that is read in full may match. */
  mayMatch(batch: Batch): Uint8Array | undefined {
    return this.#scanner.mayMatch(batch);
  }

  read({ file, input, from, to, end, first, source }: SegmentTask): SegmentResult {
    const said: SegmentResult['said'][number][] = [];
    let failure: SegmentResult['failure'];
    const isOtherInput = this.#input !== input;
    this.#input = input;
    const segmentEnd = this.#scanner.segment(
      {
        file,
        from,
        to,
        end,
        first,
        readAt: (offset, into) => {
          if (failure !== undefined) return 0;
          try {
            return readShared(source, offset, into);
          } catch (error) {
            failure = { code: systemCode(error), offset };
            return 0;
          }
        },
        evaluate: (batch, past) =>
          said.push(packResult(this.#evaluator.evaluateAmong(file, batch, past), this.#alerts)),
        report: (diagnostic) => said.push(diagnostic),
      },
      isOtherInput,
    );
    return { said, end: segmentEnd, failure };
  }
}
