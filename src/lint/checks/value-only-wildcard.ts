import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { fieldItems } from '../lint-document.ts';

export const valueOnlyWildcard: DocumentCheck = {
  kind: 'document',
  code: 'value-only-wildcard',
  title: 'A value that is a wildcard and nothing else: exists says it better',
  severity: 'info',
  section: 'Sigma 2.1, modifier appendix, "exists"',
  examples: [
    {
      bad: exampleRule({ detection: "  sel:\n    Image: «'*'»\n  condition: sel" }),
      good: exampleRule({ detection: '  sel:\n    Image|exists: true\n  condition: sel' }),
    },
  ],
  *check(document) {
    for (const { modifiers, values } of fieldItems(document))
      for (const value of values)
        if (value.text === '*' && !modifiers.includes('re'))
          yield { span: value.span, message: 'this holds for every value, the empty one too' };
  },
};
