import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a file is read. */
export const characterLost: ParserCheck = {
  kind: 'parser',
  code: 'character-lost',
  title: 'A file that is not UTF-8: what stands in the place of a lost character never matches',
  severity: 'warning',
  section: 'Sigma 2.1, rules specification, "Yaml File"',
  examples: [{ bad: exampleRule({ detection: '  sel:\n    a: caf«\ufffd»\n  condition: sel' }), good: exampleRule() }],
};
