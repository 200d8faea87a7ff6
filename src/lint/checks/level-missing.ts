import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { entryOf } from '../lint-document.ts';

export const levelMissing: DocumentCheck = {
  kind: 'document',
  code: 'level-missing',
  title: 'A rule without a level: its alerts are medium',
  severity: 'info',
  section: 'Sigma 2.1, rules specification, "Level"',
  examples: [{ bad: exampleRule().replace('title', '«title»'), good: exampleRule({ head: 'level: high\n' }) }],
  *check({ root, start, kind }) {
    if (kind !== 'filter' && !entryOf(root, 'level')) yield { span: start, message: 'the document has no level' };
  },
};
