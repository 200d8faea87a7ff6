import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const modifierUnknown: ParserCheck = {
  kind: 'parser',
  code: 'modifier-unknown',
  title: 'A modifier that is none',
  severity: 'error',
  section: 'Sigma 2.1, modifier appendix',
  examples: [
    {
      bad: 'title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    b|«:» c\n  condition: a\n',
      good: exampleRule(),
    },
  ],
};
