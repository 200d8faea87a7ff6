import { assertNever } from '../base/invariant.ts';
import { Pool } from './memory.ts';
import type { KernelMemory } from './memory.ts';
import { Nodes } from './nodes.ts';
import { GRAM } from './witness.ts';
import type { Witness } from './witness.ts';

/** As in kernel/witnesses.ts. */
const TABLE_BYTES = 96;
const ENTRY_BYTES = 24;
const BITMAP_BYTES = 8192;
const CACHE_SLOTS = 512;
const CACHE_SLOT_BYTES = 256;
/** Words of a table. */
const PRESENT = 0;
const ODD = 1;
const WHOLE = 2;
const BEGINNING = 4;
const END = 6;
const WITHIN = 8;
const BITMAP = 10;
const CACHE = 11;
const SHORT = 16;
const SHORT_BITMAP = 18;
const NOT_ASCII = 19;
const SINGLE = 20;

/** How common each byte is in the stream; what was not seen counts as rare. */
export type ByteRates = Float64Array;

interface Literal {
  readonly text: string;
  readonly numbers: number[];
}

/** Puts witnesses where the kernel finds them. Witness i has number i. */
export class WitnessTables {
  /** For each node the place of its witnesses, or 0. */
  readonly at: number;
  readonly #memory: KernelMemory;
  readonly #pool: Pool;

  constructor(memory: KernelMemory, nodes: Nodes, witnesses: readonly Witness[], rates: ByteRates) {
    this.#memory = memory;
    this.#pool = new Pool(memory);
    const byNode = new Map<number, number[]>();
    witnesses.forEach(({ path }, number) => {
      const node = path === null ? 0 : nodes.node(path);
      const numbers = byNode.get(node);
      if (numbers) numbers.push(number);
      else byNode.set(node, [number]);
    });
    this.at = this.#take(Nodes.most * 4);
    for (const [node, numbers] of byNode) {
      const table = this.#table(numbers.map((number) => ({ number, witness: witnesses[number] })), rates);
      memory.words[(this.at >> 2) + node] = table;
    }
  }

  release(): void {
    this.#pool.release();
  }

