import type { DocumentCheck } from '../check.ts';
import { replaceScalar } from '../edits.ts';
import { exampleRule } from '../example.ts';
import { mapAt, textAt } from '../lint-document.ts';

const OPERATOR = /\b(AND|OR|NOT|And|Or|Not)\b/g;

export const conditionOperatorCase: DocumentCheck = {
  kind: 'document',
  code: 'condition-operator-case',
  title: 'Operators of a condition in capital letters',
  severity: 'info',
  section: 'Sigma 2.1, rules specification, "Condition"',
  examples: [
    {
      bad: exampleRule({ detection: '  sel:\n    a: b\n  x:\n    c: d\n  condition: «sel AND NOT x»' }),
      good: exampleRule({ detection: '  sel:\n    a: b\n  x:\n    c: d\n  condition: sel and not x' }),
      fixed: exampleRule({ detection: "  sel:\n    a: b\n  x:\n    c: d\n  condition: 'sel and not x'" }),
    },
  ],
  *check({ root, shared }) {
    const detection = mapAt(root, 'detection');
    const condition = detection && textAt(detection, 'condition');
    if (!condition || condition.text.search(OPERATOR) === -1) return;
    const fix = shared
      ? undefined
      : replaceScalar(
          condition,
          condition.text.replace(OPERATOR, (word) => word.toLowerCase()),
        );
    yield { span: condition.span, message: 'operators have capital letters', ...(fix ? { fix } : {}) };
  },
};
