import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const windashTooMany: ParserCheck = {
  kind: 'parser',
  code: 'windash-too-many',
  title: 'More dashes than can be permuted',
  severity: 'error',
  section: 'Sigma 2.1, modifier appendix, "windash"',
  examples: [
    {
      bad: "title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    b|windash|base64: «'-a -b -c -d -e'»\n  condition: a\n",
      good: exampleRule(),
    },
  ],
};
