import type { Diagnostic } from '../base/diagnostic.ts';

/** Everything that can be wrong with a rule file. Closed: a new code is added here, with its test. */
export type SigmaDiagnosticCode =
  // The file and its YAML.
  | 'yaml-invalid'
  | 'file-too-large'
  | 'character-lost'
  | 'too-many-documents'
  | 'too-many-diagnostics'
  | 'document-too-large'
  | 'document-not-a-mapping'
  | 'action-unknown'
  // The rule around its detection.
  | 'field-missing'
  | 'field-type'
  | 'field-too-long'
  | 'id-invalid'
  | 'date-invalid'
  | 'tag-invalid'
  | 'level-unknown'
  | 'status-unknown'
  | 'logsource-empty'
  // Search identifiers and values.
  | 'detection-empty'
  | 'detection-timeframe'
  | 'selection-empty'
  | 'selection-too-deep'
  | 'value-type'
  // Conditions.
  | 'condition-missing'
  | 'condition-syntax'
  | 'condition-unknown-identifier'
  | 'condition-count'
  | 'condition-too-long'
  | 'condition-aggregation'
  // Modifiers.
  | 'modifier-unknown'
  | 'modifier-conflict'
  | 'modifier-repeated'
  | 'modifier-value-type'
  | 'modifier-order'
  | 'modifier-keyword'
  | 'all-single-value'
  | 'encoding-wildcard'
  | 'base64offset-too-short'
  | 'windash-too-many'
  | 'regex-unsupported'
  | 'regex-invalid'
  | 'cidr-invalid'
  | 'cidr-host-bits'
  | 'placeholder-unresolved'
  | 'placeholder-missing'
  // Correlations and filters.
  | 'correlation-type'
  | 'correlation-rules'
  | 'correlation-timespan'
  | 'correlation-condition'
  | 'correlation-field'
  | 'correlation-alias'
  | 'correlation-cycle'
  | 'filter-rules'
  | 'filter-reading'
  | 'filter-logsource'
  | 'reference-unresolved'
  | 'reference-ambiguous';

export type SigmaDiagnostic = Diagnostic<SigmaDiagnosticCode>;
