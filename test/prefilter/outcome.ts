import { statSync } from 'node:fs';

import type { Alert } from '../../src/alert/alert.ts';
import { loadLibrary } from '../../src/pipeline/load-library.ts';
import { packFolder, readRuleTexts } from '../../src/pipeline/rule-texts.ts';
import { scan } from '../../src/pipeline/scan.ts';
import type { ScanOptions } from '../../src/pipeline/scan.ts';
import type { Statistics } from '../../src/pipeline/statistics.ts';

const library = await loadLibrary(readRuleTexts([packFolder('kubernetes-network')]));

export interface Outcome {
  readonly alerts: readonly Alert[];
  readonly codes: readonly string[];
  readonly statistics: Statistics;
}

/** What the pack finds in one input, named `input`; `null`: standard input. */
export async function outcome(path: string | null, more: Partial<ScanOptions>): Promise<Outcome> {
  const alerts: Alert[] = [];
  const codes: string[] = [];
  const { statistics } = await scan({
    inputs: [{ name: 'input', path, size: path === null ? null : statSync(path).size }],
    library,
    threads: 1,
    shape: null,
    maxRecordBytes: 16 * 1024 * 1024,
    lookBackBytes: 8 * 1024 * 1024,
    correlation: { latenessMs: Infinity, memoryBytes: 64 * 1024 * 1024 },
    onAlert: (alert) => void alerts.push(alert),
    onDiagnostic: ({ code }) => void codes.push(code),
    onProgress: () => undefined,
    ...more,
  });
  return { alerts, codes, statistics };
}
