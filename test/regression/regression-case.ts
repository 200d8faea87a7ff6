import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parse } from 'yaml';

/** SigmaHQ's rules and its regression data: an event that each of some rules must match. */
export const sigmahq = fileURLToPath(new URL('../../../shared/data/sigmahq/', import.meta.url));

export interface RegressionCase {
  /** The folder, below `regression_data`. */
  readonly name: string;
  readonly ruleIds: readonly string[];
  readonly matchCount: number;
  /** The event files, by how they end. */
  readonly files: Readonly<Record<string, string>>;
}

interface Info {
  readonly rule_metadata?: readonly { readonly id: string }[];
  readonly regression_tests_info?: readonly { readonly match_count?: number }[];
}

export function regressionCases(): readonly RegressionCase[] {
  return globSync('regression_data/**/info.yml', { cwd: sigmahq })
    .sort()
    .map((path) => {
      const info: Info = parse(readFileSync(join(sigmahq, path), 'utf8'));
      const folder = dirname(path);
      const files = globSync('*', { cwd: join(sigmahq, folder) }).filter((name) => name !== 'info.yml');
      return {
        name: folder,
        ruleIds: (info.rule_metadata ?? []).map(({ id }) => id),
        matchCount: (info.regression_tests_info ?? []).reduce((sum, { match_count: count = 1 }) => sum + count, 0),
        files: Object.fromEntries(
          files.map((name) => [name.slice(name.lastIndexOf('.') + 1), join(sigmahq, folder, name)]),
        ),
      };
    });
}
