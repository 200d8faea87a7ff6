import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const conditionCount: ParserCheck = {
  kind: 'parser',
  code: 'condition-count',
  title: 'A quantifier that always or never holds',
  severity: 'error',
  section: 'Sigma 2.1, rules specification, "Condition"',
  examples: [
    {
      bad: 'title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    b: c\n  condition: «0» of them\n',
      good: exampleRule(),
    },
  ],
};
