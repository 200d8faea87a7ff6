import type { Source, Span } from '../base/source.ts';
import { parseCondition } from '../sigma/condition.ts';
import type { RuleScalar } from '../sigma/field-test.ts';
import { compileRegex, regexProblem } from '../sigma/regex-support.ts';
import { spanWithin } from '../sigma/span-within.ts';
import { readPattern } from '../sigma/wildcards.ts';
import { splitDocuments } from '../sigma/yaml-documents.ts';
import { readDocument } from '../sigma/yaml-reader.ts';
import type { MapNode, RuleNode } from '../sigma/yaml-reader.ts';
import { relations } from './pipeline.ts';
import type {
  Conditions,
  FieldCondition,
  ItemCondition,
  PipelineDiagnostic,
  PipelineDiagnosticCode,
  ProcessingItem,
  ProcessingPipeline,
  Relation,
  RuleCondition,
  Transformation,
} from './pipeline.ts';
import { conditionParameters, itemKeys, transformationParameters } from './parameters.ts';

export interface ParsedPipeline {
  readonly pipeline?: ProcessingPipeline;
  readonly diagnostics: readonly PipelineDiagnostic[];
}

const MOST_ITEMS = 10_000;
const DEEPEST_NEST = 8;

type Resolvers = ((name: string) => readonly string[] | undefined)[];

/** What items of one pipeline have in common. */
interface Context {
  readonly vars: ProcessingPipeline['vars'];
  readonly resolvers: Resolvers;
  readonly depth: number;
  /** An item around this one applies to some rules only. */
  readonly isConditional: boolean;
}

/** Stops at the first error of a part; it has been reported. */
class Refused extends Error {}

/** Reads one pipeline. One with an error gives none: rules that it should have changed would mean something else. Never throws. */
export function readPipeline(source: Source): ParsedPipeline {
  const reader = new PipelineReader(source);
  const pipeline = reader.read();
  const isBad = reader.diagnostics.some(({ severity }) => severity === 'error');
  return { diagnostics: reader.diagnostics, ...(pipeline && !isBad ? { pipeline } : {}) };
}

