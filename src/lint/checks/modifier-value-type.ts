import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const modifierValueType: ParserCheck = {
  kind: 'parser',
  code: 'modifier-value-type',
  title: 'A value of a type that its modifier does not take',
  severity: 'error',
  section: 'Sigma 2.1, modifier appendix',
  examples: [
    {
      bad: 'title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    b|gt: «many»\n  condition: a\n',
      good: exampleRule(),
    },
  ],
};
