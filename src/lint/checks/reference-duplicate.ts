import type { DocumentCheck } from '../check.ts';
import { removeItem } from '../edits.ts';
import { exampleRule } from '../example.ts';
import { repeatedItems } from '../lint-document.ts';

export const referenceDuplicate: DocumentCheck = {
  kind: 'document',
  code: 'reference-duplicate',
  title: 'A reference that stands there twice',
  severity: 'warning',
  section: 'Sigma 2.1, rules specification, "References"',
  examples: [
    {
      bad: exampleRule({ head: 'references:\n  - https://a.example\n  - «https://a.example»\n' }),
      good: exampleRule({ head: 'references:\n  - https://a.example\n  - https://b.example\n' }),
      fixed: exampleRule({ head: 'references:\n  - https://a.example\n' }),
    },
  ],
  *check({ root, shared }) {
    for (const { list, at, item } of repeatedItems(root, 'references')) {
      const fix = shared ? undefined : removeItem(list, at);
      yield { span: item.span, message: 'the reference stands there twice', ...(fix ? { fix } : {}) };
    }
  },
};
