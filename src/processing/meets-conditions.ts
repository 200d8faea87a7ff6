import { expressionHolds } from '../sigma/expression-holds.ts';
import type { RuleScalar } from '../sigma/field-test.ts';
import { sigmaLevels, sigmaStatuses } from '../sigma/rule.ts';
import type { Conditions, Relation, RuleCondition } from './pipeline.ts';

/** Do the conditions hold, where one by one they do as `holds` says? No conditions hold. */
export function meets<C>({ items, any, expression, negated }: Conditions<C>, holds: (one: C) => boolean): boolean {
  if (items.length === 0) return true;
  if (expression === undefined) return (any ? items.some(holds) : items.every(holds)) !== negated;
  const { condition, names } = expression;
  const seen = (name: string): boolean => {
    const item = items[names.indexOf(name)];
    return item !== undefined && holds(item);
  };
  return expressionHolds(condition, seen) !== negated;
}

/** A state that was not set holds in no relation. */
export function isState(
  state: ReadonlyMap<string, RuleScalar>,
  { key, value, relation }: Extract<RuleCondition, { readonly type: 'processing_state' }>,
): boolean {
  return state.has(key) && compare(state.get(key), value, relation);
}

interface Compared {
  readonly value: RuleScalar;
  readonly relation: Relation;
}

/** Lists have members, levels and statuses an order, dates in ISO 8601 the order of their text. One that is absent holds in none. */
export function hasRelation(found: unknown, { value, relation }: Compared): boolean {
  if (found === undefined || found === null) return false;
  if (Array.isArray(found)) {
    const isMember = found.some((one) => String(one) === String(value));
    if (relation === 'in') return isMember;
    return relation === 'not_in' ? !isMember : relation === 'ne';
  }
  if (typeof found === 'object') return false;
  for (const order of [sigmaLevels, STATUSES]) {
    const place = order.findIndex((one) => one === found);
    if (place !== -1) return compare(place, order.indexOf(String(value)), relation);
  }
  return compare(found, value, relation);
}

/** From the least settled to the most. */
const STATUSES: readonly string[] = ['unsupported', 'deprecated', 'experimental', 'test', 'stable'].filter((status) =>
  sigmaStatuses.some((known) => known === status),
);

function compare(found: unknown, value: RuleScalar, relation: Relation): boolean {
  const [a, b] =
    typeof found === 'number' || typeof found === 'bigint'
      ? [Number(found), Number(value)]
      : [String(found), String(value)];
  switch (relation) {
    case 'eq':
      return a === b;
    case 'ne':
      return a !== b;
    case 'gte':
      return a >= b;
    case 'gt':
      return a > b;
    case 'lte':
      return a <= b;
    case 'lt':
      return a < b;
    case 'in':
    case 'not_in':
      return false;
  }
}
