import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { scalarsAt } from '../lint-document.ts';

export const referenceNotUrl: DocumentCheck = {
  kind: 'document',
  code: 'reference-not-url',
  title: 'A reference that cannot be followed',
  severity: 'info',
  section: 'Sigma 2.1, rules specification, "References"',
  examples: [
    {
      bad: exampleRule({ head: 'references: [«internal research»]\n' }),
      good: exampleRule({ head: 'references: [https://a.example]\n' }),
    },
  ],
  *check({ root }) {
    for (const one of scalarsAt(root, 'references'))
      if (!/^https?:\/\//.test(one.text))
        yield { span: one.span, message: 'expected an address that begins with https://' };
  },
};
