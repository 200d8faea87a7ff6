import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { scalarsAt } from '../lint-document.ts';

export const falsepositivesNone: DocumentCheck = {
  kind: 'document',
  code: 'falsepositives-none',
  title: 'False positives said to be none: they are unlikely or unknown',
  severity: 'info',
  section: 'SigmaHQ, rule convention',
  examples: [
    {
      bad: exampleRule({ head: 'falsepositives: [«None»]\n' }),
      good: exampleRule({ head: 'falsepositives: [Unlikely]\n' }),
    },
  ],
  *check({ root }) {
    for (const one of scalarsAt(root, 'falsepositives'))
      if (/^(none|nothing|no)$/i.test(one.text))
        yield { span: one.span, message: 'expected Unlikely, Unknown, or what can cause them' };
  },
};
