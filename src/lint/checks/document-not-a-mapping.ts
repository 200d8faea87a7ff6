import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const documentNotAMapping: ParserCheck = {
  kind: 'parser',
  code: 'document-not-a-mapping',
  title: 'A document that is no mapping',
  severity: 'error',
  section: 'Sigma 2.1, rules specification, "Structure"',
  examples: [{ bad: '«hello»\n', good: exampleRule() }],
};
