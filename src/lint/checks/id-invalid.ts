import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const idInvalid: ParserCheck = {
  kind: 'parser',
  code: 'id-invalid',
  title: 'An id that is no UUID',
  severity: 'warning',
  section: 'Sigma 2.1, rules specification, "Identification"',
  examples: [
    {
      bad: 'id: «1»\ntitle: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    b: c\n  condition: a\n',
      good: exampleRule(),
    },
  ],
};
