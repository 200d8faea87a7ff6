import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const selectionTooDeep: ParserCheck = {
  kind: 'parser',
  code: 'selection-too-deep',
  title: 'A document nested deeper than any rule needs',
  severity: 'error',
  section: 'Portreeve',
  examples: [
    {
      bad: '«tit»le: t\nlogsource:\n  category: process_creation\ndetection:\n  a: &x [*x]\n  condition: a\n',
      good: exampleRule(),
    },
  ],
};
