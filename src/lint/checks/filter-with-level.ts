import type { DocumentCheck } from '../check.ts';
import { entryOf } from '../lint-document.ts';

const filter = (head: string): string =>
  `title: Example\n${head}logsource:\n  product: windows\nfilter:\n  rules: [base]\n  sel:\n    a: b\n  condition: not sel\n`;

export const filterWithLevel: DocumentCheck = {
  kind: 'document',
  code: 'filter-with-level',
  title: 'A filter with a level or a status: it has none',
  severity: 'warning',
  section: 'Sigma 2.1, filters, "Syntax"',
  examples: [{ bad: filter('«level»: high\n'), good: filter('') }],
  *check({ root, kind }) {
    if (kind !== 'filter') return;
    for (const key of ['level', 'status']) {
      const found = entryOf(root, key);
      if (found) yield { span: found.keySpan, message: `a filter has no ${key}` };
    }
  },
};
