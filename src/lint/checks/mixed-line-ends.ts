import type { TextCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

export const mixedLineEnds: TextCheck = {
  kind: 'text',
  code: 'mixed-line-ends',
  title: 'Line ends of two kinds in one file',
  severity: 'info',
  section: 'Portreeve',
  examples: [
    {
      bad: exampleRule({ head: 'level: high«\r»\n' }),
      good: exampleRule({ head: 'level: high\n' }),
      fixed: exampleRule({ head: 'level: high\n' }),
    },
  ],
  *check({ source }) {
    const { text } = source;
    const crlf = text.split('\r\n').length - 1;
    const lf = text.split('\n').length - 1 - crlf;
    const at = text.indexOf('\r\n');
    if (crlf === 0 || lf === 0) return;
    const fix = Array.from(text.matchAll(/\r(?=\n)/g), ({ index }) => ({ start: index, end: index + 1, text: '' }));
    yield { span: { source, start: at, end: at + 1 }, message: `${crlf} lines end with CR LF, ${lf} with LF`, fix };
  },
};
