import { assertNever } from '../base/invariant.ts';
import { Pool } from './memory.ts';
import type { KernelMemory } from './memory.ts';
import { Nodes } from './nodes.ts';
import { GRAM } from './witness.ts';
import type { Witness } from './witness.ts';

/** As in kernel/witnesses.ts: bytes of a table and of an entry, words of a table. */
const TABLE_BYTES = 112;
const ENTRY_BYTES = 24;
const PRESENT = 0;
const ODD = 1;
const NOT_ASCII = 2;
const SINGLE = 3;
const WHOLE = 4;
const BEGINNING = 6;
const END = 8;
const PAIR = 10;
const TRIPLE = 13;
const LONG = 16;
const CACHE = 20;
const CACHE_SLOTS = 512;
const CACHE_SLOT_BYTES = 256;
const NIBBLES_BYTES = 96;
/** Bits of a bitmap for each entry that is in it, and the fewest of all. */
const BITS_FOR_ONE = 32;
const FEWEST_BITS = 65_536;
/** Long literals are looked for at every fourth place only. */
const STEP = 4;

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
    for (const [kind, index] of [
      ['whole', WHOLE],
      ['beginning', BEGINNING],
      ['end', END],
      ['pair', PAIR],
      ['triple', TRIPLE],
      ['long', LONG],
    ] as const) {
      const literals = new Map<string, Literal>();
      for (const { number, witness } of wanted) {
        if (witness === undefined || kindOf(witness) !== kind) continue;
        const known = literals.get(witness.literal);
        if (known) known.numbers.push(number);
        else literals.set(witness.literal, { text: witness.literal, numbers: [number] });
      }
      if (literals.size === 0) continue;
      const entries = literals.size * (kind === 'long' ? STEP : 1);
      const slots = powerOfTwo(entries * 2);
      const heads = this.#take(slots * 4);
      word(index, heads);
      word(index + 1, slots - 1);
      let filter = 0;
      let bits = 0;
      if (kind === 'long') {
        bits = Math.max(FEWEST_BITS, powerOfTwo(entries * BITS_FOR_ONE));
        filter = this.#take(bits / 8);
        word(index + 3, bits - 1);
      } else if (kind === 'pair' || kind === 'triple') filter = this.#take(NIBBLES_BYTES);
      if (filter !== 0) {
        word(index + 2, filter);
        if (!hasCache) this.#cache(at);
        hasCache = true;
      }
      for (const literal of literals.values())
        this.#entry({ kind, heads, mask: slots - 1, filter, bits: bits - 1 }, literal, rates);
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

  #entry({ kind, heads, mask, filter, bits }: Literals, { text, numbers }: Literal, rates: ByteRates): void {
    const literal = this.#take(text.length + 4);
    const list = this.#list(numbers);
    const { bytes, kernel } = this.#memory;
    for (let i = 0; i < text.length; i++) bytes[literal + i] = text.charCodeAt(i);
    const link = (hash: number, offset: number): void => {
      const at = this.#take(ENTRY_BYTES) >> 2;
      const slot = (heads >> 2) + (hash & mask);
      const { words } = this.#memory;
      words[at] = words[slot] ?? 0;
      words[at + 1] = hash;
      words[at + 2] = literal;
      words[at + 3] = text.length;
      words[at + 4] = offset;
      words[at + 5] = list;
      words[slot] = at << 2;
    };
    switch (kind) {
      case 'pair':
      case 'triple': {
        const size = kind === 'pair' ? 2 : 3;
        const offset = rarest(text, size, rates);
        link(kernel.addFew(filter, literal + offset, size), offset);
        return;
      }
      case 'long': {
        const first = rarest(text, GRAM + STEP - 1, rates);
        for (let offset = first; offset < first + STEP; offset++) {
          kernel.addGram(filter, bits, literal + offset);
          link(kernel.hashGram(literal + offset), offset);
        }
        return;
      }
      case 'whole':
        link(kernel.hashWhole(literal, text.length), 0);
        return;
      case 'beginning':
        link(kernel.hashGram(literal), 0);
        return;
      case 'end':
        link(kernel.hashGram(literal + text.length - GRAM), text.length - GRAM);
        return;
      default:
        assertNever(kind);
    }
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

type Kind = 'whole' | 'beginning' | 'end' | 'pair' | 'triple' | 'long';

/** Where literals of one kind are kept: heads and their mask, what is asked first, and the bits of that. */
interface Literals {
  readonly kind: Kind;
  readonly heads: number;
  readonly mask: number;
  readonly filter: number;
  readonly bits: number;
}

function kindOf({ where, literal }: Witness): Kind | undefined {
  switch (where) {
    case 'present':
    case 'odd-number':
    case 'not-ascii':
      return undefined;
    case 'within':
      if (literal.length === 1) return undefined;
      return literal.length < GRAM ? 'pair' : literal.length < GRAM + STEP - 1 ? 'triple' : 'long';
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
