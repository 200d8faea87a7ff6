import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const regexInvalid: ParserCheck = {
  kind: 'parser',
  code: 'regex-invalid',
  title: 'An expression that is none',
  severity: 'error',
  section: 'Sigma 2.1, modifier appendix, "re"',
  examples: [
    {
      bad: "title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    b|re: '«[»'\n  condition: a\n",
      good: exampleRule(),
    },
  ],
};
