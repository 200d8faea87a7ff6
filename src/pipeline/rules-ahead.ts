import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

import type { Source } from '../base/source.ts';
import type { RuleFiles } from './rule-texts.ts';

/** What a thread is asked to read. */
export interface AheadQuestion {
  readonly paths: readonly string[];
  readonly cacheFolder: string | undefined;
}

/** What it has read; names are joined, because one text travels faster than thousands. */
export interface AheadAnswer {
  readonly bytes: Uint8Array;
  readonly names: string;
  readonly ends: Float64Array;
  readonly guides: ReadonlyMap<number, Source>;
  readonly hash: string;
  /** Of the rules without pipelines, placeholders and choice, where the cache has it. */
  readonly image: Uint8Array | undefined;
}

/** No path holds it. */
export const BETWEEN_NAMES = '\u0000';

export interface RulesAhead {
  readonly files: RuleFiles;
  readonly image: Uint8Array | undefined;
}

/** What is on its way, and for which paths. */
let underWay:
  | { readonly key: string; readonly worker: Worker; readonly read: Promise<RulesAhead | undefined> }
  | undefined;

/**
 * Begins to read rules on a thread of its own: thousands of files and the modules of a command take as long to load, so
 * one is done beside the other. Not where there is one core.
 */
export function readRulesAhead(paths: readonly string[], cacheFolder: string | undefined): void {
  if (paths.length === 0 || availableParallelism() < 2) return;
  const file = new URL(
    import.meta.url.endsWith('.ts') ? './rules-ahead-worker.ts' : './rules-ahead-worker.js',
    import.meta.url,
  );
  const question: AheadQuestion = { paths, cacheFolder };
  const worker = new Worker(file, { workerData: question, resourceLimits: { maxYoungGenerationSizeMb: 4 } });
  const read = new Promise<RulesAhead | undefined>((resolve) => {
    worker.once('message', (answer: AheadAnswer) => resolve(received(answer)));
    // Whatever it was, it is met again, and said, when the same is read on this thread.
    worker.once('error', () => resolve(undefined));
    worker.once('exit', () => resolve(undefined));
  });
  // A command that fails before it needs its rules does not wait for them.
  worker.unref();
  underWay = { key: keyOf(paths, cacheFolder), worker, read };
}

/** What was read of these paths; `undefined`: nothing was, or it could not be. Gives it once. */
export async function rulesReadAhead(
  paths: readonly string[],
  cacheFolder: string | undefined,
): Promise<RulesAhead | undefined> {
  const started = underWay;
  underWay = undefined;
  if (started?.key !== keyOf(paths, cacheFolder)) return undefined;
  started.worker.ref();
  return started.read;
}

function keyOf(paths: readonly string[], cacheFolder: string | undefined): string {
  return JSON.stringify([paths, cacheFolder ?? null]);
}

function received({ bytes, names, ends, guides, hash, image }: AheadAnswer): RulesAhead {
  const table = { bytes, names: names === '' ? [] : names.split(BETWEEN_NAMES), ends: Array.from(ends) };
  return { files: { table, guides, hash }, image };
}