  #take(size: number): number {
    return this.#pool.take(size);
  }

  #table(
    wanted: readonly { readonly number: number; readonly witness: Witness | undefined }[],
    rates: ByteRates,
  ): number {
    const at = this.#take(TABLE_BYTES);
    const word = (index: number, value: number): void => {
      this.#memory.words[(at >> 2) + index] = value;
    };
    const numbersOf = (where: Witness['where']): number[] =>
      wanted.flatMap(({ number, witness }) => (witness?.where === where ? [number] : []));
    const present = numbersOf('present');
    if (present.length > 0) word(PRESENT, this.#list(present));
    const notAscii = numbersOf('not-ascii');
    if (notAscii.length > 0) word(NOT_ASCII, this.#list(notAscii));
    const odd = numbersOf('odd-number');
    if (odd.length > 0) word(ODD, this.#list(odd));
    const single = new Map<number, number[]>();
    for (const { number, witness } of wanted) {
      if (witness?.where !== 'within' || witness.literal.length !== 1) continue;
      const byte = witness.literal.charCodeAt(0);
      const known = single.get(byte);
      if (known) known.push(number);
      else single.set(byte, [number]);
    }
    if (single.size > 0) word(SINGLE, this.#single(single));
    let hasCache = single.size > 0;
    if (hasCache) this.#cache(at);
    for (const [kind, index, bitmapAt] of [
      ['whole', WHOLE, 0],
      ['beginning', BEGINNING, 0],
      ['end', END, 0],
      ['within', WITHIN, BITMAP],
      ['short', SHORT, SHORT_BITMAP],
    ] as const) {
      const literals = new Map<string, Literal>();
      for (const { number, witness } of wanted) {
        if (witness === undefined || kindOf(witness) !== kind) continue;
        const known = literals.get(witness.literal);
        if (known) known.numbers.push(number);
        else literals.set(witness.literal, { text: witness.literal, numbers: [number] });
      }
      if (literals.size === 0) continue;
      const slots = powerOfTwo(literals.size * 2);
      const heads = this.#take(slots * 4);
      word(index, heads);
      word(index + 1, slots - 1);
      const bitmap = bitmapAt === 0 ? 0 : this.#take(BITMAP_BYTES);
      if (bitmapAt !== 0) {
        word(bitmapAt, bitmap);
        if (!hasCache) this.#cache(at);
        hasCache = true;
      }
      for (const literal of literals.values()) this.#entry(kind, literal, heads, slots - 1, bitmap, rates);
    }
    return at;
  }

  #cache(table: number): void {
    const slots = this.#take(CACHE_SLOTS * CACHE_SLOT_BYTES);
    this.#memory.words[(table >> 2) + CACHE] = slots;
    this.#memory.words[(table >> 2) + CACHE + 1] = CACHE_SLOTS - 1;
  }

  /** How many there are, then each byte with its list. */
  #single(byByte: ReadonlyMap<number, readonly number[]>): number {
    const at = this.#take(4 + byByte.size * 8);
    this.#memory.words[at >> 2] = byByte.size;
    let place = (at >> 2) + 1;
    for (const [byte, numbers] of byByte) {
      const list = this.#list(numbers);
      this.#memory.words[place++] = byte;
      this.#memory.words[place++] = list;
    }
    return at;
  }

  #entry(
    kind: Kind,
    { text, numbers }: Literal,
    heads: number,
    mask: number,
    bitmap: number,
    rates: ByteRates,
  ): void {
    const entry = this.#take(ENTRY_BYTES + text.length);
    const literal = entry + ENTRY_BYTES;
    const list = this.#list(numbers);
    const { bytes, words, kernel } = this.#memory;
    for (let i = 0; i < text.length; i++) bytes[literal + i] = text.charCodeAt(i);
    let offset = 0;
    let hash: number;
    let chain: number;
    if (kind === 'short') {
      offset = rarest(text, 2, rates);
      hash = kernel.addPair(bitmap, literal + offset);
      chain = kernel.chainOfPair(hash);
    } else {
      if (kind === 'within') {
        offset = rarest(text, GRAM, rates);
        kernel.addGram(bitmap, literal + offset);
      } else if (kind === 'end') offset = text.length - GRAM;
      hash = kind === 'whole' ? kernel.hashWhole(literal, text.length) : kernel.hashGram(literal + offset);
      chain = hash;
    }
    const slot = (heads >> 2) + (chain & mask);
    const at = entry >> 2;
    words[at] = words[slot] ?? 0;
    words[at + 1] = hash;
    words[at + 2] = literal;
    words[at + 3] = text.length;
    words[at + 4] = offset;
    words[at + 5] = list;
    words[slot] = entry;
  }

  #list(numbers: readonly number[]): number {
    const at = this.#take(4 + numbers.length * 4);
    this.#memory.words[at >> 2] = numbers.length;
    numbers.forEach((number, i) => {
      this.#memory.words[(at >> 2) + 1 + i] = number;
    });
    return at;
  }
}

type Kind = 'whole' | 'beginning' | 'end' | 'within' | 'short';

function kindOf({ where, literal }: Witness): Kind | undefined {
  switch (where) {
    case 'present':
    case 'odd-number':
    case 'not-ascii':
      return undefined;
    case 'within':
      return literal.length === 1 ? undefined : literal.length < GRAM ? 'short' : 'within';
    case 'whole':
    case 'beginning':
    case 'end':
      return where;
    default:
      return assertNever(where);
  }
}

/** Where in the literal the `size` bytes begin that are least common together. */
function rarest(text: string, size: number, rates: ByteRates): number {
  let best = 0;
  let least = Infinity;
  for (let at = 0; at + size <= text.length; at++) {
    let rate = 1;
    for (let i = at; i < at + size; i++) rate *= (rates[text.charCodeAt(i)] ?? 0) + 0.001;
    if (rate < least) {
      least = rate;
      best = at;
    }
  }
  return best;
}

function powerOfTwo(least: number): number {
  let size = 4;
  while (size < least) size *= 2;
  return size;
}
