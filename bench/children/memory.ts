// Resident memory with the rules loaded and each lane's partition ready. V8 is set as the command sets it.
import { setFlagsFromString } from 'node:v8';

import { RuleLibrary } from '../../src/pipeline/rule-library.ts';
import { readRuleTexts } from '../../src/pipeline/rule-texts.ts';
import { scan } from '../../src/pipeline/scan.ts';
import type { MemoryResult } from '../result.ts';
import { answer } from './answer.ts';

setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--heap-growing-percent=50');

answer(async (question): Promise<MemoryResult> => {
  const { rules, files } = question as { readonly rules: readonly string[]; readonly files: readonly string[] };
  const texts = await readRuleTexts(rules);
  const library = new RuleLibrary(texts);
  await scan({
    inputs: files.map((path) => ({ name: path, path, size: null })),
    library,
    texts,
    threads: 1,
    shape: null,
    maxRecordBytes: 16 * 1024 * 1024,
    lookBackBytes: 8 * 1024 * 1024,
    correlation: { latenessMs: Infinity, memoryBytes: 64 * 1024 * 1024 },
    onAlert: () => undefined,
    onDiagnostic: () => undefined,
    onProgress: () => undefined,
  });
  return {
    ruleCount: library.rules.length,
    ready: process.memoryUsage.rss(),
    peak: process.resourceUsage().maxRSS * 1024,
  };
});
