import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const correlationField: ParserCheck = {
  kind: 'parser',
  code: 'correlation-field',
  title: 'A correlation of values without a field, or a field without use',
  severity: 'error',
  section: 'Sigma 2.1, correlation rules, "Value Count"',
  examples: [
    {
      bad: 'title: t\n«correlation»:\n  type: value_count\n  rules: [a]\n  timespan: 1m\n  condition: {gte: 1}\n',
      good: exampleRule(),
    },
  ],
};
