import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Alias, Node, Pair, Scalar as YamlScalar } from 'yaml';

import type { Source, Span } from '../base/source.ts';
import type { SigmaDiagnosticCode } from './diagnostic-codes.ts';
import type { RuleScalar } from './field-test.ts';
import type { DocumentText } from './yaml-documents.ts';

/** A YAML node as rules use it: aliases and merge keys followed, keys are text. */
export type RuleNode =
  | ScalarNode
  | { readonly kind: 'list'; readonly items: readonly RuleNode[]; readonly span: Span }
  | MapNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: RuleScalar;
  /** As written: `1.0` and `0x10` keep theirs. */
  readonly text: string;
  readonly span: Span;
}

export interface MapNode {
  readonly kind: 'map';
  /** No key twice. */
  readonly entries: readonly RuleEntry[];
  readonly span: Span;
}

export interface RuleEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: RuleNode;
}

export type Report = (code: SigmaDiagnosticCode, message: string, span: Span) => void;

/** A document is one rule, written by a person; the largest of SigmaHQ has 40,000 characters. */
const LONGEST_DOCUMENT = 4 * 1024 * 1024;
const DEEPEST = 64;
/** Nodes that one document may come to, aliases followed. */
const MOST_NODES = 200_000;

/** A stop on the way through a document; the reason has been reported. */
class Stop extends Error {}

/**
 * Reads one document: its root, `null` where it is empty, or `undefined` where something is wrong with it, all of which
 * is reported. Total, and bounded in time and memory by the length of the document, whatever it holds.
 */
export function readDocument(
  { text, offset }: DocumentText,
  source: Source,
  report: Report,
): RuleNode | null | undefined {
  const whole: Span = { source, start: offset, end: Math.min(offset + text.length, offset + 3) };
  if (text.length > LONGEST_DOCUMENT) {
    report(
      'document-too-large',
      `the document has ${text.length} characters; expected at most ${LONGEST_DOCUMENT}`,
      whole,
    );
    return undefined;
  }
  const tooDeep = deepFlow(text);
  if (tooDeep !== undefined) {
    const span = { source, start: offset + tooDeep, end: offset + tooDeep + 1 };
    report('selection-too-deep', `the document is nested more than ${DEEPEST} deep`, span);
    return undefined;
  }
  // The library's own check for repeated keys looks at every pair of keys; `ReadNodes` does it once for each.
  const document = parseDocument<Node>(text, {
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    version: '1.2',
    intAsBigInt: true,
  });
  let failed = false;
  for (const { message, pos } of [...document.errors, ...document.warnings]) {
    failed = true;
    const [firstLine = message] = message.split('\n');
    report('yaml-invalid', firstLine, { source, start: offset + pos[0], end: offset + Math.max(pos[1], pos[0] + 1) });
  }
  if (failed) return undefined;
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) return null;
  return new ReadNodes(source, offset, whole, report).read(root);
}

/**
 * Where brackets nest deeper than any rule needs, if they do: the parser recurses. Brackets in strings count too, so the
 * bound is far above `DEEPEST`, which is judged on the nodes.
 */
function deepFlow(text: string): number | undefined {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x5b || unit === 0x7b) {
      if (++depth > 1000) return i;
    } else if ((unit === 0x5d || unit === 0x7d) && depth > 0) {
      depth--;
    }
  }
  return undefined;
}

class ReadNodes {
  readonly #source: Source;
  readonly #offset: number;
  readonly #whole: Span;
  readonly #report: Report;
  /** What each alias stands for: the node that last had its anchor. */
  readonly #targets = new Map<Alias, Node>();
  #count = 0;
  #failed = false;

  constructor(source: Source, offset: number, whole: Span, report: Report) {
    this.#source = source;
    this.#offset = offset;
    this.#whole = whole;
    this.#report = report;
  }

  read(root: Node): RuleNode | undefined {
    try {
      this.#resolve(root, new Map(), 0);
      const node = this.#node(root, this.#whole, 0);
      return this.#failed ? undefined : node;
    } catch (error) {
      if (error instanceof Stop) return undefined;
      throw error;
    }
  }

