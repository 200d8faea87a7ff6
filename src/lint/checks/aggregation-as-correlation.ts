import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { mapAt, textAt } from '../lint-document.ts';

const COUNT =
  /\|\s{0,9}count\(([\w.]{0,80})\)(?:\s{1,9}by\s{1,9}([\w., ]{1,200}?))?\s{1,9}(>=|<=|==|=|>|<)\s{0,9}(\d{1,12})\s{0,99}$/;
const OPERATORS: Readonly<Record<string, string>> = {
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
  '=': 'eq',
  '==': 'eq',
};

export const aggregationAsCorrelation: DocumentCheck = {
  kind: 'document',
  code: 'aggregation-as-correlation',
  title: 'An aggregation of Sigma 1: the correlation rule that takes its place is given',
  severity: 'info',
  section: 'Sigma 2.1, correlation rules, "Expression of Relationships In The Condition of Sigma Rules"',
  examples: [
    {
      bad: exampleRule({
        detection: '  sel:\n    a: b\n  timeframe: 5m\n  condition: «sel | count(User) by Host > 5»',
      }),
      good: exampleRule(),
    },
  ],
  *check({ root }) {
    const detection = mapAt(root, 'detection');
    const condition = detection && textAt(detection, 'condition');
    if (!condition || !/\|\s{0,9}(count|min|max|avg|sum|near)\b/.test(condition.text)) return;
    const [, field = '', by, operator = '', limit = ''] = COUNT.exec(condition.text) ?? [];
    const timespan = (detection && textAt(detection, 'timeframe')?.text) ?? '1h';
    const name = textAt(root, 'name')?.text ?? 'base_rule';
    const fields = (by ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '');
    const bound = `${OPERATORS[operator] ?? 'gte'}: ${limit === '' ? '10' : limit}`;
    const isNear = /\|\s{0,9}near\b/.test(condition.text);
    const lines = [
      `give this rule the name ${name}, end its condition before the |, and add a document:`,
      '---',
      `title: ${textAt(root, 'title')?.text ?? 'Correlation'}`,
      'correlation:',
      `  type: ${isNear ? 'temporal' : field === '' ? 'event_count' : 'value_count'}`,
      `  rules: [${name}${isNear ? ', the_other_rule' : ''}]`,
      ...(fields.length > 0 ? [`  group-by: [${fields.join(', ')}]`] : []),
      `  timespan: ${timespan}`,
      ...(isNear ? [] : [`  condition: {${field === '' ? '' : `field: ${field}, `}${bound}}`]),
    ];
    yield {
      span: condition.span,
      message: 'a correlation rule takes the place of this aggregation',
      help: lines.join('\n'),
    };
  },
};
