import type { Source, Span } from '../base/source.ts';
import type { FieldTest } from './field-test.ts';

/** Sigma 2.1, "Level". */
export type SigmaLevel = 'informational' | 'low' | 'medium' | 'high' | 'critical';
export const sigmaLevels: readonly SigmaLevel[] = ['informational', 'low', 'medium', 'high', 'critical'];

/** Sigma 2.1, "Status". */
export type SigmaStatus = 'stable' | 'test' | 'experimental' | 'deprecated' | 'unsupported';
export const sigmaStatuses: readonly SigmaStatus[] = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'];

/** The log source a rule is for; a part that is absent holds for every event. */
export interface RuleLogSource {
  readonly product?: string;
  readonly category?: string;
  readonly service?: string;
  /** For people: how the source must be configured. */
  readonly definition?: string;
}

/**
 * What a search identifier asks of an event. A mapping is `all` of its fields, a list of mappings `any` of them, a list of
 * plain values keywords (`any`; under `'|all'`, `all`).
 */
export type Detection =
  | { readonly kind: 'all'; readonly items: readonly Detection[]; readonly span: Span }
  | { readonly kind: 'any'; readonly items: readonly Detection[]; readonly span: Span }
  | { readonly kind: 'field'; readonly test: FieldTest; readonly span: Span };

export interface SearchIdentifier {
  readonly name: string;
  readonly detection: Detection;
  readonly span: Span;
}

export type Condition =
  | { readonly kind: 'and'; readonly items: readonly Condition[] }
  | { readonly kind: 'or'; readonly items: readonly Condition[] }
  | { readonly kind: 'not'; readonly item: Condition }
  | { readonly kind: 'identifier'; readonly name: string; readonly span: Span }
  /** `1 of x*`, `all of them`, `2 of sel_*`: `atLeast` null is all. `names` are the identifiers meant, in rule order. */
  | { readonly kind: 'of'; readonly atLeast: number | null; readonly names: readonly string[]; readonly span: Span };

/** What every document has: detection rule, correlation or filter. */
export interface RuleHeader {
  readonly source: Source;
  /** The whole document. */
  readonly span: Span;
  readonly title: string;
  readonly id?: string;
  readonly name?: string;
  readonly status?: SigmaStatus;
  /** `medium` where the rule says none. */
  readonly level: SigmaLevel;
  readonly taxonomy?: string;
  readonly license?: string;
  readonly description?: string;
  readonly author?: string;
  readonly date?: string;
  readonly modified?: string;
  readonly references: readonly string[];
  readonly tags: readonly string[];
  readonly falsepositives: readonly string[];
  readonly fields: readonly string[];
  readonly scope: readonly string[];
  readonly related: readonly RelatedRule[];
  /** Every other key at the top of the document, as plain data: "arbitrary custom fields". */
  readonly custom: ReadonlyMap<string, CustomValue>;
}

/** One detection rule. */
export interface SigmaRule extends RuleHeader {
  readonly logsource: RuleLogSource;
  /** In the order of the document. */
  readonly identifiers: readonly SearchIdentifier[];
  /** A list of conditions is their `or`. */
  readonly condition: Condition;
}

/** Sigma 2.1, "Identification". */
export interface RelatedRule {
  readonly id: string;
  /** `derived`, `obsolete`, `merged`, `renamed` or `similar`, unless the rule says otherwise. */
  readonly type: string;
}

export type CustomValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly CustomValue[]
  | ReadonlyMap<string, CustomValue>;
