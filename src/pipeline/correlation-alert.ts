import type { AlertCorrelation } from '../alert/alert.ts';
import type { CorrelationMatch } from '../correlate/observation.ts';
import type { Evidence } from '../engine/evidence.ts';
import { cutValue } from '../engine/evidence.ts';
import type { CorrelationRule } from '../sigma/correlation-rule.ts';

/** What a correlation that holds says of itself on its alert. */
export function alertCorrelation(
  rule: CorrelationRule,
  match: CorrelationMatch,
  titleOf: (rule: number) => string,
): AlertCorrelation {
  return {
    type: rule.type,
    timespan_seconds: rule.timespanMs / 1000,
    group: match.group,
    value: match.figure,
    first: new Date(match.from).toISOString(),
    last: new Date(match.to).toISOString(),
    count: match.count,
    events: match.events.map(({ rule: number, time, place }) => ({
      rule: titleOf(number),
      time: new Date(time).toISOString(),
      ...place,
    })),
  };
}

export function correlationEvidence(rule: CorrelationRule, { figure, group }: CorrelationMatch): Evidence {
  const { condition } = rule;
  const wanted =
    condition.kind === 'expression'
      ? 'the condition over its rules'
      : condition.bounds.map(({ operator, value }) => `${operator}: ${value}`).join(', ');
  const scope = Object.entries(group).map(([field, value]) => `${field} ${value}`);
  return {
    selection: 'correlation',
    field: rule.type,
    value: cutValue([String(figure), ...scope].join(', ')),
    pattern: `${wanted} within ${rule.timespanMs / 1000} s`,
  };
}
