import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const fieldTooLong: ParserCheck = {
  kind: 'parser',
  code: 'field-too-long',
  title: 'A title or description that is too long',
  severity: 'warning',
  section: 'Sigma 2.1, rules specification, "Title"',
  examples: [
    {
      bad: 'title: «xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx»\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    b: c\n  condition: a\n',
      good: exampleRule(),
    },
  ],
};
