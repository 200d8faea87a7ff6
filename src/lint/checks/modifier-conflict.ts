import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const modifierConflict: ParserCheck = {
  kind: 'parser',
  code: 'modifier-conflict',
  title: 'Modifiers that exclude each other',
  severity: 'error',
  section: 'Sigma 2.1, modifier appendix',
  examples: [
    {
      bad: 'title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    «b|gt|lt»: 1\n  condition: a\n',
      good: exampleRule(),
    },
  ],
};
