import type { DocumentCheck } from '../check.ts';
import { exampleCorrelation } from '../example.ts';
import { mapAt, scalarsAt } from '../lint-document.ts';

const body = (group: string, alias: string): string =>
  `  type: temporal\n  rules: [base]\n  group-by: [${group}]\n  timespan: 1m\n  aliases:\n    ${alias}:\n      base: User`;

export const correlationAliasUnused: DocumentCheck = {
  kind: 'document',
  code: 'correlation-alias-unused',
  title: 'An alias that group-by does not use',
  severity: 'warning',
  section: 'Sigma 2.1, correlation rules, "Field Name Aliases"',
  examples: [{ bad: exampleCorrelation(body('Host', '«who»')), good: exampleCorrelation(body('who', 'who')) }],
  *check({ root }) {
    const correlation = mapAt(root, 'correlation');
    if (!correlation) return;
    const condition = mapAt(correlation, 'condition');
    const used = new Set(
      [...scalarsAt(correlation, 'group-by'), ...(condition ? scalarsAt(condition, 'field') : [])].map(
        ({ text }) => text,
      ),
    );
    for (const { key, keySpan } of mapAt(correlation, 'aliases')?.entries ?? [])
      if (!used.has(key)) yield { span: keySpan, message: 'nothing uses this alias' };
  },
};
