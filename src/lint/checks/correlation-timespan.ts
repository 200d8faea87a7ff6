import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const correlationTimespan: ParserCheck = {
  kind: 'parser',
  code: 'correlation-timespan',
  title: 'A timespan that is none',
  severity: 'error',
  section: 'Sigma 2.1, correlation rules, "Time Selection"',
  examples: [{ bad: 'title: t\n«correlation»:\n  type: temporal\n  rules: [a]\n', good: exampleRule() }],
};
