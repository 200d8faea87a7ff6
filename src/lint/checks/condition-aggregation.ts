import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const conditionAggregation: ParserCheck = {
  kind: 'parser',
  code: 'condition-aggregation',
  title: 'An aggregation of Sigma 1 in a condition',
  severity: 'error',
  section: 'Sigma 2.1, correlation rules',
  examples: [
    {
      bad: 'title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    b: c\n  condition: a «|»near a\n',
      good: exampleRule(),
    },
  ],
};
