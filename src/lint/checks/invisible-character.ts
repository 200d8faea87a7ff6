import type { TextCheck } from '../check.ts';
import { exampleRule } from '../example.ts';

const MOST = 100;

/** Not the joiner inside of an emoji. */
const INVISIBLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069]|\u200d(?!(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]\u200d)\p{Extended_Pictographic})/gu;

export const invisibleCharacter: TextCheck = {
  kind: 'text',
  code: 'invisible-character',
  title: 'A character that nobody sees, such as a zero-width space: what is shown is not what is matched',
  severity: 'warning',
  section: 'Unicode Technical Report 36, "Bidirectional Text Spoofing"',
  examples: [
    { bad: exampleRule({ detection: '  sel:\n    a: x«\u200b»y\n  condition: sel' }), good: exampleRule() },
    {
      bad: exampleRule({ detection: '  sel:\n    a: x«\u200d»y\n  condition: sel' }),
      // Emoji are joined with it.
      good: exampleRule({
        detection: '  sel:\n    a: \u{1f468}\u200d\u{1f469}\ufe0f\u200d\u{1f467}\n  condition: sel',
      }),
    },
  ],
  *check({ source }) {
    let count = 0;
    for (const { index } of source.text.matchAll(INVISIBLE)) {
      if (++count > MOST) return;
      const code = source.text.charCodeAt(index).toString(16).padStart(4, '0').toUpperCase();
      yield {
        span: { source, start: index, end: index + 1 },
        message: `the invisible character U+${code}`,
        help: `if it is meant, write \\u${code} in double quotes, so that readers see it`,
      };
    }
  },
};
