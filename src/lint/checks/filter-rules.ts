import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const filterRules: ParserCheck = {
  kind: 'parser',
  code: 'filter-rules',
  title: 'A filter that names no rules',
  severity: 'error',
  section: 'Sigma 2.1, filters, "Relative rules"',
  examples: [
    { bad: 'title: t\nlogsource:\n  product: x\n«filter»:\n  a: {b: c}\n  condition: not a\n', good: exampleRule() },
  ],
};
