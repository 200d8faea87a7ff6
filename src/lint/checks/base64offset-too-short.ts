import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const base64offsetTooShort: ParserCheck = {
  kind: 'parser',
  code: 'base64offset-too-short',
  title: 'A value too short for base64offset',
  severity: 'error',
  section: 'Sigma 2.1, modifier appendix, "base64offset"',
  examples: [
    {
      bad: "title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    b|base64offset: «''»\n  condition: a\n",
      good: exampleRule(),
    },
  ],
};
