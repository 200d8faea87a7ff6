import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { mapAt, textAt } from '../lint-document.ts';

export const ofSingleIdentifier: DocumentCheck = {
  kind: 'document',
  code: 'of-single-identifier',
  title: 'A quantifier over a name without a wildcard',
  severity: 'info',
  section: 'Sigma 2.1, rules specification, "Condition"',
  examples: [
    {
      bad: exampleRule({ detection: '  sel:\n    a: b\n  condition: «1 of sel»' }),
      good: exampleRule({ detection: '  sel_a:\n    a: b\n  condition: 1 of sel_*' }),
    },
  ],
  *check({ root }) {
    const detection = mapAt(root, 'detection');
    const condition = detection && textAt(detection, 'condition');
    if (condition && /\b(1|all|any) of (?!them\b)[\w-]+(?![\w*-])/i.test(condition.text))
      yield { span: condition.span, message: 'the quantifier is over one name; use the name alone, or a wildcard' };
  },
};
