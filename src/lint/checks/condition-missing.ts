import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const conditionMissing: ParserCheck = {
  kind: 'parser',
  code: 'condition-missing',
  title: 'A detection without a condition',
  severity: 'error',
  section: 'Sigma 2.1, rules specification, "Condition"',
  examples: [
    { bad: 'title: t\nlogsource:\n  product: x\n«filter»:\n  rules: [x]\n  a: {b: c}\n', good: exampleRule() },
  ],
};
