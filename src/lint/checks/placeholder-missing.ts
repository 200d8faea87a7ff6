import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const placeholderMissing: ParserCheck = {
  kind: 'parser',
  code: 'placeholder-missing',
  title: 'expand without a placeholder',
  severity: 'warning',
  section: 'Sigma 2.1, modifier appendix, "expand"',
  examples: [
    {
      bad: 'title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    b|expand: «100%»\n  condition: a\n',
      good: exampleRule(),
    },
  ],
};
