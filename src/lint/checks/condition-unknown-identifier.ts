import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const conditionUnknownIdentifier: ParserCheck = {
  kind: 'parser',
  code: 'condition-unknown-identifier',
  title: 'A condition that names what is not there',
  severity: 'error',
  section: 'Sigma 2.1, rules specification, "Condition"',
  examples: [
    {
      bad: 'title: t\ncorrelation:\n  type: temporal\n  rules: [a]\n  timespan: 1m\n  condition: a and «b»\n',
      good: exampleRule(),
    },
  ],
};
