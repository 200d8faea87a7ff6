import type { Span } from '../base/source.ts';
import type { Condition, RuleHeader } from './rule.ts';

/**
 * Sigma 2.1, "Correlation Types", and as named extensions what pySigma also knows: `value_sum`, `value_avg`,
 * `value_percentile`, `value_median`.
 */
export const correlationTypes = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
] as const;
export type CorrelationType = (typeof correlationTypes)[number];

export const boundOperators = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const;
export type BoundOperator = (typeof boundOperators)[number];

export interface Bound {
  readonly operator: BoundOperator;
  readonly value: number;
}

/** When a correlation holds: its figure is within all bounds, or a condition over its rules does (an extension). */
export type CorrelationCondition =
  | { readonly kind: 'bounds'; readonly bounds: readonly Bound[] }
  /** Identifiers name the rules of the correlation; one holds if the window has an event of that rule. */
  | { readonly kind: 'expression'; readonly expression: Condition };

/** A reference to a rule by its id or name. */
export interface RuleReference {
  readonly to: string;
  readonly span: Span;
}

/** A correlation of other rules' matches. Sigma 2.1, correlation rules. */
export interface CorrelationRule extends RuleHeader {
  readonly type: CorrelationType;
  readonly rules: readonly RuleReference[];
  /** Fields or aliases; events that do not have all of them take no part. */
  readonly groupBy: readonly string[];
  readonly timespanMs: number;
  readonly condition: CorrelationCondition;
  /** What `value_*` types look at: a list of fields counts as one value of several parts. */
  readonly valueFields: readonly string[];
  /** Of `value_percentile`: which percentile, above 0 and at most 100; absent: the share of the event's own value. */
  readonly percentile?: number;
  /** Alias → reference → field. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The rules referred to give alerts of their own too. */
  readonly generate: boolean;
  /** The document gives a level; else the highest of the rules referred to is taken. */
  readonly hasLevel: boolean;
}
