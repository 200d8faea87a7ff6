import type { Span } from '../base/source.ts';

/** A piece of a pattern: literal text, `*` (any run of characters) or `?` (exactly one). */
export type PatternPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'any-run' }
  | { readonly kind: 'any-one' };

export type TimePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

/** What one value of a rule asks of one value of an event. */
export type ValueTest =
  /** The whole value, without regard to case unless `cased`. */
  | { readonly kind: 'pattern'; readonly parts: readonly PatternPart[]; readonly cased: boolean }
  /** A number: equal to numbers and to strings that are that number. `text` as in the rule. */
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** The field is absent or null. */
  | { readonly kind: 'null' }
  /** Finds the expression anywhere in the value; linear time (RE2 syntax). */
  | { readonly kind: 'regex'; readonly expression: string; readonly flags: { readonly i: boolean; readonly m: boolean; readonly s: boolean } }
  | { readonly kind: 'cidr'; readonly network: string }
  | { readonly kind: 'compare'; readonly operator: 'lt' | 'lte' | 'gt' | 'gte'; readonly value: number }
  /** The field is there (null counts), or is not. */
  | { readonly kind: 'exists'; readonly expected: boolean }
  /** The value of another field of the same event. */
  | { readonly kind: 'fieldref'; readonly field: string; readonly how: 'equals' | 'contains' | 'startswith' | 'endswith'; readonly cased: boolean }
  | { readonly kind: 'time-part'; readonly part: TimePart; readonly value: number };

/** One entry of a mapping: a field, its modifiers and its values. */
export interface FieldTest {
  /** `null`: keywords, looked for in every value of the event. */
  readonly field: string | null;
  /** As written, in order. */
  readonly modifiers: readonly string[];
  /** All values must hold (`|all`), not just one. */
  readonly all: boolean;
  /** `|neq`: the outcome is turned round. */
  readonly negated: boolean;
  readonly values: readonly RuleValue[];
  readonly span: Span;
}

export interface RuleValue {
  /** As written in the rule. */
  readonly text: string;
  /** One of these must hold: `base64offset`, `windash` and encodings turn one value into several. */
  readonly tests: readonly ValueTest[];
  readonly span: Span;
}
