import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const detectionEmpty: ParserCheck = {
  kind: 'parser',
  code: 'detection-empty',
  title: 'A detection without a search identifier',
  severity: 'error',
  section: 'Sigma 2.1, rules specification, "Detection"',
  examples: [
    { bad: 'title: t\nlogsource:\n  product: x\n«filter»:\n  rules: [x]\n  condition: not a\n', good: exampleRule() },
  ],
};
