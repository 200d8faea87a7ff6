import type { Diagnostic } from '../base/diagnostic.ts';

/** Everything that can be wrong with a rule file. Closed: a new code is added here, with its test. */
export type SigmaDiagnosticCode =
  | 'yaml-invalid'
  | 'file-too-large'
  | 'document-not-a-mapping'
  | 'document-unsupported'
  | 'field-missing'
  | 'field-type'
  | 'level-unknown'
  | 'status-unknown'
  | 'logsource-empty'
  | 'detection-empty'
  | 'selection-type'
  | 'selection-empty'
  | 'selection-too-deep'
  | 'value-type'
  | 'condition-missing'
  | 'condition-syntax'
  | 'condition-unknown-identifier'
  | 'condition-too-long'
  | 'condition-aggregation'
  | 'modifier-unknown'
  | 'modifier-conflict'
  | 'modifier-value-type'
  | 'modifier-order'
  | 'regex-unsupported'
  | 'regex-invalid'
  | 'cidr-invalid'
  | 'placeholder-unresolved';

export type SigmaDiagnostic = Diagnostic<SigmaDiagnosticCode>;
