import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const modifierKeyword: ParserCheck = {
  kind: 'parser',
  code: 'modifier-keyword',
  title: 'A modifier that asks about a field, for keywords',
  severity: 'error',
  section: 'Sigma 2.1, modifier appendix',
  examples: [
    {
      bad: "title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    «'|gt'»: 5\n  condition: a\n",
      good: exampleRule(),
    },
  ],
};
