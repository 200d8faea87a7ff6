import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { entryOf } from '../lint-document.ts';

export const authorMissing: DocumentCheck = {
  kind: 'document',
  code: 'author-missing',
  title: 'A rule without an author',
  severity: 'info',
  section: 'Sigma 2.1, rules specification, "Author"',
  examples: [{ bad: exampleRule().replace('title', '«title»'), good: exampleRule({ head: 'author: somebody\n' }) }],
  *check({ root, start, kind }) {
    if (kind === 'detection' && !entryOf(root, 'author')) yield { span: start, message: 'the rule names no author' };
  },
};
