import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { packFolder } from '../src/pipeline/rule-texts.ts';

/** `pack`: the one that scans use by default. `own`: the rules of `bench/rules`. */
export type RuleSetName = 'pack' | 'sigmahq' | 'own';

const SIGMAHQ = join(import.meta.dirname, '..', '..', 'shared', 'data', 'sigmahq');

export function rulePaths(name: RuleSetName): readonly string[] {
  switch (name) {
    case 'pack':
      return [packFolder('kubernetes-network')];
    case 'own':
      return [join(import.meta.dirname, 'rules')];
    case 'sigmahq':
      return readdirSync(SIGMAHQ)
        .filter((folder) => folder === 'rules' || folder.startsWith('rules-'))
        .sort()
        .map((folder) => join(SIGMAHQ, folder));
  }
}

/** SigmaHQ where it lies beside the checkout. */
export function bigRuleSet(): RuleSetName {
  return existsSync(join(SIGMAHQ, 'rules')) ? 'sigmahq' : 'own';
}
