import type { Condition } from './rule.ts';

/** Does a condition hold, where those of its names hold that `seen` says? */
export function expressionHolds(condition: Condition, seen: (reference: string) => boolean): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.items.every((item) => expressionHolds(item, seen));
    case 'or':
      return condition.items.some((item) => expressionHolds(item, seen));
    case 'not':
      return !expressionHolds(condition.item, seen);
    case 'identifier':
      return seen(condition.name);
    case 'of': {
      const count = condition.names.filter(seen).length;
      return count >= (condition.atLeast ?? condition.names.length);
    }
  }
}
