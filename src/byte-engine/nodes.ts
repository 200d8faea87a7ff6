import { invariant } from '../base/invariant.ts';
import type { KernelMemory } from './memory.ts';

/** Nodes that a kernel knows. A token's node has 16 bits; far fewer are ever asked for. */
const MOST_NODES = 4096;
const ROOT = 1;
const TABLE_ENTRIES = 16_384;
const ENTRY_BYTES = 32;
/** Of the table's entries, those that keys which lead somewhere may take. */
const MOST_KEYS = 8192;
const NEGATIVE_SLOTS = 4096;
const SLOT_BYTES = 64;
const DEEPEST = 104;
/** Paths of more parts are only found where every dot is a step, or none is. */
const MOST_JOINED_PARTS = 8;

/**
 * The places in records that somebody asks for, by dotted path. Each has a number, its node; the kernel finds the node
 * of a key by the node of its object. A dot may be a step into an object or part of a key.
 */
export class Nodes {
  readonly #memory: KernelMemory;
  readonly #byPath = new Map<string, number>();
  readonly #keys = new Map<string, { readonly parent: number; readonly key: string; readonly child: number }>();
  readonly #seen: number;
  readonly #stack: number;
  readonly #index: number;
  #table: number;
  #negative: number;
  #isNew = true;
  #keyTexts: number[] = [];

  constructor(memory: KernelMemory) {
    this.#memory = memory;
    this.#seen = memory.take(MOST_NODES * 4);
    this.#stack = memory.take((DEEPEST + 2) * 8);
    this.#index = memory.take(memory.kernel.indexBytes() + ENTRY_BYTES);
    this.#table = memory.take(TABLE_ENTRIES * ENTRY_BYTES);
    this.#negative = memory.take(NEGATIVE_SLOTS * SLOT_BYTES);
  }

  static get most(): number {
    return MOST_NODES;
  }

  /** The node of a path, made where it is new; 0 where there is no room, or no key can be written that way. */
  node(path: string): number {
    const known = this.#byPath.get(path);
    if (known !== undefined) return known;
    if (/["\\\u0000-\u001f\u007f-\uffff]/.test(path) || path.length > 512) return 0;
    const parts = path.split('.');
    // Nothing stands for the record itself, and none but it is without a name.
    if (parts.includes('')) return 0;
    if (this.#byPath.size + parts.length > MOST_NODES - ROOT - 2 || this.#keys.size + 64 > MOST_KEYS) return 0;
    this.#isNew = true;
    if (parts.length > MOST_JOINED_PARTS) {
      let parent = ROOT;
      parts.forEach((part, i) => (parent = this.#link(parent, part, parts.slice(0, i + 1).join('.'))));
      this.#link(ROOT, path, path);
    } else {
      for (let from = 0; from < parts.length; from++) {
        const parent = from === 0 ? ROOT : this.#make(parts.slice(0, from).join('.'));
        for (let to = from + 1; to <= parts.length; to++)
          this.#link(parent, parts.slice(from, to).join('.'), parts.slice(0, to).join('.'));
      }
    }
    return this.#byPath.get(path) ?? 0;
  }

  #make(path: string): number {
    let node = this.#byPath.get(path);
    if (node === undefined) this.#byPath.set(path, (node = this.#byPath.size + ROOT + 1));
    return node;
  }

  #link(parent: number, key: string, path: string): number {
    const child = this.#make(path);
    const place = `${parent}\n${key}`;
    const known = this.#keys.get(place);
    invariant(known === undefined || known.child === child, `two paths for the key ${JSON.stringify(key)}`);
    this.#keys.set(place, { parent, key, child });
    return child;
  }

  /** Tells the kernel of what is new. Call before lines are read. */
  settle(): void {
    const { kernel } = this.#memory;
    if (!this.#isNew && kernel.keyBytesLeft() > 0) return;
    this.#isNew = false;
    for (const at of this.#keyTexts) this.#memory.release(at);
    this.#memory.bytes.fill(0, this.#table, this.#table + TABLE_ENTRIES * ENTRY_BYTES);
    kernel.setKeys(
      this.#table,
      TABLE_ENTRIES - 1,
      this.#negative,
      this.#negative + NEGATIVE_SLOTS * SLOT_BYTES,
      this.#seen,
      this.#stack,
      this.#index,
    );
    let size = 0;
    for (const { key } of this.#keys.values()) size += key.length + 16;
    let at = this.#memory.take(size);
    this.#keyTexts = [at];
    for (const { parent, key, child } of this.#keys.values()) {
      for (let i = 0; i < key.length; i++) this.#memory.bytes[at + i] = key.charCodeAt(i);
      kernel.addKey(parent, at, key.length, child);
      at += key.length + 16;
    }
  }
}
