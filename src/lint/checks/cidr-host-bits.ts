import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const cidrHostBits: ParserCheck = {
  kind: 'parser',
  code: 'cidr-host-bits',
  title: 'A network with bits behind its prefix',
  severity: 'warning',
  section: 'Sigma 2.1, modifier appendix, "cidr"',
  examples: [
    {
      bad: 'title: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    b|cidr: «10.0.0.1/8»\n  condition: a\n',
      good: exampleRule(),
    },
  ],
};
