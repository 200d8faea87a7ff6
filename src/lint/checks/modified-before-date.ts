import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { textAt } from '../lint-document.ts';

export const modifiedBeforeDate: DocumentCheck = {
  kind: 'document',
  code: 'modified-before-date',
  title: 'A rule that was changed before it was made',
  severity: 'warning',
  section: 'Sigma 2.1, rules specification, "Modified"',
  examples: [
    {
      bad: exampleRule({ head: 'date: 2026-01-31\nmodified: «2025-01-31»\n' }),
      good: exampleRule({ head: 'date: 2026-01-31\nmodified: 2026-02-01\n' }),
    },
  ],
  *check({ root }) {
    const [date, modified] = [textAt(root, 'date'), textAt(root, 'modified')];
    const digits = (text: string): string => text.replaceAll(/[-/]/g, '');
    if (date && modified && digits(modified.text) < digits(date.text))
      yield { span: modified.span, message: `modified is before the date, ${date.text.slice(0, 20)}` };
  },
};
