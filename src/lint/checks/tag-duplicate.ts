import type { DocumentCheck } from '../check.ts';
import { removeItem } from '../edits.ts';
import { exampleRule } from '../example.ts';
import { repeatedItems } from '../lint-document.ts';

export const tagDuplicate: DocumentCheck = {
  kind: 'document',
  code: 'tag-duplicate',
  title: 'A tag that stands there twice',
  severity: 'warning',
  section: 'Sigma 2.1, rules specification, "Tags"',
  examples: [
    {
      bad: exampleRule({ head: 'tags:\n  - attack.t1090\n  - «attack.t1090»\n' }),
      good: exampleRule({ head: 'tags:\n  - attack.t1090\n  - attack.t1572\n' }),
      fixed: exampleRule({ head: 'tags:\n  - attack.t1090\n' }),
    },
  ],
  *check({ root, shared }) {
    for (const { list, at, item } of repeatedItems(root, 'tags')) {
      const fix = shared ? undefined : removeItem(list, at);
      yield { span: item.span, message: 'the tag stands there twice', ...(fix ? { fix } : {}) };
    }
  },
};
