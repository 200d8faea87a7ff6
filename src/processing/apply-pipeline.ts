import type { FieldTest, RuleScalar, RuleValue } from '../sigma/field-test.ts';
import { isModifier } from '../sigma/modifier-names.ts';
import { readValue } from '../sigma/modifiers.ts';
import type { Detection, RuleHeader, RuleLogSource, SigmaRule } from '../sigma/rule.ts';
import { hasRelation, isState, meets } from './meets-conditions.ts';
import type {
  FieldCondition,
  ItemCondition,
  PipelineDiagnostic,
  ProcessingItem,
  ProcessingPipeline,
  RuleCondition,
  Transformation,
} from './pipeline.ts';
import { hasWildcard } from './read-pipeline.ts';

/** Field tests that one rule may come to: a mapping to many fields, again and again, is stopped. */
const MOST_TESTS = 50_000;

export class RuleRefused extends Error {}

/** The rule as the pipelines change it, one after another; undefined where one refuses it, which is reported. Never throws. */
export function applyPipelines(
  rule: SigmaRule,
  pipelines: readonly ProcessingPipeline[],
  report: (diagnostic: PipelineDiagnostic) => void,
): SigmaRule | undefined {
  if (pipelines.length === 0) return rule;
  try {
    const run = new RuleRun(rule);
    for (const { items } of pipelines) for (const item of items) run.apply(item);
    return run.rule;
  } catch (error) {
    if (!(error instanceof RuleRefused)) throw error;
    const message = `${JSON.stringify(rule.title)} is left out: ${error.message}`;
    report({ code: 'pipeline-refused', severity: 'error', message, span: rule.span });
    return undefined;
  }
}

type FieldNaming = Extract<
  Transformation,
  { readonly type: 'field_name_mapping' | 'field_name_prefix_mapping' | 'field_name_prefix' | 'field_name_suffix' }
>;

export function isFieldNaming(transformation: Transformation): transformation is FieldNaming {
  const { type } = transformation;
  return (
    type === 'field_name_mapping' ||
    type === 'field_name_prefix_mapping' ||
    type === 'field_name_prefix' ||
    type === 'field_name_suffix'
  );
}

class RuleRun {
  rule: SigmaRule;
  readonly #applied = new Set<string>();
  /** Which items have changed a test, by the tests that came of it. */
  readonly #touched = new WeakMap<FieldTest, ReadonlySet<string>>();
  readonly #state = new Map<string, RuleScalar>();
  #conditions = 0;
  #tests = 0;

  constructor(rule: SigmaRule) {
    this.rule = rule;
  }

