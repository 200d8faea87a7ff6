import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const allSingleValue: ParserCheck = {
  kind: 'parser',
  code: 'all-single-value',
  title: 'all with a single value',
  severity: 'warning',
  section: 'Sigma 2.1, modifier appendix, "all"',
  examples: [
    {
      bad: 'title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    «b|contains|all»: c\n  condition: a\n',
      good: exampleRule(),
    },
  ],
};
