import { existsSync, readFileSync } from 'node:fs';

import type { Intent } from '../../src/kubectl/intent.ts';

/** One labelled process start: data/kubectl-cases/README.md has the meaning of each field. */
export interface LabelledCase {
  readonly id: string;
  readonly group: string;
  readonly scope: 'core' | 'extended';
  readonly os: 'linux' | 'macos' | 'windows';
  readonly user: string;
  readonly executable: string;
  readonly argv?: readonly string[];
  readonly command_line?: string;
  readonly parent: {
    readonly name: string;
    readonly executable: string | null;
    readonly argv: readonly string[] | null;
  };
  readonly context?: { readonly kuberc?: unknown };
  readonly expect: Omit<Partial<Intent>, 'action' | 'target'> & {
    readonly action: Intent['action'];
    readonly target: string | null;
    readonly detect: boolean;
    readonly severity: string | null;
    readonly acceptable?: readonly string[];
    readonly resolved_by?: string;
    readonly signals?: readonly string[];
  };
  readonly elastic_rule_matches: boolean;
}

const file = new URL('../../../shared/data/kubectl-cases/cases.ndjson', import.meta.url);

/** The labelled cases, or `undefined` where the shared data is not here. */
export function labelledCases(): readonly LabelledCase[] | undefined {
  if (!existsSync(file)) return undefined;
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): LabelledCase => JSON.parse(line));
}

/** The outcome that is expected: a severity, or `none`. */
export function expectedOutcome({ expect: { detect, severity } }: LabelledCase): string {
  return detect ? (severity ?? 'none') : 'none';
}
