import { Cursor, EvtxError } from './cursor.ts';
import type { RawValue } from './values.ts';
import { BINXML_TYPE } from './values.ts';

/** A piece of a template or of a record without one. MS-EVEN6, "BinXml". */
export type Node =
  | {
      readonly kind: 'element';
      readonly name: string;
      readonly attributes: readonly Attribute[];
      readonly children: readonly Node[];
    }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly value: RawValue }
  | { readonly kind: 'slot'; readonly index: number; readonly isOptional: boolean }
  | { readonly kind: 'instance'; readonly template: readonly Node[]; readonly values: readonly RawValue[] };

export interface Attribute {
  readonly name: string;
  readonly value: readonly Node[];
}

const DEEPEST = 32;
/** Values of one template instance. */
const MOST_VALUES = 4096;
const LONGEST_NAME = 1024;
/** Nodes that one chunk's templates and fragments may come to. */
const MOST_NODES = 500_000;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Parses fragments of one chunk; templates are parsed once, where they are first used. */
export class BinXml {
  readonly #view: DataView;
  readonly #templates = new Map<number, readonly Node[]>();
  #nodes = 0;

  constructor(view: DataView) {
    this.#view = view;
  }

  /** The nodes of the fragment at `start`. Throws `EvtxError`. */
  fragment(start: number, end: number, depth = 0): readonly Node[] {
    return this.#content(new Cursor(this.#view, start, end), depth);
  }

  /** Nodes up to the end of the element or of the fragment. */
  #content(cursor: Cursor, depth: number): readonly Node[] {
    if (depth > DEEPEST) throw new EvtxError(`nested more than ${DEEPEST} deep`, cursor.at);
    const nodes: Node[] = [];
    while (cursor.left > 0) {
      const { at } = cursor;
      const token = cursor.u8();
      switch (token & 0x3f) {
        case 0x00:
        case 0x04:
          return nodes;
        case 0x01:
          nodes.push(this.#element(cursor, (token & 0x40) !== 0, depth));
          break;
        case 0x0a:
          this.#name(cursor);
          break;
        case 0x0b:
          cursor.utf16(cursor.u16());
          break;
        case 0x0c:
          nodes.push(this.#instance(cursor, depth));
          break;
        case 0x0f:
          cursor.take(3);
          break;
        default: {
          const node = this.#inline(cursor, token & 0x3f, at);
          nodes.push(node);
        }
      }
      if (++this.#nodes > MOST_NODES) throw new EvtxError('more values than a chunk can hold', at);
    }
    return nodes;
  }

  #element(cursor: Cursor, hasAttributes: boolean, depth: number): Node {
    cursor.take(2 + 4);
    const name = this.#name(cursor);
    if (hasAttributes) cursor.take(4);
    const attributes: Attribute[] = [];
    let current: { name: string; value: Node[] } | undefined;
    for (;;) {
      const { at } = cursor;
      const token = cursor.u8() & 0x3f;
      if (++this.#nodes > MOST_NODES) throw new EvtxError('more values than a chunk can hold', at);
      if (token === 0x02) return { kind: 'element', name, attributes, children: this.#content(cursor, depth + 1) };
      if (token === 0x03) return { kind: 'element', name, attributes, children: [] };
      if (token === 0x06) {
        current = { name: this.#name(cursor), value: [] };
        attributes.push(current);
      } else if (current === undefined) {
        throw new EvtxError(`token 0x${token.toString(16)} in a start tag`, at);
      } else {
        current.value.push(this.#inline(cursor, token, at));
      }
    }
  }

  /** What may stand in an attribute and in an element alike. */
  #inline(cursor: Cursor, token: number, at: number): Node {
    switch (token) {
      case 0x05: {
        const type = cursor.u8();
        const size = 2 * cursor.u16();
        return { kind: 'value', value: { view: this.#view, at: cursor.take(size), size, type } };
      }
      case 0x07:
        return { kind: 'text', text: cursor.utf16(cursor.u16()) };
      case 0x08:
        return { kind: 'text', text: String.fromCharCode(cursor.u16()) };
      case 0x09: {
        const name = this.#name(cursor);
        return { kind: 'text', text: Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? '') : `&${name};` };
      }
      case 0x0d:
      case 0x0e: {
        const index = cursor.u16();
        cursor.take(1);
        return { kind: 'slot', index, isOptional: token === 0x0e };
      }
      default:
        throw new EvtxError(`the unknown token 0x${token.toString(16)}`, at);
    }
  }

  /** A name stands where its offset says; the first use has it in place. */
  #name(cursor: Cursor): string {
    const offset = cursor.u32();
    const isHere = offset === cursor.at;
    const reader = isHere ? cursor : new Cursor(this.#view, offset, this.#view.byteLength);
    reader.take(4 + 2);
    const length = reader.u16();
    if (length > LONGEST_NAME) throw new EvtxError(`a name of ${length} characters`, offset);
    const name = reader.utf16(length);
    reader.take(2);
    return name;
  }

  #instance(cursor: Cursor, depth: number): Node {
    cursor.take(1 + 4);
    const offset = cursor.u32();
    const isHere = offset === cursor.at;
    const header = new Cursor(this.#view, offset, this.#view.byteLength);
    header.take(4 + 16);
    const size = header.u32();
    const start = header.take(size);
    if (isHere) cursor.take(24 + size);
    let template = this.#templates.get(offset);
    if (template === undefined) {
      template = this.fragment(start, start + size, depth + 1);
      this.#templates.set(offset, template);
    }
    const count = cursor.u32();
    if (count > MOST_VALUES) throw new EvtxError(`${count} values in one record`, cursor.at);
    const types = Array.from({ length: count }, () => {
      const length = cursor.u16();
      const type = cursor.u8();
      cursor.take(1);
      return { length, type };
    });
    const values = types.map(({ length, type }) => ({ view: this.#view, at: cursor.take(length), size: length, type }));
    return { kind: 'instance', template, values };
  }

  /** The nodes of a value that is itself a fragment. */
  inner({ at, size, type }: RawValue, depth: number): readonly Node[] | undefined {
    return type === BINXML_TYPE ? this.fragment(at, at + size, depth) : undefined;
  }
}
