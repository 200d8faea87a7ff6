import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const yamlInvalid: ParserCheck = {
  kind: 'parser',
  code: 'yaml-invalid',
  title: 'What is no YAML',
  severity: 'error',
  section: 'YAML 1.2.2',
  examples: [{ bad: '? «[a]»\n: b\n', good: exampleRule() }],
};
