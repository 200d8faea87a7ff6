import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const modifierRepeated: ParserCheck = {
  kind: 'parser',
  code: 'modifier-repeated',
  title: 'A modifier that stands there twice',
  severity: 'error',
  section: 'Sigma 2.1, modifier appendix',
  examples: [
    {
      bad: 'title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    «b|contains|contains»: c\n  condition: a\n',
      good: exampleRule(),
    },
  ],
};
