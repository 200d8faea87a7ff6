import { parentPort, workerData } from 'node:worker_threads';

import { invariant } from '../base/invariant.ts';
import { evaluatorFor } from './executor.ts';
import type { FromWorker, ToWorker, WorkerData } from './executor-threads.ts';
import { RuleLibrary } from './rule-library.ts';

/** A worker of `ThreadedExecutor`. */
const port = parentPort;
invariant(port, 'worker.ts runs as a worker thread');
const { library, shape, lookBackBytes, engine }: WorkerData = workerData;
const evaluator = evaluatorFor({ library: new RuleLibrary(library), shape, lookBackBytes, engine });

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'begin':
      evaluator.begin();
      break;
    case 'past':
      evaluator.skip(message.batch);
      break;
    case 'evaluate': {
      const answer: FromWorker = {
        ticket: message.ticket,
        mark: message.mark,
        result: evaluator.evaluate(message.file, message.batch),
      };
      port.postMessage(answer);
      break;
    }
  }
});
