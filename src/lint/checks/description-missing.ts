import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { textAt } from '../lint-document.ts';

export const descriptionMissing: DocumentCheck = {
  kind: 'document',
  code: 'description-missing',
  title: 'A rule that does not say what it finds',
  severity: 'info',
  section: 'Sigma 2.1, rules specification, "Description"',
  examples: [
    {
      bad: exampleRule().replace('title', '«title»'),
      good: exampleRule({ head: 'description: What it finds, and why that is of interest\n' }),
    },
  ],
  *check({ root, start }) {
    if (!textAt(root, 'description')) yield { span: start, message: 'the document has no description' };
  },
};
