import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const correlationAlias: ParserCheck = {
  kind: 'parser',
  code: 'correlation-alias',
  title: 'An alias that cannot be used',
  severity: 'error',
  section: 'Sigma 2.1, correlation rules, "Field Name Aliases"',
  examples: [
    {
      bad: 'title: t\ncorrelation:\n  type: temporal\n  rules: [a]\n  timespan: 1m\n  aliases: {x: «f»}\n',
      good: exampleRule(),
    },
  ],
};
