import { GUESSED_TIMESPAN, hasAggregation, offerCorrelation } from '../aggregation.ts';
import type { DocumentCheck } from '../check.ts';
import { exampleRule } from '../example.ts';
import { mapAt, textAt } from '../lint-document.ts';

export const aggregationAsCorrelation: DocumentCheck = {
  kind: 'document',
  code: 'aggregation-as-correlation',
  title: 'An aggregation of Sigma 1: the correlation rule that takes its place is given',
  severity: 'warning',
  section: 'Sigma 2.1, correlation rules, "Expression of Relationships In The Condition of Sigma Rules"',
  examples: [
    {
      bad: exampleRule({
        detection: '  sel:\n    a: b\n  timeframe: 5m\n  condition: «sel | count(User) by Host > 5»',
      }),
      good: exampleRule(),
    },
    {
      bad: exampleRule({
        detection: '  sel:\n    a: b\n  other:\n    c: d\n  timeframe: 5m\n  condition: «sel | near other»',
      }),
      good: exampleRule(),
    },
  ],
  *check({ root }) {
    const detection = mapAt(root, 'detection');
    const condition = detection && textAt(detection, 'condition');
    if (!condition || !hasAggregation(condition.text)) return;
    const offer = offerCorrelation(root);
    if (typeof offer === 'string') {
      yield { span: condition.span, message: `a correlation rule must take the place of this aggregation; ${offer}` };
      return;
    }
    const { reference, isNewName, isGuess, moved, documents } = offer;
    const steps = [...(isNewName ? [`name: ${reference}`] : []), `condition: ${offer.condition}`];
    const without = [...(isGuess ? [] : ['timeframe']), ...moved].join(', ');
    const takeOut = without === '' ? 'and add' : `take out ${without}, and add`;
    yield {
      span: condition.span,
      message: `a correlation rule takes the place of this aggregation${isGuess ? `; the rule has no timeframe, so that the timespan of ${GUESSED_TIMESPAN} is a guess` : ''}`,
      help: `write in this rule\n${steps.join('\n')}\n${takeOut}\n${documents.trimEnd()}`,
    };
  },
};
