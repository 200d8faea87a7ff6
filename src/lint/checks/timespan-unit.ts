import type { DocumentCheck } from '../check.ts';
import { replaceSpan } from '../edits.ts';
import { exampleCorrelation } from '../example.ts';
import { mapAt, rawText, textAt } from '../lint-document.ts';

const body = (timespan: string): string => `  type: temporal\n  rules: [base]\n  timespan: ${timespan}`;

export const timespanUnit: DocumentCheck = {
  kind: 'document',
  code: 'timespan-unit',
  title: 'A timespan that a larger unit says in fewer digits',
  severity: 'info',
  section: 'Sigma 2.1, correlation rules, "Time Selection"',
  examples: [
    {
      bad: exampleCorrelation(body('«60m»')),
      good: exampleCorrelation(body('90m')),
      fixed: exampleCorrelation(body('1h')),
    },
  ],
  *check({ root, shared }) {
    const correlation = mapAt(root, 'correlation');
    const timespan = correlation && textAt(correlation, 'timespan');
    const [, digits = '', unit = ''] = /^(\d{1,9})([smh])$/.exec(timespan?.text ?? '') ?? [];
    const size = unit === 'h' ? 24 : 60;
    const count = Number(digits);
    if (!timespan || count === 0 || count % size !== 0) return;
    const better = `${count / size}${{ s: 'm', m: 'h', h: 'd' }[unit] ?? ''}`;
    const fix = shared || rawText(timespan.span) !== timespan.text ? undefined : [replaceSpan(timespan.span, better)];
    yield { span: timespan.span, message: `this is ${better}`, ...(fix ? { fix } : {}) };
  },
};
