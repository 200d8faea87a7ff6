import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const correlationCondition: ParserCheck = {
  kind: 'parser',
  code: 'correlation-condition',
  title: 'A condition of a correlation that is none',
  severity: 'error',
  section: 'Sigma 2.1, correlation rules, "Condition"',
  examples: [
    { bad: 'title: t\ncorrelation:\n  «type: event_count\n  rules: [a]\n  timespan: 1m\n»', good: exampleRule() },
  ],
};
