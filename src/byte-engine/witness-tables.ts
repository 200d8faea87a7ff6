import { Pool } from './memory.ts';
import type { KernelMemory } from './memory.ts';
import { Nodes } from './nodes.ts';
import type { Witness } from './witness.ts';

/** As in kernel/witnesses.ts. */
const TABLE_BYTES = 64;
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
    const odd = numbersOf('odd-number');
    if (odd.length > 0) word(ODD, this.#list(odd));
    for (const [where, index] of [
      ['whole', WHOLE],
      ['beginning', BEGINNING],
      ['end', END],
      ['within', WITHIN],
    ] as const) {
      const literals = new Map<string, Literal>();
      for (const { number, witness } of wanted) {
        if (witness?.where !== where) continue;
        const known = literals.get(witness.literal);
        if (known) known.numbers.push(number);
        else literals.set(witness.literal, { text: witness.literal, numbers: [number] });
      }
      if (literals.size === 0) continue;
      const slots = powerOfTwo(literals.size * 2);
      const heads = this.#take(slots * 4);
      word(index, heads);
      word(index + 1, slots - 1);
      const bitmap = where === 'within' ? this.#take(BITMAP_BYTES) : 0;
      if (where === 'within') {
        word(BITMAP, bitmap);
        word(CACHE, this.#take(CACHE_SLOTS * CACHE_SLOT_BYTES));
        word(CACHE + 1, CACHE_SLOTS - 1);
      }
      for (const literal of literals.values()) this.#entry(where, literal, heads, slots - 1, bitmap, rates);
    }
    return at;
  }

  #entry(
    where: 'whole' | 'beginning' | 'end' | 'within',
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
    const offset = where === 'within' ? rarestGram(text, rates) : where === 'end' ? text.length - 4 : 0;
    const hash = (where === 'whole' ? kernel.hashWhole(literal, text.length) : kernel.hashGram(literal + offset)) >>> 0;
    const slot = (heads >> 2) + (hash & mask);
    const at = entry >> 2;
    words[at] = words[slot] ?? 0;
    words[at + 1] = hash;
    words[at + 2] = literal;
    words[at + 3] = text.length;
    words[at + 4] = offset;
    words[at + 5] = list;
    words[slot] = entry;
    if (where === 'within') kernel.addGram(bitmap, literal + offset);
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

/** Where in the literal the four bytes begin that are least common together. */
function rarestGram(text: string, rates: ByteRates): number {
  let best = 0;
  let least = Infinity;
  for (let at = 0; at + 4 <= text.length; at++) {
    let rate = 1;
    for (let i = at; i < at + 4; i++) rate *= (rates[text.charCodeAt(i)] ?? 0) + 0.001;
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