  /** In the order of the document, because an anchor may be given again. */
  #resolve(node: unknown, anchors: Map<string, Node>, depth: number): void {
    if (depth > DEEPEST) this.#stop(`the document is nested more than ${DEEPEST} deep`);
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target) this.#targets.set(node, target);
      return;
    }
    if (isScalar(node) || isMap(node) || isSeq(node)) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    }
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        this.#resolve(key, anchors, depth + 1);
        this.#resolve(value, anchors, depth + 1);
      }
    } else if (isSeq(node)) {
      for (const item of node.items) this.#resolve(item, anchors, depth + 1);
    }
  }

  #node(node: unknown, fallback: Span, depth: number): RuleNode {
    if (depth > DEEPEST)
      this.#stop(`the document is nested more than ${DEEPEST} deep, or an alias is inside of what it stands for`);
    if (++this.#count > MOST_NODES)
      this.#stop(`the document comes to more than ${MOST_NODES} values, aliases followed`);
    const span = this.#spanOf(node, fallback);
    if (isAlias(node)) {
      const target = this.#targets.get(node);
      if (target) return this.#node(target, span, depth + 1);
      this.#say(`nothing has the anchor of *${node.source}`, span);
    } else if (isMap(node)) {
      return this.#map(node.items, span, depth);
    } else if (isSeq(node)) {
      return { kind: 'list', span, items: node.items.map((item) => this.#node(item, span, depth + 1)) };
    } else if (isScalar(node)) {
      return scalar(node, span);
    }
    return { kind: 'scalar', value: null, text: '', span };
  }

  #map(pairs: readonly Pair[], span: Span, depth: number): MapNode {
    const entries = new Map<string, RuleEntry>();
    const merged: RuleEntry[] = [];
    for (const pair of pairs) {
      const keySpan = this.#spanOf(pair.key, span);
      const key = isAlias(pair.key) ? this.#targets.get(pair.key) : pair.key;
      const name = isScalar(key) ? scalar(key, keySpan).text : undefined;
      const value = this.#node(pair.value, keySpan, depth + 1);
      if (name === undefined) this.#say('a key that is a list or a mapping; expected text', keySpan);
      else if (name === '<<') for (const entry of this.#merge(value)) merged.push(entry);
      else if (entries.has(name)) this.#say(`the key ${JSON.stringify(name)} stands there twice`, keySpan);
      else entries.set(name, { key: name, keySpan, value });
    }
    // YAML 1.1's merge key, which rules written for PyYAML use: what the mapping says itself goes first.
    for (const entry of merged) if (!entries.has(entry.key)) entries.set(entry.key, entry);
    return { kind: 'map', span, entries: [...entries.values()] };
  }

  #merge(value: RuleNode): readonly RuleEntry[] {
    if (value.kind === 'map') return value.entries;
    if (value.kind === 'list' && value.items.every((item) => item.kind === 'map')) {
      return value.items.flatMap((item) => (item.kind === 'map' ? item.entries : []));
    }
    this.#say('<< takes a mapping, or a list of mappings', value.span);
    return [];
  }

  #spanOf(node: unknown, fallback: Span): Span {
    const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined;
    if (!range) return fallback;
    return {
      source: this.#source,
      start: this.#offset + range[0],
      end: this.#offset + Math.max(range[1], range[0] + 1),
    };
  }

  #say(message: string, span: Span): void {
    this.#failed = true;
    this.#report('yaml-invalid', message, span);
  }

  #stop(message: string): never {
    this.#report('selection-too-deep', message, this.#whole);
    throw new Stop(message);
  }
}

function scalar(node: YamlScalar, span: Span): ScalarNode {
  const { value } = node;
  if (value === null || value === undefined) return { kind: 'scalar', value: null, text: '', span };
  if (typeof value === 'string') return { kind: 'scalar', value, text: value, span };
  if (typeof value === 'bigint') {
    const number = Number(value);
    return {
      kind: 'scalar',
      value: Number.isSafeInteger(number) ? number : value,
      text: node.source ?? String(value),
      span,
    };
  }
  if (typeof value === 'number' || typeof value === 'boolean')
    return { kind: 'scalar', value, text: node.source ?? String(value), span };
  // YAML's core schema has no other scalars.
  return { kind: 'scalar', value: node.source ?? '', text: node.source ?? '', span };
}
