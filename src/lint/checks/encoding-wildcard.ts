import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const encodingWildcard: ParserCheck = {
  kind: 'parser',
  code: 'encoding-wildcard',
  title: 'A wildcard that would have to be encoded',
  severity: 'error',
  section: 'Sigma 2.1, modifier appendix, "base64"',
  examples: [
    {
      bad: "title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    b|wide: «'a?'»\n  condition: a\n",
      good: exampleRule(),
    },
  ],
};
