import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const detectionTimeframe: ParserCheck = {
  kind: 'parser',
  code: 'detection-timeframe',
  title: 'timeframe, which means nothing without an aggregation',
  severity: 'warning',
  section: 'Sigma 2.1, correlation rules, "Time Selection"',
  examples: [
    {
      bad: 'title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    b: c\n  «timeframe»: 5m\n  condition: a\n',
      good: exampleRule(),
    },
  ],
};
