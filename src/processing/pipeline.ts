import type { Diagnostic } from '../base/diagnostic.ts';
import type { Span } from '../base/source.ts';
import type { RuleScalar } from '../sigma/field-test.ts';
import type { Condition } from '../sigma/rule.ts';

/** What can be wrong with a pipeline file, or with a rule that a pipeline changes. */
export type PipelineDiagnosticCode =
  /** No pipeline, or a part of it has the wrong form. */
  | 'pipeline-invalid'
  /** A transformation or condition that is not supported: the pipeline is refused, because its rules would mean something else. */
  | 'pipeline-unsupported'
  /** The pipeline itself refuses a rule, or makes one that has an error. */
  | 'pipeline-refused';

export type PipelineDiagnostic = Diagnostic<PipelineDiagnosticCode>;

/** Conditions of one kind: all of them, or one, or as an expression over their names says; perhaps turned round. */
export interface Conditions<C> {
  readonly items: readonly C[];
  readonly any: boolean;
  readonly expression?: { readonly condition: Condition; readonly names: readonly string[] };
  readonly negated: boolean;
}

export const relations = ['eq', 'ne', 'gte', 'gt', 'lte', 'lt', 'in', 'not_in'] as const;
export type Relation = (typeof relations)[number];

interface StateCondition {
  readonly type: 'processing_state';
  readonly key: string;
  readonly value: RuleScalar;
  readonly relation: Relation;
}

export type RuleCondition =
  | { readonly type: 'logsource'; readonly product?: string; readonly category?: string; readonly service?: string }
  | { readonly type: 'contains_field'; readonly field: string }
  | { readonly type: 'contains_detection_item'; readonly field: string; readonly value: RuleScalar }
  | { readonly type: 'processing_item_applied'; readonly id: string }
  | StateCondition
  | {
      readonly type: 'rule_attribute';
      readonly attribute: string;
      readonly value: RuleScalar;
      readonly relation: Relation;
    }
  | { readonly type: 'tag'; readonly tag: string }
  | { readonly type: 'is_sigma_rule' | 'is_sigma_correlation_rule' };

export type FieldCondition =
  | { readonly type: 'include_fields' | 'exclude_fields'; readonly matches: (field: string) => boolean }
  | { readonly type: 'processing_item_applied'; readonly id: string }
  | StateCondition;

export type ItemCondition =
  | {
      readonly type: 'match_string';
      readonly any: boolean;
      readonly negated: boolean;
      readonly matches: (text: string) => boolean;
    }
  | { readonly type: 'match_value'; readonly any: boolean; readonly value: RuleScalar }
  | { readonly type: 'is_null' | 'contains_wildcard'; readonly any: boolean }
  | { readonly type: 'processing_item_applied'; readonly id: string }
  | StateCondition;

export type Transformation =
  | { readonly type: 'field_name_mapping'; readonly mapping: ReadonlyMap<string, readonly string[]> }
  | { readonly type: 'field_name_prefix_mapping'; readonly mapping: ReadonlyMap<string, readonly string[]> }
  | { readonly type: 'field_name_prefix' | 'field_name_suffix'; readonly text: string }
  | { readonly type: 'drop_detection_item' }
  | {
      readonly type: 'add_condition';
      readonly conditions: ReadonlyMap<string, readonly RuleScalar[]>;
      readonly template: boolean;
      readonly negated: boolean;
      readonly span: Span;
    }
  | {
      readonly type: 'change_logsource';
      readonly product?: string;
      readonly category?: string;
      readonly service?: string;
    }
  | { readonly type: 'replace_string'; readonly replace: (text: string) => string }
  /** `regex` with `plain`: strings match with regard to case. */
  | { readonly type: 'cased' }
  /** What it changes, Portreeve does not use: the list of fields to show; how to match without regard to case. */
  | { readonly type: 'no_effect' }
  | { readonly type: 'nest'; readonly items: readonly ProcessingItem[] }
  | { readonly type: 'map_string'; readonly mapping: ReadonlyMap<string, readonly string[]> }
  | { readonly type: 'case'; readonly method: 'lower' | 'upper' }
  | { readonly type: 'set_value'; readonly value: RuleScalar }
  | { readonly type: 'convert_type'; readonly target: 'num' | 'str' }
  | {
      readonly type: 'hashes_fields';
      readonly algorithms: ReadonlySet<string>;
      readonly prefix: string;
      readonly drop: boolean;
    }
  | { readonly type: 'set_state'; readonly key: string; readonly value: RuleScalar }
  | { readonly type: 'set_custom_attribute'; readonly attribute: string; readonly value: RuleScalar }
  | { readonly type: 'rule_failure' | 'detection_item_failure'; readonly message: string }
  /** Placeholders are resolved while rules are read, with the pipeline's `vars`. */
  | { readonly type: 'value_placeholders' | 'wildcard_placeholders' };

export interface ProcessingItem {
  readonly id: string | undefined;
  readonly span: Span;
  readonly transformation: Transformation;
  readonly ruleConditions: Conditions<RuleCondition>;
  readonly itemConditions: Conditions<ItemCondition>;
  readonly fieldConditions: Conditions<FieldCondition>;
}

/** A pipeline as pySigma's YAML gives it. https://sigmahq-pysigma.readthedocs.io/en/latest/Processing_Pipelines.html */
export interface ProcessingPipeline {
  readonly name: string;
  /** The lowest goes first. */
  readonly priority: number;
  readonly vars: ReadonlyMap<string, readonly string[]>;
  readonly items: readonly ProcessingItem[];
  /** The placeholders that its items resolve: with `vars`, or with a wildcard. */
  readonly placeholder: (name: string) => readonly string[] | undefined;
}
