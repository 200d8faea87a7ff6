import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import type { Intent } from './intent.ts';
import { readCommand } from './read-command.ts';

interface LabelledCase {
  readonly id: string;
  readonly os: 'linux' | 'macos' | 'windows';
  readonly executable: string;
  readonly argv?: readonly string[];
  readonly command_line?: string;
  readonly context?: { readonly kuberc?: unknown };
  readonly expect: Partial<Intent> & { readonly action: Intent['action']; readonly acceptable?: readonly string[] };
}

const file = new URL('../../../shared/data/kubectl-cases/cases.ndjson', import.meta.url);

/** What is wrong with the reading of one case, in words. */
function problems({ expect: expected }: LabelledCase, intent: Intent): string[] {
  const found: string[] = [];
  const compare = (field: keyof Intent): void => {
    const [got, want] = [JSON.stringify(intent[field] ?? null), JSON.stringify(expected[field] ?? null)];
    if (got !== want) found.push(`${field}: ${got}, expected ${want}`);
  };
  compare('action');
  if (expected.action === 'none') return found;
  for (const field of ['verb', 'namespace', 'target', 'ports', 'listen', 'service', 'operation'] as const)
    compare(field);
  if (expected.remote !== undefined) compare('remote');
  return found;
}

test('labelled cases: action and everything extracted', (t) => {
  if (!existsSync(file)) {
    t.skip('shared data is not here: data/kubectl-cases/cases.ndjson');
    return;
  }
  const cases: LabelledCase[] = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const wrong: string[] = [];
  for (const labelled of cases) {
    const { os, executable, argv, command_line: line, context } = labelled;
    const intent = readCommand(argv ?? line ?? '', {
      os,
      executable,
      ...(context?.kuberc === undefined ? {} : { kuberc: context.kuberc }),
    });
    const found = problems(labelled, intent);
    if (found.length > 0) wrong.push(`${labelled.id} ${argv?.join(' ') ?? line}: ${found.join('; ')}`);
  }
  assert.deepEqual(wrong, [], `${wrong.length} of ${cases.length} cases`);
});
