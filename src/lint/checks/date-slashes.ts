import type { DocumentCheck } from '../check.ts';
import { replaceSpan } from '../edits.ts';
import { exampleRule } from '../example.ts';
import { rawText, textAt } from '../lint-document.ts';

export const dateSlashes: DocumentCheck = {
  kind: 'document',
  code: 'date-slashes',
  title: 'A date with slashes, as Sigma 1 wrote them',
  severity: 'warning',
  section: 'Sigma 2.1, rules specification, "Date"',
  examples: [
    {
      bad: exampleRule({ head: 'date: «2026/01/31»\n' }),
      good: exampleRule({ head: 'date: 2026-01-31\n' }),
      fixed: exampleRule({ head: 'date: 2026-01-31\n' }),
    },
  ],
  *check({ root, shared }) {
    for (const key of ['date', 'modified']) {
      const date = textAt(root, key);
      if (!date || !/^\d{4}\/\d\d\/\d\d$/.test(date.text)) continue;
      const fix =
        shared || rawText(date.span) !== date.text
          ? undefined
          : [replaceSpan(date.span, date.text.replaceAll('/', '-'))];
      yield { span: date.span, message: `${key} has slashes; expected dashes`, ...(fix ? { fix } : {}) };
    }
  },
};
