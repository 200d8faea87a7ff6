import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const fieldMissing: ParserCheck = {
  kind: 'parser',
  code: 'field-missing',
  title: 'A part that every rule must have',
  severity: 'error',
  section: 'Sigma 2.1, rules specification, "Components"',
  examples: [{ bad: '«t»itle: t\ndetection:\n  a:\n    b: c\n  condition: a\n', good: exampleRule() }],
};
