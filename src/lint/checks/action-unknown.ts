import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const actionUnknown: ParserCheck = {
  kind: 'parser',
  code: 'action-unknown',
  title: 'An action that is neither global, reset nor repeat',
  severity: 'error',
  section: 'Sigma 1, "Rule Collections"',
  examples: [{ bad: 'action: «copy»\ntitle: t\n', good: exampleRule() }],
};
