import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const selectionEmpty: ParserCheck = {
  kind: 'parser',
  code: 'selection-empty',
  title: 'A search identifier or a list that holds nothing',
  severity: 'error',
  section: 'Sigma 2.1, rules specification, "Search Identifier"',
  examples: [
    {
      bad: 'title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:«\n»  condition: a\n',
      good: exampleRule(),
    },
  ],
};
