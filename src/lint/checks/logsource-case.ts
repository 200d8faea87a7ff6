import type { DocumentCheck } from '../check.ts';
import { replaceScalar } from '../edits.ts';
import { exampleRule } from '../example.ts';
import { mapAt, textAt } from '../lint-document.ts';

export const logsourceCase: DocumentCheck = {
  kind: 'document',
  code: 'logsource-case',
  title: 'A log source with capital letters',
  severity: 'warning',
  section: 'Sigma 2.1, taxonomy appendix, "Log sources"',
  examples: [{ bad: exampleRule({ source: 'product: «Windows»' }), good: exampleRule(), fixed: exampleRule() }],
  *check({ root, shared }) {
    const source = mapAt(root, 'logsource');
    for (const key of ['product', 'category', 'service']) {
      const value = source && textAt(source, key);
      if (!value || value.text === value.text.toLowerCase()) continue;
      const fix = shared ? undefined : replaceScalar(value, value.text.toLowerCase());
      yield { span: value.span, message: `the ${key} has capital letters`, ...(fix ? { fix } : {}) };
    }
  },
};
