import type { Source, Span } from '../base/source.ts';
import { RuleActions } from '../sigma/actions.ts';
import type { RuleDocuments } from '../sigma/read-documents.ts';
import type { Condition, SigmaRule } from '../sigma/rule.ts';
import type { MapNode, RuleEntry, RuleNode, ScalarNode } from '../sigma/yaml-reader.ts';

/** One document of a rule file, as checks see it. */
export interface LintDocument {
  readonly source: Source;
  readonly kind: 'detection' | 'correlation' | 'filter';
  /** What the document says, with what it takes from others under `action`. */
  readonly root: MapNode;
  /** Where to point for what is missing: the first key. */
  readonly start: Span;
  /** Anchors, aliases or actions: one text stands for several things, so that no edit is safe. */
  readonly shared: boolean;
  /** The rule, if it is a detection without an error. */
  readonly rule?: SigmaRule;
}

/** An anchor stands at the start of a value. */
const ANCHOR = /(?:^|[\s,[{])&[^\s,[\]{}&]/;

/** The documents of a file that are mappings; what is wrong with others is reported by `parseRules`. */
export function readLintDocuments(
  source: Source,
  { documents }: RuleDocuments,
  rules: readonly SigmaRule[],
): readonly LintDocument[] {
  const byStart = new Map(rules.map((rule) => [rule.span.start, rule]));
  const actions = new RuleActions(() => {});
  const found: LintDocument[] = [];
  let usesActions = false;
  for (const { root: own, text } of documents) {
    if (own === undefined) continue;
    usesActions ||= entryOf(own, 'action') !== undefined;
    const root = actions.apply(own);
    if (root === undefined) continue;
    const rule = byStart.get(root.span.start);
    const first = own.entries[0];
    found.push({
      source,
      root,
      kind: entryOf(root, 'correlation') ? 'correlation' : entryOf(root, 'filter') ? 'filter' : 'detection',
      start: first?.keySpan ?? { ...root.span, end: root.span.start + 1 },
      shared: usesActions || ANCHOR.test(text),
      ...(rule === undefined ? {} : { rule }),
    });
  }
  return found;
}

export function entryOf(map: MapNode, key: string): RuleEntry | undefined {
  return map.entries.find((entry) => entry.key === key);
}

/** The entry of a mapping inside of the document: `mapAt(root, 'correlation')`. */
export function mapAt(map: MapNode, key: string): MapNode | undefined {
  const value = entryOf(map, key)?.value;
  return value?.kind === 'map' ? value : undefined;
}

/** The text at a key of the document's top, if it is a scalar that is not null. */
export function textAt(map: MapNode, key: string): ScalarNode | undefined {
  const value = entryOf(map, key)?.value;
  return value?.kind === 'scalar' && value.value !== null ? value : undefined;
}

/** The scalars of a list; a single scalar counts as a list of one, null as none. */
export function scalarsAt(map: MapNode, key: string): readonly ScalarNode[] {
  const value = entryOf(map, key)?.value;
  return value === undefined ? [] : scalarsOf(value);
}

export function scalarsOf(node: RuleNode): readonly ScalarNode[] {
  const items = node.kind === 'list' ? node.items : [node];
  return items.filter((item): item is ScalarNode => item.kind === 'scalar' && item.value !== null);
}

/** As it stands in the file, quotes included. */
export function rawText({ source, start, end }: Span): string {
  return source.text.slice(start, end);
}

/** One entry of a search identifier: a field with its modifiers, and its values. */
export interface FieldItem {
  readonly entry: RuleEntry;
  readonly field: string;
  readonly modifiers: readonly string[];
  readonly values: readonly ScalarNode[];
}

function fieldItem(entry: RuleEntry): FieldItem {
  const [field = '', ...modifiers] = entry.key.split('|');
  return { entry, field, modifiers, values: scalarsOf(entry.value) };
}

/** Every field of a document's detection, in order. */
export function fieldItems({ root, kind }: LintDocument): readonly FieldItem[] {
  const found: FieldItem[] = [];
  const walk = (node: RuleNode): void => {
    if (node.kind === 'list') for (const item of node.items) walk(item);
    if (node.kind !== 'map') return;
    found.push(...node.entries.map(fieldItem));
  };
  for (const { key, value } of mapAt(root, kind === 'filter' ? 'filter' : 'detection')?.entries ?? [])
    if (key !== 'condition' && key !== 'timeframe' && key !== 'rules') walk(value);
  return found;
}

/**
 * Fields that an event must have together for the condition to hold, one group for each way that is plain: those of each
 * identifier by itself, and of all that `and` and `all of` join. What `not` turns round asks for nothing.
 */
export function requiredTogether(document: LintDocument, condition: Condition): readonly (readonly FieldItem[])[] {
  const detection = mapAt(document.root, document.kind === 'filter' ? 'filter' : 'detection');
  const itemsOf = (name: string): readonly FieldItem[][] => {
    const node = detection && entryOf(detection, name)?.value;
    const maps = node?.kind === 'list' ? node.items : node === undefined ? [] : [node];
    return maps.map((map) => (map.kind === 'map' ? map.entries.map(fieldItem) : []));
  };
  // A list of mappings is one of them; only a single one is asked for for certain.
  const certain = (name: string): readonly FieldItem[] => {
    const [only, ...others] = itemsOf(name);
    return others.length === 0 ? (only ?? []) : [];
  };
  switch (condition.kind) {
    case 'not':
      return [];
    case 'identifier':
      return itemsOf(condition.name);
    case 'of':
      return condition.atLeast === null ? [condition.names.flatMap(certain)] : condition.names.flatMap(itemsOf);
    case 'or':
      return condition.items.flatMap((item) => requiredTogether(document, item));
    case 'and': {
      const groups = condition.items.map((item) => requiredTogether(document, item));
      const joined = groups.flatMap((group) => (group.length === 1 ? (group[0] ?? []) : []));
      return [joined, ...groups.filter((group) => group.length > 1).flat()];
    }
  }
}

/** The items of a list that stand there a second time. */
export function* repeatedItems(
  root: MapNode,
  key: string,
): Generator<{ readonly list: RuleNode & { readonly kind: 'list' }; readonly at: number; readonly item: ScalarNode }> {
  const list = entryOf(root, key)?.value;
  if (list?.kind !== 'list') return;
  const seen = new Set<string>();
  for (const [at, item] of list.items.entries()) {
    if (item.kind !== 'scalar') continue;
    if (seen.has(item.text)) yield { list, at, item };
    seen.add(item.text);
  }
}

/** The search identifiers that a condition names. */
export function usedNames(condition: Condition): ReadonlySet<string> {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return new Set(condition.items.flatMap((item) => [...usedNames(item)]));
    case 'not':
      return usedNames(condition.item);
    case 'identifier':
      return new Set([condition.name]);
    case 'of':
      return new Set(condition.names);
  }
}

/** Is this a rule for the audit log of the Kubernetes API server? */
export function kubernetesAudit({ root }: LintDocument): boolean {
  const source = mapAt(root, 'logsource');
  return source !== undefined && textAt(source, 'product')?.text.toLowerCase() === 'kubernetes';
}
