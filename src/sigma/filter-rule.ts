import type { RuleReference } from './correlation-rule.ts';
import type { Condition, RuleHeader, RuleLogSource, SearchIdentifier } from './rule.ts';

/**
 * A filter: its condition must hold too wherever one of the rules it names does. Sigma 2.1, filters.
 * Read as pySigma reads it: `condition: not selection` leaves out what the selection describes.
 */
export interface FilterRule extends RuleHeader {
  /** `any`: every rule for the log source. */
  readonly rules: readonly RuleReference[] | 'any';
  readonly logsource: RuleLogSource;
  readonly identifiers: readonly SearchIdentifier[];
  readonly condition: Condition;
}
