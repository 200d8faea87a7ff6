import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const modifierOrder: ParserCheck = {
  kind: 'parser',
  code: 'modifier-order',
  title: 'Modifiers in an order in which one undoes another',
  severity: 'error',
  section: 'Sigma 2.1, modifier appendix',
  examples: [
    {
      bad: 'title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    «b|i»: c\n  condition: a\n',
      good: exampleRule(),
    },
  ],
};
