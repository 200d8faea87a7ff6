import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const dateInvalid: ParserCheck = {
  kind: 'parser',
  code: 'date-invalid',
  title: 'A date that is none',
  severity: 'warning',
  section: 'Sigma 2.1, rules specification, "Date"',
  examples: [
    {
      bad: 'date: «2019-13-25»\ntitle: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    b: c\n  condition: a\n',
      good: exampleRule(),
    },
  ],
};
