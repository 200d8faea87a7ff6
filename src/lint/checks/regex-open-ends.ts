import type { DocumentCheck } from '../check.ts';
import { replaceScalar } from '../edits.ts';
import { exampleRule } from '../example.ts';
import { fieldItems } from '../lint-document.ts';

export const regexOpenEnds: DocumentCheck = {
  kind: 'document',
  code: 'regex-open-ends',
  title: 'An expression with .* at an end: expressions are found anywhere in a value',
  severity: 'info',
  section: 'Sigma 2.1, modifier appendix, "re"',
  examples: [
    {
      bad: exampleRule({ detection: "  sel:\n    Image|re: «'.*ab+c'»\n  condition: sel" }),
      good: exampleRule({ detection: "  sel:\n    Image|re: 'ab+c'\n  condition: sel" }),
      fixed: exampleRule({ detection: "  sel:\n    Image|re: 'ab+c'\n  condition: sel" }),
    },
  ],
  *check(document) {
    for (const { modifiers, values } of fieldItems(document)) {
      if (!modifiers.includes('re')) continue;
      for (const value of values) {
        // What stands in another place of the expression, or has a choice beside it, means something.
        if (!value.text.startsWith('.*') || /^\.\*[?+]|[|]/.test(value.text) || value.text.length < 4) continue;
        const fix = document.shared ? undefined : replaceScalar(value, value.text.slice(2));
        yield { span: value.span, message: 'the .* at its beginning changes nothing', ...(fix ? { fix } : {}) };
      }
    }
  },
};
