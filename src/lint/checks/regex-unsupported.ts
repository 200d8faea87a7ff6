import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const regexUnsupported: ParserCheck = {
  kind: 'parser',
  code: 'regex-unsupported',
  title: 'An expression that cannot run in linear time',
  severity: 'error',
  section: 'Sigma 2.1, modifier appendix, "re"',
  examples: [
    {
      bad: "title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    b|re: 'a«++»'\n  condition: a\n",
      good: exampleRule(),
    },
  ],
};
