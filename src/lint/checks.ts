import type { Check } from './check.ts';
import { actionUnknown } from './checks/action-unknown.ts';
import { aggregationAsCorrelation } from './checks/aggregation-as-correlation.ts';
import { allSingleValue } from './checks/all-single-value.ts';
import { authorMissing } from './checks/author-missing.ts';
import { base64offsetTooShort } from './checks/base64offset-too-short.ts';
import { characterLost } from './checks/character-lost.ts';
import { cidrHostBits } from './checks/cidr-host-bits.ts';
import { cidrInvalid } from './checks/cidr-invalid.ts';
import { conditionAggregation } from './checks/condition-aggregation.ts';
import { conditionCount } from './checks/condition-count.ts';
import { conditionMissing } from './checks/condition-missing.ts';
import { conditionOperatorCase } from './checks/condition-operator-case.ts';
import { conditionSyntax } from './checks/condition-syntax.ts';
import { conditionUnknownIdentifier } from './checks/condition-unknown-identifier.ts';
import { correlationAlias } from './checks/correlation-alias.ts';
import { correlationAliasUnused } from './checks/correlation-alias-unused.ts';
import { correlationCondition } from './checks/correlation-condition.ts';
import { correlationField } from './checks/correlation-field.ts';
import { correlationNever } from './checks/correlation-never.ts';
import { correlationReference } from './checks/correlation-reference.ts';
import { correlationRules } from './checks/correlation-rules.ts';
import { correlationTimespan } from './checks/correlation-timespan.ts';
import { correlationType } from './checks/correlation-type.ts';
import { dateInvalid } from './checks/date-invalid.ts';
import { dateMissing } from './checks/date-missing.ts';
import { dateSlashes } from './checks/date-slashes.ts';
import { descriptionMissing } from './checks/description-missing.ts';
import { detectionEmpty } from './checks/detection-empty.ts';
import { detectionTimeframe } from './checks/detection-timeframe.ts';
import { documentNotAMapping } from './checks/document-not-a-mapping.ts';
import { encodingWildcard } from './checks/encoding-wildcard.ts';
import { falsepositivesNone } from './checks/falsepositives-none.ts';
import { fieldCase } from './checks/field-case.ts';
import { fieldMissing } from './checks/field-missing.ts';
import { fieldTooLong } from './checks/field-too-long.ts';
import { fieldType } from './checks/field-type.ts';
import { filterReading } from './checks/filter-reading.ts';
import { filterRules } from './checks/filter-rules.ts';
import { filterWithLevel } from './checks/filter-with-level.ts';
import { finalNewline } from './checks/final-newline.ts';
import { idCase } from './checks/id-case.ts';
import { idDuplicate } from './checks/id-duplicate.ts';
import { idInvalid } from './checks/id-invalid.ts';
import { idMissing } from './checks/id-missing.ts';
import { idNotRandom } from './checks/id-not-random.ts';
import { identifierUnused } from './checks/identifier-unused.ts';
import { invisibleCharacter } from './checks/invisible-character.ts';
import { keyMisspelled } from './checks/key-misspelled.ts';
import { kubernetesExecVerb } from './checks/kubernetes-exec-verb.ts';
import { kubernetesResponseCode } from './checks/kubernetes-response-code.ts';
import { kubernetesUnknownField } from './checks/kubernetes-unknown-field.ts';
import { levelCase } from './checks/level-case.ts';
import { levelMissing } from './checks/level-missing.ts';
import { levelUnknown } from './checks/level-unknown.ts';
import { logsourceCase } from './checks/logsource-case.ts';
import { logsourceEmpty } from './checks/logsource-empty.ts';
import { mixedLineEnds } from './checks/mixed-line-ends.ts';
import { modifiedBeforeDate } from './checks/modified-before-date.ts';
import { modifierConflict } from './checks/modifier-conflict.ts';
import { modifierKeyword } from './checks/modifier-keyword.ts';
import { modifierOrder } from './checks/modifier-order.ts';
import { modifierRedundantWildcard } from './checks/modifier-redundant-wildcard.ts';
import { modifierRepeated } from './checks/modifier-repeated.ts';
import { modifierUnknown } from './checks/modifier-unknown.ts';
import { modifierValueType } from './checks/modifier-value-type.ts';
import { ofSingleIdentifier } from './checks/of-single-identifier.ts';
import { pathWithoutEndswith } from './checks/path-without-endswith.ts';
import { placeholderMissing } from './checks/placeholder-missing.ts';
import { referenceDuplicate } from './checks/reference-duplicate.ts';
import { referenceNotUrl } from './checks/reference-not-url.ts';
import { regexInvalid } from './checks/regex-invalid.ts';
import { regexOpenEnds } from './checks/regex-open-ends.ts';
import { regexUnsupported } from './checks/regex-unsupported.ts';
import { relatedType } from './checks/related-type.ts';
import { selectionEmpty } from './checks/selection-empty.ts';
import { selectionTooDeep } from './checks/selection-too-deep.ts';
import { statusMissing } from './checks/status-missing.ts';
import { statusUnknown } from './checks/status-unknown.ts';
import { tagCase } from './checks/tag-case.ts';
import { tagCveForm } from './checks/tag-cve-form.ts';
import { tagDuplicate } from './checks/tag-duplicate.ts';
import { tagInvalid } from './checks/tag-invalid.ts';
import { tagTacticUnderscore } from './checks/tag-tactic-underscore.ts';
import { tagTechniqueForm } from './checks/tag-technique-form.ts';
import { timespanUnit } from './checks/timespan-unit.ts';
import { titleDetects } from './checks/title-detects.ts';
import { titleDuplicate } from './checks/title-duplicate.ts';
import { titlePeriod } from './checks/title-period.ts';
import { trailingBlanks } from './checks/trailing-blanks.ts';
import { valueContainsWildcards } from './checks/value-contains-wildcards.ts';
import { valueDuplicate } from './checks/value-duplicate.ts';
import { valueEndswithWildcard } from './checks/value-endswith-wildcard.ts';
import { valueOnlyWildcard } from './checks/value-only-wildcard.ts';
import { valueStartswithWildcard } from './checks/value-startswith-wildcard.ts';
import { valueType } from './checks/value-type.ts';
import { windashTooMany } from './checks/windash-too-many.ts';
import { yamlInvalid } from './checks/yaml-invalid.ts';

