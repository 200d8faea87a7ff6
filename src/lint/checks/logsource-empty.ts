import type { ParserCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

/** Reported while a rule is read. */
export const logsourceEmpty: ParserCheck = {
  kind: 'parser',
  code: 'logsource-empty',
  title: 'A log source that names nothing',
  severity: 'warning',
  section: 'Sigma 2.1, rules specification, "Log source"',
  examples: [
    {
      bad: 'title: t\n«logsource»:\n  definition: x\ndetection:\n  a:\n    b: c\n  condition: a\n',
      good: exampleRule(),
    },
  ],
};
