import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { entryOf } from '../lint-document.ts';

export const idMissing: DocumentCheck = {
  kind: 'document',
  code: 'id-missing',
  title: 'A rule without an id cannot be referred to, and its alerts change their name with its title',
  severity: 'info',
  section: 'Sigma 2.1, rules specification, "Identification"',
  examples: [
    {
      bad: exampleRule().replace('title', '«title»'),
      good: exampleRule({ head: 'id: 0e95725d-7320-415d-80f7-004da920fc11\n' }),
    },
  ],
  *check({ root, start, kind }) {
    if (kind === 'detection' && !entryOf(root, 'id'))
      yield { span: start, message: 'the rule has no id', help: 'add a random UUID (version 4)' };
  },
};
