import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const fieldType: ParserCheck = {
  kind: 'parser',
  code: 'field-type',
  title: 'A part that has another form than the specification says',
  severity: 'error',
  section: 'Sigma 2.1, rules specification, "Components"',
  examples: [{ bad: 'title: t\ncorrelation: «x»\n', good: exampleRule() }],
};
