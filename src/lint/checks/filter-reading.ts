import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const filterReading: ParserCheck = {
  kind: 'parser',
  code: 'filter-reading',
  title:
    'A filter that keeps what it describes: the prose of the specification says that filters leave it out, its example reads the other way; the reading is that of pySigma, the condition must hold too',
  severity: 'warning',
  section: 'Sigma 2.1, filters, "Examples"',
  examples: [
    {
      bad: 'title: t\nlogsource:\n  product: x\nfilter:\n  rules: [x]\n  a: {b: c}\n  condition: «a»\n',
      good: exampleRule(),
    },
  ],
};
