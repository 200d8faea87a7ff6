import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { textAt } from '../lint-document.ts';

export const titleDetects: DocumentCheck = {
  kind: 'document',
  code: 'title-detects',
  title: 'A title that begins with "Detects": it is the name of what happened',
  severity: 'info',
  section: 'SigmaHQ, title convention',
  examples: [{ bad: exampleRule().replace('title: Example', 'title: «Detects examples»'), good: exampleRule() }],
  *check({ root }) {
    const title = textAt(root, 'title');
    if (title && /^detect(s|ion of)?\b/i.test(title.text))
      yield { span: title.span, message: 'the title begins with "Detects"' };
  },
};
