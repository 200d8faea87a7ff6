import type { Json, JsonObject } from '../event/json.ts';
import type { Attribute, BinXml, Node } from './binxml.ts';
import { EvtxError } from './cursor.ts';
import { NULL_TYPE, readValue } from './values.ts';
import type { RawValue } from './values.ts';

const DEEPEST = 32;
/** Elements and values that one record may come to, all slots filled. */
const MOST_RENDERED = 50_000;

/** Fills a record's slots and makes JSON of it: `{"Event": {"#attributes": …, "System": …, "EventData": …}}`. */
export class Renderer {
  readonly #binXml: BinXml;
  #left = MOST_RENDERED;

  constructor(binXml: BinXml) {
    this.#binXml = binXml;
  }

  record(nodes: readonly Node[]): JsonObject {
    const into = new Map<string, Json>();
    this.#content(nodes, [], into, [], 0);
    return Object.fromEntries(into);
  }

  /** Children that are elements go into `into` under their names, values and text onto `texts`. */
  #content(
    nodes: readonly Node[],
    slots: readonly RawValue[],
    into: Map<string, Json>,
    texts: Json[],
    depth: number,
  ): void {
    if (depth > DEEPEST) throw new EvtxError(`nested more than ${DEEPEST} deep`, 0);
    for (const node of nodes) {
      if (--this.#left < 0) throw new EvtxError(`more than ${MOST_RENDERED} values in one record`, 0);
      switch (node.kind) {
        case 'text':
          texts.push(node.text);
          break;
        case 'value':
          texts.push(readValue(node.value));
          break;
        case 'instance':
          this.#content(node.template, node.values, into, texts, depth + 1);
          break;
        case 'slot': {
          const value = slots[node.index];
          if (value === undefined || (value.type === NULL_TYPE && node.isOptional)) break;
          const inner = this.#binXml.inner(value, depth + 1);
          if (inner) this.#content(inner, [], into, texts, depth + 1);
          else texts.push(readValue(value));
          break;
        }
        case 'element':
          this.#element(node, slots, into, depth);
          break;
      }
    }
  }

  #element(
    { name, attributes, children }: Extract<Node, { kind: 'element' }>,
    slots: readonly RawValue[],
    into: Map<string, Json>,
    depth: number,
  ): void {
    const own = this.#attributes(attributes, slots);
    const inner = new Map<string, Json>();
    const texts: Json[] = [];
    this.#content(children, slots, inner, texts, depth + 1);
    const text = joined(texts);
    const dataName = own.get('Name');
    // `<Data Name="CommandLine">…</Data>` is the field CommandLine.
    if (name === 'Data' && typeof dataName === 'string' && inner.size === 0) {
      add(into, dataName, text ?? '');
      return;
    }
    if (own.size === 0 && inner.size === 0) {
      add(into, name, text ?? null);
      return;
    }
    const value = new Map<string, Json>();
    if (own.size > 0) value.set('#attributes', Object.fromEntries(own));
    if (text !== undefined) value.set('#text', text);
    for (const [key, child] of inner) add(value, key, child);
    add(into, name, Object.fromEntries(value));
  }

  #attributes(attributes: readonly Attribute[], slots: readonly RawValue[]): Map<string, Json> {
    const found = new Map<string, Json>();
    for (const { name, value } of attributes) {
      const texts: Json[] = [];
      this.#content(value, slots, new Map(), texts, 0);
      const text = joined(texts);
      if (text !== undefined) found.set(name, text);
    }
    return found;
  }
}

/** One value stays what it is; several are one text. */
function joined(values: readonly Json[]): Json | undefined {
  if (values.length <= 1) return values[0];
  return values
    .map((value) => (value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)))
    .join('');
}

/** Elements of the same name become a list. */
function add(into: Map<string, Json>, name: string, value: Json): void {
  const before = into.get(name);
  if (before === undefined && !into.has(name)) into.set(name, value);
  else into.set(name, [...(Array.isArray(before) ? before : [before ?? null]), value]);
}
