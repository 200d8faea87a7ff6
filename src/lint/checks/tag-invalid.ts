import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const tagInvalid: ParserCheck = {
  kind: 'parser',
  code: 'tag-invalid',
  title: 'A tag without a namespace',
  severity: 'warning',
  section: 'Sigma 2.1, tags appendix',
  examples: [
    {
      bad: 'tags:\n  - attack.t1090\n  - «Tunnel»\ntitle: t\nlogsource:\n  category: process_creation\ndetection:\n  a:\n    b: c\n  condition: a\n',
      good: exampleRule(),
    },
  ],
};
