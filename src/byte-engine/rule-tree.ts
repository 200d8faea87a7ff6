import { assertNever } from '../base/invariant.ts';
import type { FieldTest } from '../sigma/field-test.ts';
import type { Condition, Detection, SigmaRule } from '../sigma/rule.ts';

/** What is made of a rule's tests; `undefined` in place of one: nothing is known of it. */
export interface Algebra<T> {
  /** Of one field's test: that it holds, or that it does not. */
  field(test: FieldTest, holds: boolean): T | undefined;
  /** Each must be so. */
  all(parts: readonly (T | undefined)[]): T | undefined;
  /** One must be so. */
  any(parts: readonly (T | undefined)[]): T | undefined;
}

/** Reads a rule as a tree of its fields' tests, with every `not` carried down to them. */
export function readTree<T>(rule: SigmaRule, algebra: Algebra<T>): T | undefined {
  const identifiers = new Map(rule.identifiers.map(({ name, detection }) => [name, detection]));
  const join = (isAll: boolean, parts: readonly (T | undefined)[]): T | undefined =>
    isAll ? algebra.all(parts) : algebra.any(parts);
  const ofDetection = (detection: Detection, holds: boolean): T | undefined => {
    if (detection.kind === 'field') return algebra.field(detection.test, detection.test.negated !== holds);
    return join(
      (detection.kind === 'all') === holds,
      detection.items.map((item) => ofDetection(item, holds)),
    );
  };
  const ofIdentifier = (name: string, holds: boolean): T | undefined => {
    const detection = identifiers.get(name);
    return detection && ofDetection(detection, holds);
  };
  const ofCondition = (condition: Condition, holds: boolean): T | undefined => {
    switch (condition.kind) {
      case 'and':
      case 'or': {
        const parts = condition.items.map((item) => ofCondition(item, holds));
        return join((condition.kind === 'and') === holds, parts);
      }
      case 'not':
        return ofCondition(condition.item, !holds);
      case 'identifier':
        return ofIdentifier(condition.name, holds);
      case 'of': {
        const { atLeast, names } = condition;
        const parts = names.map((name) => ofIdentifier(name, holds));
        if (atLeast === null) return join(holds, parts);
        if (atLeast <= 0) return undefined;
        return holds ? algebra.any(parts) : atLeast === 1 ? algebra.all(parts) : undefined;
      }
      default:
        return assertNever(condition);
    }
  };
  return ofCondition(rule.condition, true);
}