  apply(item: ProcessingItem): void {
    if (!meets(item.ruleConditions, (one) => this.#ruleMeets(one))) return;
    const { transformation } = item;
    let changed = true;
    switch (transformation.type) {
      case 'value_placeholders':
      case 'wildcard_placeholders':
        return;
      case 'no_effect':
        break;
      case 'nest':
        for (const inner of transformation.items) this.apply(inner);
        break;
      case 'set_state':
        this.#state.set(transformation.key, transformation.value);
        break;
      case 'set_custom_attribute':
        this.rule = {
          ...this.rule,
          custom: new Map([...this.rule.custom, [transformation.attribute, transformation.value]]),
        };
        break;
      case 'rule_failure':
        throw new RuleRefused(transformation.message.slice(0, 400));
      case 'change_logsource': {
        const { type: _type, ...logsource } = transformation;
        this.rule = { ...this.rule, logsource };
        break;
      }
      case 'add_condition':
        this.#addCondition(transformation);
        break;
      default:
        changed = this.#changeTests(item);
    }
    if (changed && item.id !== undefined) this.#applied.add(item.id);
  }

  #ruleMeets(condition: RuleCondition): boolean {
    const { rule } = this;
    switch (condition.type) {
      case 'logsource':
        return (['product', 'category', 'service'] as const).every(
          (part) => condition[part] === undefined || rule.logsource[part] === condition[part],
        );
      case 'contains_field':
        return some(rule, (test) => test.field === condition.field);
      case 'contains_detection_item':
        return some(
          rule,
          (test) =>
            test.field === condition.field &&
            test.values.some(({ value }) => String(value) === String(condition.value)),
        );
      case 'processing_item_applied':
        return this.#applied.has(condition.id);
      case 'processing_state':
        return isState(this.#state, condition);
      case 'rule_attribute':
        return hasRelation(attribute(rule, condition.attribute), condition);
      case 'tag':
        return rule.tags.includes(condition.tag);
      case 'is_sigma_rule':
        return true;
      case 'is_sigma_correlation_rule':
        return false;
    }
  }

  #changeTests(item: ProcessingItem): boolean {
    let changed = false;
    const change = (detection: Detection): Detection | undefined => {
      if (detection.kind !== 'field') {
        const items = detection.items.flatMap((one) => change(one) ?? []);
        return items.length === 0 ? undefined : { ...detection, items };
      }
      const { test } = detection;
      if (!meets(item.itemConditions, (one) => this.#itemMeets(one, test))) return detection;
      const isFieldMet = (field: string | null): boolean =>
        meets(item.fieldConditions, (one) => this.#fieldMeets(one, field, test));
      // A field that a value refers to is met, or not, by itself.
      const isAsked = isFieldMet(test.field) || (isFieldNaming(item.transformation) && refersToField(test));
      if (!isAsked) return detection;
      const tests = changedTests(item, test, isFieldMet);
      if (tests === undefined) return detection;
      changed = true;
      this.#tests += tests.length;
      if (this.#tests > MOST_TESTS) throw new RuleRefused(`its tests come to more than ${MOST_TESTS}`);
      const before = this.#touched.get(test) ?? [];
      for (const one of tests)
        this.#touched.set(one, new Set([...before, ...(item.id === undefined ? [] : [item.id])]));
      const items = tests.map((one): Detection => ({ kind: 'field', test: one, span: detection.span }));
      const [only] = items;
      if (items.length <= 1) return only;
      // "Not this" in either of two fields is no "not this" in both.
      const isEach = test.negated !== (test.all && item.transformation.type === 'hashes_fields');
      return { kind: isEach ? 'all' : 'any', items, span: detection.span };
    };
    const identifiers = this.rule.identifiers.map((identifier) => {
      const detection = change(identifier.detection);
      if (detection === undefined) throw new RuleRefused(`nothing is left of ${identifier.name}`);
      return { ...identifier, detection };
    });
    if (changed) this.rule = { ...this.rule, identifiers };
    return changed;
  }

  #fieldMeets(condition: FieldCondition, field: string | null, test: FieldTest): boolean {
    switch (condition.type) {
      case 'include_fields':
        return field !== null && condition.matches(field);
      case 'exclude_fields':
        return field === null || !condition.matches(field);
      default:
        return this.#stateMeets(condition, test);
    }
  }

  #itemMeets(condition: ItemCondition, test: FieldTest): boolean {
    const over = (any: boolean, holds: (value: RuleValue) => boolean): boolean =>
      any ? test.values.some(holds) : test.values.every(holds);
    switch (condition.type) {
      case 'match_string':
        return (
          over(condition.any, ({ text, value }) => typeof value === 'string' && condition.matches(text)) !==
          condition.negated
        );
      case 'match_value':
        return over(condition.any, ({ value }) => value === condition.value);
      case 'is_null':
        return over(condition.any, ({ value }) => value === null);
      case 'contains_wildcard':
        return over(condition.any, ({ value }) => typeof value === 'string' && hasWildcard(value));
      default:
        return this.#stateMeets(condition, test);
    }
  }

  #stateMeets(
    condition: Extract<FieldCondition, { readonly type: 'processing_item_applied' | 'processing_state' }>,
    test: FieldTest,
  ): boolean {
    if (condition.type === 'processing_state') return isState(this.#state, condition);
    return this.#touched.get(test)?.has(condition.id) ?? false;
  }

  #addCondition({
    conditions,
    template,
    negated,
    span,
  }: Extract<ProcessingItem['transformation'], { readonly type: 'add_condition' }>): void {
    const { logsource } = this.rule;
    const items = [...conditions].map(([key, given]): Detection => {
      const [field = '', ...modifiers] = key.split('|');
      const like = { field, modifiers };
      const values = given.map((value) =>
        valueOf(
          { text: '', value, tests: [], span },
          template && typeof value === 'string' ? fillIn(value, logsource) : value,
          like,
        ),
      );
      return {
        kind: 'field',
        span,
        test: { field, modifiers, all: modifiers.includes('all'), negated: modifiers.includes('neq'), values, span },
      };
    });
    if (items.length === 0) return;
    // A name that no rule can have.
    const name = `pipeline condition ${++this.#conditions}`;
    const added = { kind: 'identifier' as const, name, span };
    this.rule = {
      ...this.rule,
      identifiers: [...this.rule.identifiers, { name, detection: { kind: 'all', items, span }, span }],
      condition: { kind: 'and', items: [negated ? { kind: 'not', item: added } : added, this.rule.condition] },
    };
  }
}

/** What one test becomes: several where one field stands for several; none where it is dropped; undefined where it stays. */
function changedTests(
  { transformation }: ProcessingItem,
  test: FieldTest,
  isFieldMet: (field: string) => boolean,
): readonly FieldTest[] | undefined {
  const { field } = test;
  switch (transformation.type) {
    case 'field_name_mapping':
    case 'field_name_prefix_mapping':
    case 'field_name_prefix':
    case 'field_name_suffix': {
      const referring = withReferences(test, (name) =>
        isFieldMet(name) ? mappedField(transformation, name) : undefined,
      );
      const fields = field !== null && isFieldMet(field) ? mappedField(transformation, field) : undefined;
      if (fields === undefined) return referring === test ? undefined : [referring];
      return fields.map((name) => ({ ...referring, field: name }));
    }
    case 'drop_detection_item':
      return [];
    case 'detection_item_failure':
      throw new RuleRefused(transformation.message.slice(0, 400));
    case 'replace_string':
      return withTexts(test, (text) => [transformation.replace(text)], true);
    case 'map_string':
      return withTexts(test, (text) => transformation.mapping.get(text) ?? [text]);
    case 'case':
      return withTexts(test, (text) => [transformation.method === 'lower' ? text.toLowerCase() : text.toUpperCase()]);
    case 'set_value':
      return [{ ...test, values: test.values.map((value) => valueOf(value, transformation.value, test)) }];
    case 'convert_type':
      return [
        {
          ...test,
          values: test.values.map((value) => valueOf(value, converted(value.value, transformation.target), test)),
        },
      ];
    case 'cased':
      return cased(test);
    case 'hashes_fields':
      return hashes(test, transformation);
    default:
      return undefined;
  }
}

/** The names that a field gets; undefined where it keeps its own. */
export function mappedField(transformation: FieldNaming, field: string): readonly string[] | undefined {
  switch (transformation.type) {
    case 'field_name_mapping':
      return transformation.mapping.get(field);
    case 'field_name_prefix_mapping':
      for (const [prefix, fields] of transformation.mapping)
        if (field.startsWith(prefix)) return fields.map((name) => name + field.slice(prefix.length));
      return undefined;
    case 'field_name_prefix':
      return [transformation.text + field];
    case 'field_name_suffix':
      return [field + transformation.text];
  }
}

/** `fieldref` names fields too; where one becomes several, any of them will do. */
function withReferences(test: FieldTest, rename: (field: string) => readonly string[] | undefined): FieldTest {
  if (!refersToField(test)) return test;
  let changed = false;
  const values = test.values.flatMap((value) => {
    const names = typeof value.value === 'string' ? rename(value.value) : undefined;
    if (names === undefined) return [value];
    changed = true;
    return names.map((name) => valueOf(value, name, test));
  });
  return changed ? { ...test, values } : test;
}

function refersToField({ modifiers }: FieldTest): boolean {
  return modifiers.includes('fieldref');
}

/** Strings match with regard to case; other values as they do anyway. */
function cased(test: FieldTest): readonly FieldTest[] | undefined {
  const { modifiers } = test;
  const isText = test.values.every(({ tests }) => tests.every(({ kind }) => kind === 'pattern'));
  if (!isText || modifiers.includes('cased')) return undefined;
  const like = { field: test.field, modifiers: [...modifiers, 'cased'] };
  return [{ ...test, ...like, values: test.values.map((value) => valueOf(value, value.value, like)) }];
}

/** `evenNumbers`: a number is taken as its text. */
function withTexts(
  test: FieldTest,
  change: (text: string) => readonly string[],
  evenNumbers = false,
): readonly FieldTest[] {
  const values = test.values.flatMap((value) =>
    evenNumbers && (typeof value.value === 'number' || typeof value.value === 'bigint')
      ? change(String(value.value)).map((text) => (text === String(value.value) ? value : valueOf(value, text, test)))
      : typeof value.value === 'string'
        ? change(value.value).map((text) => valueOf(value, text, test))
        : [value],
  );
  return [{ ...test, values }];
}

/** A rule's value with another content, read as the parser reads it. */
function valueOf(
  before: RuleValue,
  value: RuleScalar,
  { field, modifiers }: Pick<FieldTest, 'field' | 'modifiers'>,
): RuleValue {
  const text = value === null ? 'null' : String(value);
  const { tests, problems } = readValue(
    value,
    value === null ? '' : text,
    modifiers.filter(isModifier),
    field === null,
  );
  const error = problems.find(({ severity }) => severity === 'error');
  if (error) throw new RuleRefused(`${JSON.stringify(text.slice(0, 80))}: ${error.message}`);
  return { ...before, text, value, tests };
}

function converted(value: RuleScalar, target: 'num' | 'str'): RuleScalar {
  if (target === 'str') return value === null ? null : String(value);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
  return Number.isFinite(number) ? number : value;
}

/** Which hash it is, by how many digits it has. */
const HASH_LENGTHS: ReadonlyMap<number, string> = new Map([
  [32, 'MD5'],
  [40, 'SHA1'],
  [64, 'SHA256'],
  [128, 'SHA512'],
]);

/** `Hashes|contains: SHA1=…` becomes a test of the field for SHA1. Values that are no hash it knows stay where they are. */
function hashes(
  test: FieldTest,
  {
    algorithms,
    prefix,
    drop,
  }: { readonly algorithms: ReadonlySet<string>; readonly prefix: string; readonly drop: boolean },
): readonly FieldTest[] | undefined {
  if (test.field !== 'Hashes' && test.field !== 'Hash') return undefined;
  const byField = new Map<string, RuleValue[]>();
  const others: RuleValue[] = [];
  const plain: Pick<FieldTest, 'field' | 'modifiers'> = { field: '', modifiers: [] };
  for (const value of test.values) {
    const [, named, hash = ''] = /^\*?(?:(\w+)[=|])?([0-9A-Fa-f]+)\*?$/.exec(value.text) ?? [];
    const algorithm = (named ?? HASH_LENGTHS.get(hash.length) ?? '').toUpperCase();
    if (!algorithms.has(algorithm)) {
      others.push(value);
      continue;
    }
    const field = drop ? prefix || 'Hash' : prefix + algorithm;
    byField.set(field, [...(byField.get(field) ?? []), valueOf(value, hash, plain)]);
  }
  if (byField.size === 0) return undefined;
  const found = [...byField].map(([field, values]) => ({
    ...test,
    field,
    modifiers: test.negated ? ['neq'] : [],
    values,
  }));
  return others.length === 0 ? found : [...found, { ...test, values: others }];
}

function some(rule: SigmaRule, holds: (test: FieldTest) => boolean): boolean {
  const within = (detection: Detection): boolean =>
    detection.kind === 'field' ? holds(detection.test) : detection.items.some(within);
  return rule.identifiers.some(({ detection }) => within(detection));
}

/** An attribute of a rule by its name in the document, or one of its own. */
export function attribute(rule: RuleHeader, key: string): unknown {
  const { level, status, author, title, id, name, description, date, modified, tags, references, falsepositives } =
    rule;
  const known: Readonly<Record<string, unknown>> = {
    level,
    status,
    author,
    title,
    id,
    name,
    description,
    date,
    modified,
    tags,
    references,
    falsepositives,
    fields: rule.fields,
    license: rule.license,
    taxonomy: rule.taxonomy,
  };
  return Object.hasOwn(known, key) ? known[key] : rule.custom.get(key);
}

/** `$category`, `${product}`. */
function fillIn(value: string, { product, category, service }: RuleLogSource): string {
  const parts: Readonly<Record<string, string | undefined>> = { product, category, service };
  return value.replace(/\$\{?(product|category|service)\}?/g, (_, name: string) => parts[name] ?? '');
}
