import type { TextCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

const MOST = 100;

export const invisibleCharacter: TextCheck = {
  kind: 'text',
  code: 'invisible-character',
  title: 'A character that nobody sees, such as a zero-width space: what is shown is not what is matched',
  severity: 'warning',
  section: 'Unicode Technical Report 36, "Bidirectional Text Spoofing"',
  examples: [{ bad: exampleRule({ detection: '  sel:\n    a: x«\u200b»y\n  condition: sel' }), good: exampleRule() }],
  *check({ source }) {
    let count = 0;
    for (const { index } of source.text.matchAll(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069]/g)) {
      if (++count > MOST) return;
      const code = source.text.charCodeAt(index).toString(16).padStart(4, '0').toUpperCase();
      yield { span: { source, start: index, end: index + 1 }, message: `the invisible character U+${code}` };
    }
  },
};
