import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Alert } from '../../src/alert/alert.ts';
import { loadLibrary } from '../../src/pipeline/load-library.ts';
import { packFolder, readRuleTexts } from '../../src/pipeline/rule-texts.ts';
import { scan } from '../../src/pipeline/scan.ts';
import { expectedOutcome } from './labelled-case.ts';
import type { LabelledCase } from './labelled-case.ts';
import type { Render } from './render.ts';

export interface Scored {
  readonly labelled: LabelledCase;
  /** Severity of the alert, or `none`. */
  readonly outcome: string;
  readonly alert: Alert | undefined;
}

/** Scans all cases, rendered into one file of one shape, with a pack, as a user would. */
export async function scoreShape(
  cases: readonly LabelledCase[],
  render: Render,
  pack = 'kubernetes-network',
): Promise<readonly Scored[]> {
  const folder = mkdtempSync(join(tmpdir(), 'portreeve-cases-'));
  try {
    const file = join(folder, `${randomUUID()}.log`);
    /** Line on which each case's own event begins. */
    const byLine = new Map<number, LabelledCase>();
    const lines: string[] = [];
    cases.forEach((labelled, index) => {
      const rendered = render(labelled, index);
      const own = rendered.length <= 1 ? rendered.length : 5;
      byLine.set(lines.length + rendered.length - own + 1, labelled);
      lines.push(...rendered);
    });
    writeFileSync(file, `${lines.join('\n')}\n`);
    const texts = readRuleTexts([packFolder(pack)]);
    const alerts = new Map<LabelledCase, Alert>();
    await scan({
      inputs: [{ name: file, path: file, size: statSync(file).size }],
      library: await loadLibrary(texts),
      threads: 1,
      shape: null,
      maxRecordBytes: 1 << 24,
      correlation: { latenessMs: Infinity, memoryBytes: 64 * 1024 * 1024 },
      lookBackBytes: 1 << 23,
      onAlert: (alert) => {
        const labelled = byLine.get(alert.event.place.line);
        if (labelled) alerts.set(labelled, alert);
      },
      onDiagnostic: ({ code, message }) => {
        throw new Error(`${code}: ${message}`);
      },
      onProgress: () => undefined,
    });
    return cases.map((labelled) => {
      const alert = alerts.get(labelled);
      return { labelled, outcome: alert?.severity ?? 'none', alert };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface Score {
  readonly cases: number;
  readonly strict: number;
  /** Right, or among the acceptable outcomes. */
  readonly lenient: number;
  readonly found: number;
  readonly toFind: number;
  readonly falseAlarms: number;
  readonly quiet: number;
}

export function summarise(scored: readonly Scored[]): Score {
  const score = { cases: scored.length, strict: 0, lenient: 0, found: 0, toFind: 0, falseAlarms: 0, quiet: 0 };
  for (const { labelled, outcome } of scored) {
    const wanted = expectedOutcome(labelled);
    if (outcome === wanted) score.strict++;
    if (outcome === wanted || labelled.expect.acceptable?.includes(outcome)) score.lenient++;
    if (labelled.expect.detect) {
      score.toFind++;
      if (outcome !== 'none') score.found++;
    } else {
      score.quiet++;
      if (outcome !== 'none') score.falseAlarms++;
    }
  }
  return score;
}

/** Fields of the extraction that differ, in words. */
export function extractionProblems({ labelled, alert }: Scored): readonly string[] {
  if (labelled.expect.action === 'none' || alert === undefined) return [];
  const got = alert.kubectl;
  return (['verb', 'namespace', 'target', 'ports', 'listen', 'service'] as const).flatMap((field) => {
    const [found, expected] = [JSON.stringify(got?.[field] ?? null), JSON.stringify(labelled.expect[field] ?? null)];
    return found === expected ? [] : [`${field} ${found}, expected ${expected}`];
  });
}
