import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const correlationType: ParserCheck = {
  kind: 'parser',
  code: 'correlation-type',
  title: 'A type of correlation that is none',
  severity: 'error',
  section: 'Sigma 2.1, correlation rules, "Correlation type"',
  examples: [
    { bad: 'title: t\n«correlation»:\n  rules: [a]\n  timespan: 1m\n  condition: {gte: 1}\n', good: exampleRule() },
  ],
};
