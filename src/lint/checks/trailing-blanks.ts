import type { TextCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

const MOST = 1000;

export const trailingBlanks: TextCheck = {
  kind: 'text',
  code: 'trailing-blanks',
  title: 'Blanks at the end of a line',
  severity: 'info',
  section: 'SigmaHQ, rule convention',
  examples: [
    {
      bad: exampleRule({ head: 'level: high«  »\n' }),
      good: exampleRule({ head: 'level: high\n' }),
      fixed: exampleRule({ head: 'level: high\n' }),
    },
  ],
  *check({ source }) {
    const { text } = source;
    // In a block scalar blanks may be part of the text, and behind a backslash a blank is escaped.
    const isSafe = !/[|>][-+\d]{0,2}[ \t]*(#[^\n]*)?\r?\n|\\[ \t]+\r?\n/.test(text);
    let count = 0;
    for (let end = text.indexOf('\n'); end !== -1 && count < MOST; end = text.indexOf('\n', end + 1)) {
      const stop = text[end - 1] === '\r' ? end - 1 : end;
      let start = stop;
      while (text[start - 1] === ' ' || text[start - 1] === '\t') start--;
      if (start === stop) continue;
      count++;
      yield {
        span: { source, start, end: stop },
        message: 'blanks at the end of the line',
        ...(isSafe ? { fix: [{ start, end: stop, text: '' }] } : {}),
      };
    }
  },
};
