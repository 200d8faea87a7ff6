import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const conditionSyntax: ParserCheck = {
  kind: 'parser',
  code: 'condition-syntax',
  title: 'A condition that cannot be read',
  severity: 'error',
  section: 'Sigma 2.1, rules specification, "Condition"',
  examples: [
    {
      bad: 'title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    b: c\n  condition: «(»a\n',
      good: exampleRule(),
    },
  ],
};
