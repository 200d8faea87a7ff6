import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const statusUnknown: ParserCheck = {
  kind: 'parser',
  code: 'status-unknown',
  title: 'A status that is none',
  severity: 'warning',
  section: 'Sigma 2.1, rules specification, "Status"',
  examples: [
    {
      bad: 'title: t\nlogsource:\n  category: process_creation\nstatus: «new»\ndetection:\n  a:\n    b: c\n  condition: a\n',
      good: exampleRule(),
    },
  ],
};
