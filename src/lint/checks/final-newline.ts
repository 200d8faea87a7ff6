import type { TextCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

export const finalNewline: TextCheck = {
  kind: 'text',
  code: 'final-newline',
  title: 'A file that does not end with a line end',
  severity: 'info',
  section: 'SigmaHQ, rule convention',
  examples: [{ bad: `${exampleRule().slice(0, -2)}«l»`, good: exampleRule(), fixed: exampleRule() }],
  *check({ source }) {
    const { length } = source.text;
    if (length > 0 && !source.text.endsWith('\n'))
      yield {
        span: { source, start: length - 1, end: length },
        message: 'no line end at the end of the file',
        fix: [{ start: length, end: length, text: '\n' }],
      };
  },
};
