import { parentPort, workerData } from 'node:worker_threads';

import { invariant } from '../base/invariant.ts';
import { evaluatorFor } from './executor.ts';
import type { FromWorker, ToWorker, WorkerData } from './executor-threads.ts';
import { packResult } from './packed-result.ts';
import { RuleLibrary } from './rule-library.ts';
import { SegmentReader } from './segment-reader.ts';

/** A worker of `ThreadedExecutor`. */
const port = parentPort;
invariant(port, 'worker.ts runs as a worker thread');
const { library, shape, lookBackBytes, engine, raw }: WorkerData = workerData;
const evaluator = evaluatorFor({ library: new RuleLibrary(library), shape, lookBackBytes, engine });
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
      reader ??= SegmentReader.create(raw, evaluator);
      const result = packResult(evaluator.evaluate(file, batch, reader?.mayMatch(batch)));
      answer({ kind: 'batch', ticket, mark, result });
      break;
    }
    case 'segment': {
      const { ticket, task } = message;
      reader ??= SegmentReader.create(raw, evaluator);
      invariant(reader, 'a part to scan raw, where nothing can be');
      answer({ kind: 'segment', ticket, result: reader.read(task) });
      break;
    }
  }
});

function answer(message: FromWorker): void {
  port?.postMessage(message);
}
