import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { entryOf } from '../lint-document.ts';

export const dateMissing: DocumentCheck = {
  kind: 'document',
  code: 'date-missing',
  title: 'A rule without the date of its creation',
  severity: 'info',
  section: 'Sigma 2.1, rules specification, "Date"',
  examples: [{ bad: exampleRule().replace('title', '«title»'), good: exampleRule({ head: 'date: 2026-01-31\n' }) }],
  *check({ root, start, kind }) {
    if (kind === 'detection' && !entryOf(root, 'date')) yield { span: start, message: 'the rule has no date' };
  },
};