class PipelineReader {
  readonly diagnostics: PipelineDiagnostic[] = [];
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  read(): ProcessingPipeline | undefined {
    const start: Span = { source: this.#source, start: 0, end: 1 };
    const [document, ...others] = splitDocuments(this.#source.text);
    const say = (code: PipelineDiagnosticCode, message: string, span: Span): void => this.#say(code, message, span);
    if (others.some(({ text }) => text.replace(/^---/, '').trim() !== ''))
      say('pipeline-invalid', 'several documents; expected one pipeline', start);
    const root =
      document &&
      readDocument(document, this.#source, (_code, message, span) => say('pipeline-invalid', message, span));
    if (root?.kind !== 'map') {
      if (this.diagnostics.length === 0)
        say('pipeline-invalid', 'expected a pipeline: a mapping with name, priority and transformations', start);
      return undefined;
    }
    const vars = new Map<string, readonly string[]>();
    for (const { key, value } of this.#try(() => this.#map(root, 'vars'))?.entries ?? [])
      vars.set(key, this.#try(() => this.#texts(value)) ?? []);
    const list = member(root, 'transformations');
    if (list !== undefined && list.kind !== 'list')
      say('pipeline-invalid', 'expected transformations: a list', list.span);
    const nodes = list?.kind === 'list' ? list.items : [];
    if (nodes.length > MOST_ITEMS)
      say('pipeline-invalid', `${nodes.length} transformations; expected at most ${MOST_ITEMS}`, start);
    const resolvers: Resolvers = [];
    const context: Context = { vars, resolvers, depth: 0, isConditional: false };
    const items = nodes.slice(0, MOST_ITEMS).flatMap((node) => this.#try(() => this.#item(node, context)) ?? []);
    for (const part of ['postprocessing', 'finalizers']) {
      const found = root.entries.find(({ key }) => key === part);
      if (found) this.#warn(`${part} is about the text of queries, and is passed over`, found.keySpan);
    }
    const priority = Number(text(member(root, 'priority')) ?? 0);
    if (!Number.isFinite(priority))
      say('pipeline-invalid', 'priority takes a number', member(root, 'priority')?.span ?? start);
    return {
      name: text(member(root, 'name')) ?? this.#source.name,
      priority,
      vars,
      items,
      placeholder(name) {
        for (const resolve of resolvers) {
          const values = resolve(name);
          if (values !== undefined) return values;
        }
        return undefined;
      },
    };
  }

  #item(node: RuleNode, context: Context): ProcessingItem {
    if (node.kind !== 'map')
      return this.#refuse('pipeline-invalid', 'expected a transformation: a mapping with type', node.span);
    const { vars, resolvers } = context;
    const transformation = this.#transformation(node, context);
    const item: ProcessingItem = {
      id: text(member(node, 'id')),
      span: node.span,
      transformation,
      ruleConditions: this.#conditions(node, 'rule', (one) => this.#ruleCondition(one)),
      itemConditions: this.#conditions(node, 'detection_item', (one) => this.#itemCondition(one)),
      fieldConditions: this.#conditions(node, 'field_name', (one) => this.#fieldCondition(one)),
    };
    if (transformation.type === 'value_placeholders' || transformation.type === 'wildcard_placeholders') {
      const [include, exclude] = ['include', 'exclude'].map((key) => member(node, key));
      const included = include && new Set(this.#texts(include));
      const excluded = new Set(exclude ? this.#texts(exclude) : []);
      const isWild = transformation.type === 'wildcard_placeholders';
      resolvers.push((name) => {
        if ((included && !included.has(name)) || excluded.has(name)) return undefined;
        return isWild ? ['*'] : vars.get(name);
      });
      if (item.ruleConditions.items.length > 0 || context.isConditional)
        this.#refuse(
          'pipeline-unsupported',
          'placeholders with rule_conditions: they are resolved for every rule alike',
          node.span,
        );
    }
    return item;
  }

  #transformation(node: MapNode, context: Context): Transformation {
    const typeNode = member(node, 'type');
    const type = text(typeNode) ?? '';
    const known = transformationParameters.get(type);
    if (known) this.#onlyKnown(node, [...itemKeys, ...known]);
    switch (type) {
      case 'nest': {
        if (context.depth >= DEEPEST_NEST)
          return this.#refuse('pipeline-invalid', `nested more than ${DEEPEST_NEST} deep`, node.span);
        const items = this.#required(node, 'items');
        if (items.kind !== 'list') return this.#refuse('pipeline-invalid', 'items: expected a list', items.span);
        const isConditional = context.isConditional || member(node, 'rule_conditions') !== undefined;
        const inner = { ...context, depth: context.depth + 1, isConditional };
        return { type, items: items.items.slice(0, MOST_ITEMS).map((one) => this.#item(one, inner)) };
      }
      case 'add_field':
      case 'remove_field':
      case 'set_field':
        return { type: 'no_effect' };
      case 'regex': {
        const method = text(member(node, 'method')) ?? 'ignore_case_brackets';
        if (method === 'plain') return { type: 'cased' };
        if (method === 'ignore_case_brackets' || method === 'ignore_case_flag') return { type: 'no_effect' };
        return this.#refuse('pipeline-invalid', `the regex method ${JSON.stringify(method.slice(0, 40))}`, node.span);
      }
      case 'field_name_mapping':
      case 'field_name_prefix_mapping':
        return { type, mapping: this.#mapping(this.#required(node, 'mapping')) };
      case 'field_name_prefix':
        return { type, text: this.#text(node, 'prefix') };
      case 'field_name_suffix':
        return { type, text: this.#text(node, 'suffix') };
      case 'drop_detection_item':
      case 'value_placeholders':
      case 'wildcard_placeholders':
        return { type };
      case 'add_condition': {
        const conditions = new Map<string, readonly RuleScalar[]>();
        for (const { key, value } of this.#map(node, 'conditions')?.entries ?? [])
          conditions.set(key, this.#scalars(value));
        return {
          type,
          conditions,
          template: this.#flag(node, 'template'),
          negated: this.#flag(node, 'negated'),
          span: node.span,
        };
      }
      case 'change_logsource':
        return { type, ...logSourceOf(node) };
      case 'replace_string':
        return { type, replace: this.#replacement(node) };
      case 'map_string':
        return { type, mapping: this.#mapping(this.#required(node, 'mapping')) };
      case 'case': {
        const method = text(member(node, 'method')) ?? 'lower';
        if (method === 'lower' || method === 'upper') return { type, method };
        return this.#refuse(
          'pipeline-unsupported',
          `the case method ${method.slice(0, 40)}; expected lower or upper`,
          node.span,
        );
      }
      case 'set_value': {
        const value = this.#scalars(this.#required(node, 'value'))[0] ?? null;
        const forced = text(member(node, 'force_type'));
        if (forced === undefined) return { type, value };
        if (forced === 'str' && value !== null) return { type, value: String(value) };
        const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
        if (forced === 'num' && typeof number === 'number' && Number.isFinite(number)) return { type, value: number };
        return this.#refuse('pipeline-invalid', 'force_type takes str or num, and a value that can be that', node.span);
      }
      case 'convert_type': {
        const target = this.#text(node, 'target_type');
        if (target === 'num' || target === 'str') return { type, target };
        return this.#refuse('pipeline-invalid', 'target_type takes num or str', node.span);
      }
      case 'hashes_fields': {
        const algorithms = this.#texts(this.#required(node, 'valid_hash_algos')).map((name) => name.toUpperCase());
        return {
          type,
          algorithms: new Set(algorithms),
          prefix: text(member(node, 'field_prefix')) ?? '',
          drop: this.#flag(node, 'drop_algo_prefix'),
        };
      }
      case 'set_state':
        return { type, key: this.#text(node, 'key'), value: scalarOf(member(node, 'val')) };
      case 'set_custom_attribute':
        return { type, attribute: this.#text(node, 'attribute'), value: scalarOf(member(node, 'value')) };
      case 'rule_failure':
      case 'detection_item_failure':
        return { type, message: text(member(node, 'message')) ?? 'refused by the pipeline' };
      default:
        return this.#refuse(
          'pipeline-unsupported',
          `the transformation ${JSON.stringify(type.slice(0, 60))} is not supported`,
          typeNode?.span ?? node.span,
        );
    }
  }

  #replacement(node: MapNode): (value: string) => string {
    const expression = this.#text(node, 'regex');
    const flags = { i: false, m: false, s: false };
    const problem = regexProblem(expression, flags);
    if (problem) return this.#refuse('pipeline-invalid', problem.message, member(node, 'regex')?.span ?? node.span);
    const pattern = compileRegex(expression, flags);
    // Python writes groups as \1 and \g<name>.
    const replacement = (text(member(node, 'replacement')) ?? '')
      .replaceAll('$', '\\$')
      .replace(/\\(\d)/g, '$$$1')
      .replace(/\\g<(\w+)>/g, '${$1}');
    const replace = (value: string): string => pattern.matcher(value).replaceAll(replacement);
    if (!this.#flag(node, 'skip_special')) return replace;
    if (this.#flag(node, 'interpret_special'))
      return this.#refuse('pipeline-unsupported', 'interpret_special is not supported', node.span);
    // Each stretch of plain text by itself; wildcards stay what they are.
    return (value) =>
      readPattern(value)
        .map((part) => (part.kind === 'text' ? escaped(replace(part.text)) : part.kind === 'any-run' ? '*' : '?'))
        .join('');
  }

  #ruleCondition(node: MapNode): RuleCondition {
    const type = text(member(node, 'type')) ?? '';
    const known = conditionParameters.get(type);
    if (known) this.#onlyKnown(node, ['type', ...known]);
    switch (type) {
      case 'logsource':
        return { type, ...logSourceOf(node) };
      case 'contains_field':
        return { type, field: this.#text(node, 'field') };
      case 'contains_detection_item':
        return { type, field: this.#text(node, 'field'), value: scalarOf(member(node, 'value')) };
      case 'processing_item_applied':
        return { type, id: this.#text(node, 'processing_item_id') };
      case 'processing_state':
        return this.#state(node);
      case 'rule_attribute':
        return {
          type,
          attribute: this.#text(node, 'attribute'),
          value: scalarOf(member(node, 'value')),
          relation: this.#relation(node),
        };
      case 'tag':
        return { type, tag: this.#text(node, 'tag') };
      case 'is_sigma_rule':
      case 'is_sigma_correlation_rule':
        return { type };
      default:
        return this.#unknown('rule', type, node);
    }
  }

  #itemCondition(node: MapNode): ItemCondition {
    const type = text(member(node, 'type')) ?? '';
    const known = conditionParameters.get(type);
    if (known) this.#onlyKnown(node, ['type', ...known]);
    switch (type) {
      case 'match_string':
        return {
          type,
          any: this.#quantifier(node),
          negated: this.#flag(node, 'negate'),
          matches: this.#expression(this.#text(node, 'pattern'), node),
        };
      case 'match_value':
        return { type, any: this.#quantifier(node), value: scalarOf(this.#required(node, 'value')) };
      case 'is_null':
      case 'contains_wildcard':
        return { type, any: this.#quantifier(node) };
      case 'processing_item_applied':
        return { type, id: this.#text(node, 'processing_item_id') };
      case 'processing_state':
        return this.#state(node);
      default:
        return this.#unknown('detection item', type, node);
    }
  }

  #fieldCondition(node: MapNode): FieldCondition {
    const type = text(member(node, 'type')) ?? '';
    const known = conditionParameters.get(type);
    if (known) this.#onlyKnown(node, ['type', ...known]);
    switch (type) {
      case 'include_fields':
      case 'exclude_fields': {
        const fields = this.#texts(this.#required(node, 'fields'));
        if ((text(member(node, 'match_type')) ?? text(member(node, 'mode')) ?? 'plain') === 're') {
          const tests = fields.map((field) => this.#expression(field, node));
          return { type, matches: (field) => tests.some((matches) => matches(field)) };
        }
        const known = new Set(fields);
        return { type, matches: (field) => known.has(field) };
      }
      case 'processing_item_applied':
        return { type, id: this.#text(node, 'processing_item_id') };
      case 'processing_state':
        return this.#state(node);
      default:
        return this.#unknown('field name', type, node);
    }
  }

  /** `rule_conditions`, `rule_cond_op`, `rule_cond_expr`, `rule_cond_not`, and so on. */
  #conditions<C>(node: MapNode, kind: string, read: (one: MapNode) => C): Conditions<C> {
    const given = member(node, `${kind}_conditions`);
    const named = given?.kind === 'map' ? given.entries : undefined;
    if (given?.kind === 'scalar' && given.value !== null)
      this.#refuse('pipeline-invalid', `${kind}_conditions: expected a list, or a mapping of names`, given.span);
    const nodes = named?.map(({ value }) => value) ?? (given?.kind === 'list' ? given.items : []);
    const items = nodes.map((one) =>
      one.kind === 'map'
        ? read(one)
        : this.#refuse('pipeline-invalid', 'expected a condition: a mapping with type', one.span),
    );
    const operator = member(node, `${kind}_cond_op`);
    const word = text(operator) ?? 'and';
    if (word !== 'and' && word !== 'or')
      this.#refuse('pipeline-invalid', `${kind}_cond_op takes and or or`, operator?.span ?? node.span);
    const expression = member(node, `${kind}_cond_expr`);
    return {
      items,
      any: word === 'or',
      negated: this.#flag(node, `${kind}_cond_not`),
      ...(expression === undefined ? {} : { expression: this.#linked(kind, node, expression, named) }),
    };
  }

  /** An expression over the names of conditions. */
  #linked(
    kind: string,
    node: MapNode,
    expression: RuleNode,
    named: readonly { readonly key: string }[] | undefined,
  ): NonNullable<Conditions<unknown>['expression']> {
    const words = text(expression);
    if (words === undefined)
      return this.#refuse('pipeline-invalid', `${kind}_cond_expr: expected text`, expression.span);
    if (member(node, `${kind}_cond_op`) !== undefined)
      this.#refuse('pipeline-invalid', `${kind}_cond_expr and ${kind}_cond_op exclude each other`, expression.span);
    if (named === undefined)
      return this.#refuse(
        'pipeline-invalid',
        `${kind}_cond_expr needs ${kind}_conditions to be a mapping of names`,
        expression.span,
      );
    const names = named.map(({ key }) => key);
    const condition = parseCondition(
      words,
      names,
      spanWithin(words, expression.span),
      ({ severity, message, span }) => {
        if (severity === 'error') this.#say('pipeline-invalid', message, span);
      },
    );
    if (condition === undefined) throw new Refused(words);
    return { condition, names };
  }

  #state(node: MapNode): Extract<RuleCondition, { readonly type: 'processing_state' }> {
    const relation = this.#relation(node);
    if (relation === 'in' || relation === 'not_in')
      return this.#refuse('pipeline-invalid', 'a state has no list to look in', node.span);
    return { type: 'processing_state', key: this.#text(node, 'key'), value: scalarOf(member(node, 'val')), relation };
  }

  #relation(node: MapNode): Relation {
    const given = member(node, 'op');
    const word = text(given) ?? 'eq';
    return (
      relations.find((known) => known === word) ??
      this.#refuse('pipeline-invalid', `op takes one of ${relations.join(', ')}`, given?.span ?? node.span)
    );
  }

  /** A parameter that is not known would be passed over, and the rule mean something else. */
  #onlyKnown(node: MapNode, known: readonly string[]): void {
    for (const { key, keySpan } of node.entries)
      if (!known.includes(key))
        this.#refuse('pipeline-unsupported', `${JSON.stringify(key.slice(0, 60))} is not supported here`, keySpan);
  }

  /** Python's `match`: at the beginning of the text. */
  #expression(expression: string, node: MapNode): (value: string) => boolean {
    const flags = { i: false, m: false, s: false };
    const problem = regexProblem(expression, flags);
    if (problem) return this.#refuse('pipeline-invalid', problem.message, node.span);
    const pattern = compileRegex(`^(?:${expression})`, flags);
    return (value) => pattern.test(value);
  }

  #quantifier(node: MapNode): boolean {
    const given = text(member(node, 'cond')) ?? 'any';
    if (given !== 'any' && given !== 'all') this.#refuse('pipeline-invalid', 'cond takes any or all', node.span);
    return given === 'any';
  }

  #unknown(kind: string, type: string, node: MapNode): never {
    return this.#refuse(
      'pipeline-unsupported',
      `the ${kind} condition ${JSON.stringify(type.slice(0, 60))} is not supported`,
      member(node, 'type')?.span ?? node.span,
    );
  }

  #mapping(node: RuleNode): ReadonlyMap<string, readonly string[]> {
    if (node.kind !== 'map') return this.#refuse('pipeline-invalid', 'expected a mapping', node.span);
    return new Map(node.entries.map(({ key, value }) => [key, this.#texts(value)]));
  }

  #map(node: MapNode, name: string): MapNode | undefined {
    const found = member(node, name);
    if (found === undefined || (found.kind === 'scalar' && found.value === null)) return undefined;
    return found.kind === 'map' ? found : this.#refuse('pipeline-invalid', `${name}: expected a mapping`, found.span);
  }

  #required(node: MapNode, name: string): RuleNode {
    return member(node, name) ?? this.#refuse('pipeline-invalid', `${name} is missing`, node.span);
  }

  #text(node: MapNode, name: string): string {
    const found = this.#required(node, name);
    return text(found) ?? this.#refuse('pipeline-invalid', `${name}: expected text`, found.span);
  }

  #flag(node: MapNode, name: string): boolean {
    const found = member(node, name);
    if (found === undefined) return false;
    return found.kind === 'scalar' && typeof found.value === 'boolean'
      ? found.value
      : this.#refuse('pipeline-invalid', `${name}: expected true or false`, found.span);
  }

  #texts(node: RuleNode): readonly string[] {
    return (node.kind === 'list' ? node.items : [node]).map(
      (item) => text(item) ?? this.#refuse('pipeline-invalid', 'expected text', item.span),
    );
  }

  #scalars(node: RuleNode): readonly RuleScalar[] {
    return (node.kind === 'list' ? node.items : [node]).map((item) =>
      item.kind === 'scalar' ? item.value : this.#refuse('pipeline-invalid', 'expected a value', item.span),
    );
  }

  #try<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (error instanceof Refused) return undefined;
      throw error;
    }
  }

  #refuse(code: PipelineDiagnosticCode, message: string, span: Span): never {
    this.#say(code, message, span);
    throw new Refused(message);
  }

  #say(code: PipelineDiagnosticCode, message: string, span: Span): void {
    this.diagnostics.push({ code, severity: 'error', message, span });
  }

  #warn(message: string, span: Span): void {
    this.diagnostics.push({ code: 'pipeline-unsupported', severity: 'warning', message, span });
  }
}

function member(node: MapNode, name: string): RuleNode | undefined {
  return node.entries.find(({ key }) => key === name)?.value;
}

function text(node: RuleNode | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? node.text : undefined;
}

function scalarOf(node: RuleNode | undefined): RuleScalar {
  return node?.kind === 'scalar' ? node.value : null;
}

function logSourceOf(node: MapNode): { product?: string; category?: string; service?: string } {
  const parts: { product?: string; category?: string; service?: string } = {};
  for (const name of ['product', 'category', 'service'] as const) {
    const value = text(member(node, name));
    if (value !== undefined) parts[name] = value;
  }
  return parts;
}

/** Plain text as it stands in a rule. */
function escaped(plain: string): string {
  return plain.replace(/[\\*?]/g, '\\$&');
}

/** Does a value have a wildcard that is not escaped? */
export function hasWildcard(value: string): boolean {
  return readPattern(value).some(({ kind }) => kind !== 'text');
}
