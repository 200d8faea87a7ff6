import type { DocumentCheck } from '../check.ts';
import { exampleCorrelation } from '../example.ts';
import { mapAt, textAt } from '../lint-document.ts';

const body = (condition: string): string =>
  `  type: event_count\n  rules: [base]\n  timespan: 1m\n  condition: ${condition}`;

export const correlationNever: DocumentCheck = {
  kind: 'document',
  code: 'correlation-never',
  title: 'Two bounds that no number is within',
  severity: 'warning',
  section: 'Sigma 2.1, correlation rules, "Condition"',
  examples: [{ bad: exampleCorrelation(body('«{gt: 5, lt: 3}»')), good: exampleCorrelation(body('{gt: 3, lt: 5}')) }],
  *check({ root }) {
    const correlation = mapAt(root, 'correlation');
    const condition = correlation && mapAt(correlation, 'condition');
    if (!condition) return;
    const bound = (key: string): number | undefined => {
      const text = textAt(condition, key)?.text;
      return text === undefined ? undefined : Number(text);
    };
    const whole = (key: string, step: number): number | undefined => {
      const value = bound(key);
      return value === undefined ? undefined : value + step;
    };
    const least = Math.max(bound('gte') ?? -Infinity, whole('gt', 1) ?? -Infinity, bound('eq') ?? -Infinity);
    const most = Math.min(bound('lte') ?? Infinity, whole('lt', -1) ?? Infinity, bound('eq') ?? Infinity);
    if (/^(event|value)_count$/.test(textAt(correlation, 'type')?.text ?? '') && least > most)
      yield { span: condition.span, message: 'no count is within these bounds' };
  },
};
