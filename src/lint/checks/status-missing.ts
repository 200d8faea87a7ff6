import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { entryOf } from '../lint-document.ts';

export const statusMissing: DocumentCheck = {
  kind: 'document',
  code: 'status-missing',
  title: 'A rule without a status',
  severity: 'info',
  section: 'Sigma 2.1, rules specification, "Status"',
  examples: [{ bad: exampleRule().replace('title', '«title»'), good: exampleRule({ head: 'status: test\n' }) }],
  *check({ root, start, kind }) {
    if (kind === 'detection' && !entryOf(root, 'status')) yield { span: start, message: 'the rule has no status' };
  },
};
