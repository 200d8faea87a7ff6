import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Document, Node, Pair, Scalar as YamlScalar, YAMLMap, YAMLSeq } from 'yaml';

import type { Source, Span } from '../base/source.ts';
import type { RuleScalar } from './modifiers.ts';

/** A YAML node as rules use it: aliases followed, everything else refused. */
export type RuleNode =
  | { readonly kind: 'scalar'; readonly value: RuleScalar; readonly text: string; readonly span: Span; readonly plainSource: boolean }
  | { readonly kind: 'list'; readonly items: readonly RuleNode[]; readonly span: Span }
  | { readonly kind: 'map'; readonly entries: readonly RuleEntry[]; readonly span: Span };

export interface RuleEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: RuleNode;
}

export class TooDeep extends Error {}

const DEEPEST = 64;
/** Nodes that one document may come to, aliases followed; and aliases followed, each of which costs a search. */
const MOST_NODES = 500_000;
const MOST_ALIASES = 1_000;

/** Turns one document's nodes into rule nodes. Throws `TooDeep` where nesting or aliases pass their bounds. */
export function readNode(root: Node | null, document: Document, source: Source): RuleNode {
  let count = 0;
  let aliases = 0;
  const spanOf = (node: { range?: readonly number[] | null } | null | undefined, fallback: Span): Span => {
    const range = node?.range;
    return range ? { source, start: range[0] ?? 0, end: Math.max(range[1] ?? 0, (range[0] ?? 0) + 1) } : fallback;
  };
  const read = (node: unknown, depth: number, fallback: Span): RuleNode => {
    if (depth > DEEPEST || ++count > MOST_NODES) throw new TooDeep();
    if (isAlias(node)) {
      if (++aliases > MOST_ALIASES) throw new TooDeep();
      return read(node.resolve(document), depth + 1, spanOf(node, fallback));
    }
    if (isMap(node)) {
      const map: YAMLMap = node;
      const span = spanOf(map, fallback);
      return { kind: 'map', span, entries: map.items.map((pair: Pair) => entry(pair, depth, span)) };
    }
    if (isSeq(node)) {
      const list: YAMLSeq = node;
      const span = spanOf(list, fallback);
      return { kind: 'list', span, items: list.items.map((item) => read(item, depth + 1, span)) };
    }
    if (isScalar(node)) return scalar(node, spanOf(node, fallback));
    return { kind: 'scalar', value: null, text: '', span: fallback, plainSource: false };
  };
  const entry = (pair: Pair, depth: number, fallback: Span): RuleEntry => {
    const key = isScalar(pair.key) ? pair.key : undefined;
    const keySpan = key ? spanOf(key, fallback) : fallback;
    return { key: key ? scalar(key, keySpan).text : '', keySpan, value: read(pair.value, depth + 1, keySpan) };
  };
  return read(root, 0, { source, start: 0, end: 0 });
}

/** The value, and its text as written: `1.0` and `0x10` keep theirs. */
function scalar(node: YamlScalar, span: Span): RuleNode & { readonly kind: 'scalar' } {
  const { value } = node;
  const plainSource = node.type === 'PLAIN' || node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE';
  if (value === null || value === undefined) return { kind: 'scalar', value: null, text: '', span, plainSource };
  if (typeof value === 'string') return { kind: 'scalar', value, text: value, span, plainSource };
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') {
    return { kind: 'scalar', value, text: node.source ?? String(value), span, plainSource };
  }
  return { kind: 'scalar', value: String(value), text: node.source ?? String(value), span, plainSource };
}
