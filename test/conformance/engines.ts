import assert from 'node:assert/strict';

import { BatchBuilder } from '../../src/frame/batch.ts';
import type { Batch } from '../../src/frame/batch.ts';
import { Framer } from '../../src/frame/framer.ts';
import type { BatchResult } from '../../src/pipeline/evaluator.ts';
import { evaluatorFor } from '../../src/pipeline/executor.ts';
import { loadLibrary } from '../../src/pipeline/load-library.ts';
import type { RuleLibrary } from '../../src/pipeline/rule-library.ts';
import { readRuleTexts } from '../../src/pipeline/rule-texts.ts';
import { auditGroupOf } from '../../src/pipeline/audit-group.ts';

export async function libraryOf(paths: readonly string[]): Promise<RuleLibrary> {
  return loadLibrary(readRuleTexts(paths));
}

/** The records of an input as scans frame them. */
export function batchesOf(bytes: Uint8Array, batchBytes = 1024 * 1024): readonly Batch[] {
  const batches: Batch[] = [];
  const builder = new BatchBuilder(
    batchBytes,
    (size) => new Uint8Array(size),
    (batch) => batches.push(batch),
  );
  const framer = new Framer(
    {
      file: '',
      maxRecordBytes: 16 * 1024 * 1024,
      groupOf: auditGroupOf,
      report: () => undefined,
    },
    builder,
  );
  framer.push(bytes);
  framer.end();
  return batches;
}

export interface Compared {
  readonly records: number;
  readonly findings: number;
}

/** Both engines must find the same in every batch, say the same of it and count the same. */
export function compareEngines(library: RuleLibrary, batches: readonly Batch[], hint = ''): Compared {
  const run = (engine: 'auto' | 'object'): BatchResult[] => {
    const evaluator = evaluatorFor({ library, shape: null, lookBackBytes: 8 * 1024 * 1024, engine });
    return batches.map((batch) => evaluator.evaluate('input', batch));
  };
  const objects = run('object');
  const bytes = run('auto');
  let records = 0;
  let findings = 0;
  objects.forEach((expected, i) => {
    const actual = bytes[i];
    assert.deepEqual(actual?.statistics, expected.statistics, hint);
    assert.deepEqual(brief(actual), brief(expected), hint);
    assert.deepEqual(actual?.findings, expected.findings, hint);
    assert.deepEqual(actual?.diagnostics, expected.diagnostics, hint);
    records += expected.statistics.records;
    findings += expected.findings.length;
  });
  return { records, findings };
}

/** First where and which: a difference is then a line, not a page. */
function brief(result: BatchResult | undefined): readonly string[] {
  return (result?.findings ?? []).map(
    ({ place, matches }) => `line ${place.line}: ${matches.map(({ rule }) => rule).join(' ')}`,
  );
}
