import { parseCondition } from './condition.ts';
import type { SigmaDiagnostic } from './diagnostic-codes.ts';
import type { Condition } from './rule.ts';
import { spanWithin } from './span-within.ts';
import type { RuleNode, ScalarNode } from './yaml-reader.ts';

/** Conditions of one rule; more is no list that a person wrote. */
const MOST_CONDITIONS = 100;

/** Reads `condition`: a text, or a list of texts that are linked with OR. `undefined` where one of them has an error. */
export function readCondition(
  node: RuleNode,
  names: readonly string[],
  report: (diagnostic: SigmaDiagnostic) => void,
): Condition | undefined {
  const say = (code: SigmaDiagnostic['code'], message: string, span: RuleNode['span']): undefined => {
    report({ code, severity: 'error', message, span });
  };
  const items = node.kind === 'list' ? node.items : [node];
  const texts = items.filter((item): item is ScalarNode => item.kind === 'scalar');
  if (items.length === 0) return say('condition-missing', 'the list of conditions is empty', node.span);
  if (items.length > MOST_CONDITIONS)
    return say('condition-too-long', `${items.length} conditions; expected at most ${MOST_CONDITIONS}`, node.span);
  if (texts.length < items.length)
    return say('condition-syntax', 'the condition is neither a text nor a list of texts', node.span);
  const conditions: Condition[] = [];
  for (const { text, span } of texts) {
    if (text.trim() === '') {
      say('condition-missing', 'the condition is empty', span);
      continue;
    }
    const condition = parseCondition(text, names, spanWithin(text, span), report);
    if (condition) conditions.push(condition);
  }
  if (conditions.length < texts.length) return undefined;
  const [only] = conditions;
  return conditions.length === 1 ? only : { kind: 'or', items: conditions };
}