/** Every check, by code. A new one is a file in `checks/` and a line here. */
export const checks: readonly Check[] = [
  actionUnknown,
  aggregationAsCorrelation,
  allSingleValue,
  authorMissing,
  base64offsetTooShort,
  characterLost,
  cidrHostBits,
  cidrInvalid,
  conditionAggregation,
  conditionCount,
  conditionMissing,
  conditionOperatorCase,
  conditionSyntax,
  conditionUnknownIdentifier,
  correlationAlias,
  correlationAliasUnused,
  correlationCondition,
  correlationField,
  correlationNever,
  correlationReference,
  correlationRules,
  correlationTimespan,
  correlationType,
  dateInvalid,
  dateMissing,
  dateSlashes,
  descriptionMissing,
  detectionEmpty,
  detectionTimeframe,
  documentNotAMapping,
  encodingWildcard,
  falsepositivesNone,
  fieldCase,
  fieldMissing,
  fieldTooLong,
  fieldType,
  filterReading,
  filterRules,
  filterWithLevel,
  finalNewline,
  idCase,
  idDuplicate,
  idInvalid,
  idMissing,
  idNotRandom,
  identifierUnused,
  invisibleCharacter,
  keyMisspelled,
  kubernetesExecVerb,
  kubernetesResponseCode,
  kubernetesUnknownField,
  levelCase,
  levelMissing,
  levelUnknown,
  logsourceCase,
  logsourceEmpty,
  mixedLineEnds,
  modifiedBeforeDate,
  modifierConflict,
  modifierKeyword,
  modifierOrder,
  modifierRedundantWildcard,
  modifierRepeated,
  modifierUnknown,
  modifierValueType,
  ofSingleIdentifier,
  pathWithoutEndswith,
  placeholderMissing,
  referenceDuplicate,
  referenceNotUrl,
  regexInvalid,
  regexOpenEnds,
  regexUnsupported,
  relatedType,
  selectionEmpty,
  selectionTooDeep,
  statusMissing,
  statusUnknown,
  tagCase,
  tagCveForm,
  tagDuplicate,
  tagInvalid,
  tagTacticUnderscore,
  tagTechniqueForm,
  timespanUnit,
  titleDetects,
  titleDuplicate,
  titlePeriod,
  trailingBlanks,
  valueContainsWildcards,
  valueDuplicate,
  valueEndswithWildcard,
  valueOnlyWildcard,
  valueStartswithWildcard,
  valueType,
  windashTooMany,
  yamlInvalid,
];
