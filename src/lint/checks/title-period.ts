import type { DocumentCheck } from '../check.ts';
import { replaceScalar } from '../edits.ts';
import { exampleRule } from '../example.ts';
import { textAt } from '../lint-document.ts';

export const titlePeriod: DocumentCheck = {
  kind: 'document',
  code: 'title-period',
  title: 'A title that ends with a period',
  severity: 'info',
  section: 'SigmaHQ, title convention',
  examples: [
    {
      bad: exampleRule().replace('title: Example', 'title: «Example.»'),
      good: exampleRule(),
      fixed: exampleRule(),
    },
  ],
  *check({ root, shared }) {
    const title = textAt(root, 'title');
    if (!title || !/[^.]\.$/.test(title.text)) return;
    const fix = shared ? undefined : replaceScalar(title, title.text.slice(0, -1));
    yield { span: title.span, message: 'the title ends with a period', ...(fix ? { fix } : {}) };
  },
};
