import { parentPort, workerData } from 'node:worker_threads';

import { invariant } from '../base/invariant.ts';
import { evaluatorFor } from './executor.ts';
import type { FromWorker, ToWorker, WorkerData } from './executor-threads.ts';
import { OpenAlertMaker } from './open-alert-maker.ts';
import { isPacked, packResult, transferOf } from './packed-result.ts';
import { RuleLibrary } from './rule-library.ts';
import { SegmentReader } from './segment-reader.ts';

/** A worker of `ThreadedExecutor`. */
const port = parentPort;
invariant(port, 'worker.ts runs as a worker thread');
const { library: parts, writesAlerts, shape, lookBackBytes, engine, raw }: WorkerData = workerData;
const library = new RuleLibrary(parts);
const evaluator = evaluatorFor({ library, shape, lookBackBytes, engine });
const alerts = writesAlerts ? new OpenAlertMaker(library) : undefined;
let reader: SegmentReader | undefined;

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'begin':
      evaluator.begin();
      break;
    case 'past':
      evaluator.skip(message.batch);
      break;
    case 'evaluate': {
      const { ticket, mark, file, batch } = message;
      reader ??= SegmentReader.create(raw, evaluator, alerts);
      const result = packResult(evaluator.evaluate(file, batch, reader?.mayMatch(batch)), alerts);
      answer({ kind: 'batch', ticket, mark, result }, transferOf(result));
      break;
    }
    case 'segment': {
      const { ticket, task } = message;
      reader ??= SegmentReader.create(raw, evaluator, alerts);
      invariant(reader, 'a part to scan raw, where nothing can be');
      const result = reader.read(task);
      const transfer = result.said.flatMap((one) => (isPacked(one) ? transferOf(one) : []));
      answer({ kind: 'segment', ticket, result }, transfer);
      break;
    }
  }
});

function answer(message: FromWorker, transfer: readonly ArrayBuffer[]): void {
  port?.postMessage(message, transfer);
}
