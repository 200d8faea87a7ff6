import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const correlationRules: ParserCheck = {
  kind: 'parser',
  code: 'correlation-rules',
  title: 'A correlation without rules, or with what is none',
  severity: 'error',
  section: 'Sigma 2.1, correlation rules, "Related rules"',
  examples: [{ bad: 'title: t\n«correlation»:\n  type: temporal\n  timespan: 1m\n', good: exampleRule() }],
};
