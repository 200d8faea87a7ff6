// Resident memory with the rules loaded and each lane's partition ready. V8 is set as the command sets it, and when it does.
import { boundGarbage } from '../../src/cli/bound-garbage.ts';
import { loadLibrary } from '../../src/pipeline/load-library.ts';
import { readRuleTexts } from '../../src/pipeline/rule-texts.ts';
import { scan } from '../../src/pipeline/scan.ts';
import type { Memory } from '../result.ts';
import { answer } from './answer.ts';

interface Question {
  readonly rules: readonly string[];
  readonly files: readonly string[];
  readonly cacheFolder: string;
}

answer(async (question): Promise<Memory & { readonly ruleCount: number }> => {
  const { rules, files, cacheFolder } = question as Question;
  const library = await loadLibrary(readRuleTexts(rules), { cacheFolder, onMiss: boundGarbage });
  boundGarbage();
  await scan({
    inputs: files.map((path) => ({ name: path, path, size: null })),
    library,
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
