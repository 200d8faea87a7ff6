import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const cidrInvalid: ParserCheck = {
  kind: 'parser',
  code: 'cidr-invalid',
  title: 'A network that is none',
  severity: 'error',
  section: 'Sigma 2.1, modifier appendix, "cidr"',
  examples: [
    {
      bad: 'title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    b|cidr: «10»\n  condition: a\n',
      good: exampleRule(),
    },
  ],
};
