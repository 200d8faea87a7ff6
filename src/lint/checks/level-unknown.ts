import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const levelUnknown: ParserCheck = {
  kind: 'parser',
  code: 'level-unknown',
  title: 'A level that is none',
  severity: 'error',
  section: 'Sigma 2.1, rules specification, "Level"',
  examples: [
    {
      bad: 'title: t\nlogsource:\n  category: process_creation\nlevel: «hgih»\ndetection:\n  a:\n    b: c\n  condition: a\n',
      good: exampleRule(),
    },
  ],
};
