import type { Span } from '../base/source.ts';

/** A piece of a pattern: literal text, `*` (any run of characters), `?` (exactly one), or one of a few characters. */
export type PatternPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'any-run' }
  | { readonly kind: 'any-one' }
  | { readonly kind: 'one-of'; readonly characters: string };

export type TimePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

export type CompareOperator = 'lt' | 'lte' | 'gt' | 'gte';

/** What one value of a rule asks of one value of an event. Numbers are `bigint` where a `number` would lose digits. */
export type ValueTest =
  /** The whole value, without regard to case unless `cased`. */
  | { readonly kind: 'pattern'; readonly parts: readonly PatternPart[]; readonly cased: boolean }
  /** A number: equal to numbers and to strings that are that number in decimal. `text` as in the rule, equal to itself. */
  | { readonly kind: 'number'; readonly value: number | bigint; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** The field is absent, null, or a list of no other values. */
  | { readonly kind: 'null' }
  /** Finds the expression anywhere in the value; linear time (RE2 syntax). */
  | { readonly kind: 'regex'; readonly expression: string; readonly flags: RegexFlags }
  | { readonly kind: 'cidr'; readonly network: string }
  | { readonly kind: 'compare'; readonly operator: CompareOperator; readonly value: number | bigint }
  /** The field is there (null counts), or is not. */
  | { readonly kind: 'exists'; readonly expected: boolean }
  /** The value of another field of the same event. */
  | {
      readonly kind: 'fieldref';
      readonly field: string;
      readonly how: 'equals' | 'contains' | 'startswith' | 'endswith';
      readonly cased: boolean;
    }
  | {
      readonly kind: 'time-part';
      readonly part: TimePart;
      readonly operator: CompareOperator | 'equals';
      readonly value: number | bigint;
    };

export interface RegexFlags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
}

/** A scalar of a rule, as YAML 1.2 gives it. */
export type RuleScalar = string | number | bigint | boolean | null;

/** One entry of a mapping: a field, its modifiers and its values. */
export interface FieldTest {
  /** `null`: keywords, looked for in every value of the event. */
  readonly field: string | null;
  /** As written, in order. */
  readonly modifiers: readonly string[];
  /** All values must hold (`|all`), not just one. */
  readonly all: boolean;
  /** `|neq`: the outcome is turned round, so that it also holds where the field is absent. */
  readonly negated: boolean;
  readonly values: readonly RuleValue[];
  readonly span: Span;
}

export interface RuleValue {
  /** As written in the rule. */
  readonly text: string;
  /** As YAML read it. */
  readonly value: RuleScalar;
  /** What `value` asks under the modifiers; one of these must hold: `base64offset` turns one value into several. */
  readonly tests: readonly ValueTest[];
  readonly span: Span;
}
