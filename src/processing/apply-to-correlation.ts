import type { CorrelationRule } from '../sigma/correlation-rule.ts';
import type { RuleScalar } from '../sigma/field-test.ts';
import type { RuleLogSource } from '../sigma/rule.ts';
import { attribute, isFieldNaming, mappedField, RuleRefused } from './apply-pipeline.ts';
import { hasRelation, isState, meets } from './meets-conditions.ts';
import type {
  FieldCondition,
  PipelineDiagnostic,
  ProcessingItem,
  ProcessingPipeline,
  RuleCondition,
} from './pipeline.ts';

/**
 * A correlation as the pipelines change it: the fields of its group, its aliases and its condition get the names that they have
 * in the rules it refers to. `sources`: the log sources of those rules. Undefined where a pipeline refuses it, which is reported.
 */
export function applyToCorrelation(
  rule: CorrelationRule,
  sources: readonly RuleLogSource[],
  pipelines: readonly ProcessingPipeline[],
  report: (diagnostic: PipelineDiagnostic) => void,
): CorrelationRule | undefined {
  if (pipelines.length === 0) return rule;
  try {
    const run = new CorrelationRun(rule, sources);
    for (const { items } of pipelines) for (const item of items) run.apply(item);
    return run.rule;
  } catch (error) {
    if (!(error instanceof RuleRefused)) throw error;
    const message = `${JSON.stringify(rule.title)} is left out: ${error.message}`;
    report({ code: 'pipeline-refused', severity: 'error', message, span: rule.span });
    return undefined;
  }
}

/** Fields of a group that mappings may come to. */
const MOST_FIELDS = 64;

class CorrelationRun {
  rule: CorrelationRule;
  readonly #sources: readonly RuleLogSource[];
  readonly #applied = new Set<string>();
  readonly #state = new Map<string, RuleScalar>();
  /** Which items have named a field as it is now. */
  readonly #named = new Map<string, Set<string>>();

  constructor(rule: CorrelationRule, sources: readonly RuleLogSource[]) {
    this.rule = rule;
    this.#sources = sources;
  }

  apply(item: ProcessingItem): void {
    if (!meets(item.ruleConditions, (one) => this.#meets(one))) return;
    const { transformation } = item;
    switch (transformation.type) {
      case 'set_state':
        this.#state.set(transformation.key, transformation.value);
        break;
      case 'set_custom_attribute': {
        const { attribute: name, value } = transformation;
        this.rule = { ...this.rule, custom: new Map([...this.rule.custom, [name, value]]) };
        break;
      }
      case 'rule_failure':
        throw new RuleRefused(transformation.message.slice(0, 400));
      case 'nest':
        for (const inner of transformation.items) this.apply(inner);
        break;
      default:
        if (isFieldNaming(transformation)) this.#rename(item);
    }
    if (item.id !== undefined) this.#applied.add(item.id);
  }

  #rename(item: ProcessingItem): void {
    const { rule } = this;
    const many = (field: string): readonly string[] => this.#mapped(item, field);
    const one = (field: string): string => {
      const [only = field, ...others] = many(field);
      if (others.length === 0) return only;
      throw new RuleRefused(`${JSON.stringify(field.slice(0, 80))} becomes several fields where there can be one`);
    };
    const aliases = new Map(
      [...rule.aliases].map(([alias, fields]) => [
        alias,
        new Map([...fields].map(([reference, field]) => [reference, one(field)])),
      ]),
    );
    const groupBy = [...new Set(rule.groupBy.flatMap((field) => (rule.aliases.has(field) ? [field] : many(field))))];
    if (groupBy.length > MOST_FIELDS) throw new RuleRefused(`it is grouped by more than ${MOST_FIELDS} fields`);
    const valueFields = rule.valueFields.map((field) => (rule.aliases.has(field) ? field : one(field)));
    this.rule = { ...rule, aliases, groupBy, valueFields };
  }

  #mapped(item: ProcessingItem, field: string): readonly string[] {
    const { transformation, id } = item;
    if (!isFieldNaming(transformation) || !meets(item.fieldConditions, (one) => this.#fieldMeets(one, field)))
      return [field];
    const fields = mappedField(transformation, field);
    if (fields === undefined) return [field];
    for (const name of fields)
      this.#named.set(name, new Set([...(this.#named.get(field) ?? []), ...(id === undefined ? [] : [id])]));
    return fields;
  }

  #meets(condition: RuleCondition): boolean {
    switch (condition.type) {
      case 'logsource':
        return this.#sources.some((source) =>
          (['product', 'category', 'service'] as const).every(
            (part) => condition[part] === undefined || source[part] === condition[part],
          ),
        );
      case 'contains_field':
      case 'contains_detection_item':
      case 'is_sigma_rule':
        return false;
      case 'is_sigma_correlation_rule':
        return true;
      case 'processing_item_applied':
        return this.#applied.has(condition.id);
      case 'processing_state':
        return isState(this.#state, condition);
      case 'rule_attribute':
        return hasRelation(attribute(this.rule, condition.attribute), condition);
      case 'tag':
        return this.rule.tags.includes(condition.tag);
    }
  }

  #fieldMeets(condition: FieldCondition, field: string): boolean {
    switch (condition.type) {
      case 'include_fields':
        return condition.matches(field);
      case 'exclude_fields':
        return !condition.matches(field);
      case 'processing_item_applied':
        return this.#named.get(field)?.has(condition.id) ?? false;
      case 'processing_state':
        return isState(this.#state, condition);
    }
  }
}
