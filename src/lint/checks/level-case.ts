import type { DocumentCheck } from '../check.ts';
import { replaceScalar } from '../edits.ts';
import { exampleRule } from '../example.ts';
import { textAt } from '../lint-document.ts';

export const levelCase: DocumentCheck = {
  kind: 'document',
  code: 'level-case',
  title: 'A level or status with capital letters',
  severity: 'warning',
  section: 'Sigma 2.1, rules specification, "Level"',
  examples: [
    {
      bad: exampleRule({ head: 'level: «High»\n' }),
      good: exampleRule({ head: 'level: high\n' }),
      fixed: exampleRule({ head: 'level: high\n' }),
    },
  ],
  *check({ root, shared }) {
    for (const key of ['level', 'status']) {
      const value = textAt(root, key);
      if (!value || value.text === value.text.toLowerCase()) continue;
      const fix = shared ? undefined : replaceScalar(value, value.text.toLowerCase());
      yield { span: value.span, message: `${key} has capital letters`, ...(fix ? { fix } : {}) };
    }
  },
};
