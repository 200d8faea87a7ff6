import { parentPort, workerData } from 'node:worker_threads';

import { invariant } from '../base/invariant.ts';
import { cachedImage } from './cached-image.ts';
import { readRuleFiles, readRuleTexts } from './rule-texts.ts';
import { BETWEEN_NAMES } from './rules-ahead.ts';
import type { AheadAnswer, AheadQuestion } from './rules-ahead.ts';

/** The thread of `readRulesAhead`. Where something cannot be read it fails, and the other thread finds out why. */
const port = parentPort;
invariant(port, 'rules-ahead-worker.ts runs as a worker thread');
const { paths, cacheFolder }: AheadQuestion = workerData;
const files = readRuleFiles(paths);
const { table, guides, hash } = files;
const answer: AheadAnswer = {
  bytes: table.bytes,
  names: table.names.join(BETWEEN_NAMES),
  ends: Float64Array.from(table.ends),
  guides,
  hash,
  image: cacheFolder === undefined ? undefined : cachedImage(readRuleTexts(paths, {}, files), cacheFolder),
};
port.postMessage(answer);
