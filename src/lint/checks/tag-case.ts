import type { DocumentCheck } from '../check.ts';
import { replaceScalar } from '../edits.ts';
import { exampleRule } from '../example.ts';
import { scalarsAt } from '../lint-document.ts';

export const tagCase: DocumentCheck = {
  kind: 'document',
  code: 'tag-case',
  title: 'A tag with capital letters',
  severity: 'warning',
  section: 'Sigma 2.1, tags appendix',
  examples: [
    {
      bad: exampleRule({ head: 'tags:\n  - «attack.T1090»\n' }),
      good: exampleRule({ head: 'tags:\n  - attack.t1090\n' }),
      fixed: exampleRule({ head: 'tags:\n  - attack.t1090\n' }),
    },
  ],
  *check({ root, shared }) {
    for (const tag of scalarsAt(root, 'tags')) {
      if (tag.text === tag.text.toLowerCase()) continue;
      const fix = shared ? undefined : replaceScalar(tag, tag.text.toLowerCase());
      yield { span: tag.span, message: 'the tag has capital letters', ...(fix ? { fix } : {}) };
    }
  },
};
