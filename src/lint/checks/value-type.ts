import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const valueType: ParserCheck = {
  kind: 'parser',
  code: 'value-type',
  title: 'A value that is none',
  severity: 'error',
  section: 'Sigma 2.1, rules specification, "Search Identifier"',
  examples: [
    {
      bad: "title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    - «''»\n  condition: a\n",
      good: exampleRule(),
    },
  ],
};
