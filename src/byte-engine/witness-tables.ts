import { assertNever } from '../base/invariant.ts';
import { Pool } from './memory.ts';
import type { KernelMemory } from './memory.ts';
import { NibbleGroups } from './nibble-groups.ts';
import { Nodes } from './nodes.ts';
import type { StreamSample } from './stream-sample.ts';
import { GRAM } from './witness.ts';
import type { Witness } from './witness.ts';

/** As in kernel/witnesses.ts: bytes of a table and of an entry, words of a table. */
const TABLE_BYTES = 128;
const ENTRY_BYTES = 24;
const PRESENT = 0;
const ODD = 1;
const NUMERIC = 2;
const SINGLE = 3;
const WHOLE = 4;
const FIRST_FOUR = 6;
const FIRST_EIGHT = 8;
const LAST_FOUR = 10;
const LAST_EIGHT = 12;
const PAIR = 14;
const FOUR = 17;
const EVERY_FOUR = 20;
const EVERY_EIGHT = 22;
const EVERY = 24;
const EVERY_LONG = 26;
/** For each byte of a literal that is in a table of nibbles. */
const NIBBLES_BYTES = 32;
/** Bits of a bitmap for each entry that is in it, and the fewest of all. */
const BITS_FOR_ONE = 32;
const FEWEST_BITS = 65_536;
/** Long literals, where there are many, are looked for at every fourth place only. */
const STEP = 4;
/** So many literals of one node can be told apart by nibbles. */
const MOST_BY_NIBBLES = 192;

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

  constructor(memory: KernelMemory, nodes: Nodes, witnesses: readonly Witness[], sample: StreamSample) {
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
      const table = this.#table(
        numbers.map((number) => ({ number, witness: witnesses[number] })),
        sample,
      );
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
    sample: StreamSample,
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
    if (wanted.some(({ witness }) => witness !== undefined && mayBeInNumber(witness))) word(NUMERIC, 1);
    const single = new Map<number, number[]>();
    for (const { number, witness } of wanted) {
      if (witness?.where !== 'within' || witness.literal.length !== 1) continue;
      const byte = witness.literal.charCodeAt(0);
      const known = single.get(byte);
      if (known) known.push(number);
      else single.set(byte, [number]);
    }
    if (single.size > 0) word(SINGLE, this.#single(single));
    let fours: Bitmap | undefined;
    const within = new Set(
      wanted.flatMap(({ witness }) =>
        witness?.where === 'within' && witness.literal.length >= GRAM ? [witness.literal] : [],
      ),
    );
    const areFew = within.size <= MOST_BY_NIBBLES;
    for (const [kind, index] of [
      ['whole', WHOLE],
      ['first-four', FIRST_FOUR],
      ['first-eight', FIRST_EIGHT],
      ['last-four', LAST_FOUR],
      ['last-eight', LAST_EIGHT],
      ['pair', PAIR],
      ['four', FOUR],
      ['every-four', EVERY_FOUR],
      ['every-eight', EVERY_EIGHT],
    ] as const) {
      const literals = new Map<string, Literal>();
      for (const { number, witness } of wanted) {
        if (witness === undefined || kindOf(witness, areFew) !== kind) continue;
        const known = literals.get(witness.literal);
        if (known) known.numbers.push(number);
        else literals.set(witness.literal, { text: witness.literal, numbers: [number] });
      }
      if (literals.size === 0) continue;
      const isEvery = kind === 'every-four' || kind === 'every-eight';
      const entries = literals.size * (isEvery ? STEP : 1);
      // What nibbles let through is mostly nothing: an empty slot tells.
      const slots = powerOfTwo(entries * (kind === 'four' ? 8 : 2));
      const heads = this.#take(slots * 4);
      word(index, heads);
      word(index + 1, slots - 1);
      let nibbles: Nibbles | undefined;
      if (kind === 'pair' || kind === 'four') {
        const size = kind === 'pair' ? 2 : GRAM;
        nibbles = { at: this.#take(size * NIBBLES_BYTES), groups: new NibbleGroups(size, sample) };
        word(index + 2, nibbles.at);
      }
      if (isEvery && fours === undefined) {
        const all = wanted.filter(
          ({ witness }) => witness?.where === 'within' && witness.literal.length >= GRAM + STEP - 1,
        );
        fours = this.#bitmap(all.length * STEP);
        word(EVERY, fours.at);
        word(EVERY + 1, fours.mask);
      }
      const eights = kind === 'every-eight' ? this.#bitmap(entries) : undefined;
      if (eights) {
        word(EVERY_LONG, eights.at);
        word(EVERY_LONG + 1, eights.mask);
      }
      // Short ones first: longer ones have more places to choose from.
      const inOrder = [...literals.values()].sort((a, b) => a.text.length - b.text.length);
      for (const literal of inOrder)
        this.#entry({ kind, heads, mask: slots - 1, nibbles, fours, eights }, literal, sample);
    }
    return at;
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

  #bitmap(entries: number): Bitmap {
    const bits = Math.max(FEWEST_BITS, powerOfTwo(entries * BITS_FOR_ONE));
    return { at: this.#take(bits / 8), mask: bits - 1 };
  }

  #entry(
    { kind, heads, mask, nibbles, fours, eights }: Literals,
    { text, numbers }: Literal,
    sample: StreamSample,
  ): void {
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
      case 'four': {
        if (nibbles === undefined) return;
        const { offset, group } = nibbles.groups.add(text);
        link(kernel.addFew(nibbles.at, literal + offset, kind === 'pair' ? 2 : GRAM, group), offset);
        return;
      }
      case 'every-four':
      case 'every-eight': {
        const size = kind === 'every-four' ? 4 : 8;
        const first = rarest(text, size + STEP - 1, sample);
        for (let offset = first; offset < first + STEP; offset++) {
          const hash = kernel.hashGram(literal + offset, size);
          if (fours) kernel.addGram(fours.at, fours.mask, kernel.hashGram(literal + offset, GRAM));
          if (eights) kernel.addGram(eights.at, eights.mask, hash);
          link(hash, offset);
        }
        return;
      }
      case 'whole':
        link(kernel.hashWhole(literal, text.length), 0);
        return;
      case 'first-four':
      case 'first-eight':
        link(kernel.hashGram(literal, kind === 'first-four' ? 4 : 8), 0);
        return;
      case 'last-four':
      case 'last-eight': {
        const size = kind === 'last-four' ? 4 : 8;
        link(kernel.hashGram(literal + text.length - size, size), text.length - size);
        return;
      }
      default:
        assertNever(kind);
    }
  }

  #list(numbers: readonly number[]): number {
    const at = this.#take(12 + numbers.length * 4);
    // Never given yet.
    this.#memory.words.set([0, 0, numbers.length, ...numbers], at >> 2);
    return at;
  }
}

type Kind =
  | 'whole'
  | 'first-four'
  | 'first-eight'
  | 'last-four'
  | 'last-eight'
  | 'pair'
  | 'four'
  | 'every-four'
  | 'every-eight';

interface Nibbles {
  readonly at: number;
  readonly groups: NibbleGroups;
}

interface Bitmap {
  readonly at: number;
  readonly mask: number;
}

/** Where literals of one kind are kept: heads and their mask, and what is asked before them. */
interface Literals {
  readonly kind: Kind;
  readonly heads: number;
  readonly mask: number;
  readonly nibbles: Nibbles | undefined;
  readonly fours: Bitmap | undefined;
  readonly eights: Bitmap | undefined;
}

/** May the literal stand in a number as ECMAScript writes it (`1e+21`, `-Infinity`)? */
function mayBeInNumber({ where, literal }: Witness): boolean {
  if (where === 'present' || where === 'odd-number' || where === 'bytes') return false;
  return /^[0-9.+e-]*$/.test(literal) || '-infinity'.includes(literal);
}

/** `areFew`: nibbles tell the literals of the node apart. */
function kindOf({ where, literal }: Witness, areFew: boolean): Kind | undefined {
  switch (where) {
    case 'present':
    case 'odd-number':
      return undefined;
    case 'bytes':
      return 'pair';
    case 'within':
      if (literal.length === 1) return undefined;
      if (literal.length < GRAM) return 'pair';
      if (areFew || literal.length < GRAM + STEP - 1) return 'four';
      return literal.length < 8 + STEP - 1 ? 'every-four' : 'every-eight';
    case 'whole':
      return 'whole';
    case 'beginning':
      return literal.length < 8 ? 'first-four' : 'first-eight';
    case 'end':
      return literal.length < 8 ? 'last-four' : 'last-eight';
    default:
      return assertNever(where);
  }
}

/** Where in the literal the `size` bytes begin that are least common together. */
function rarest(text: string, size: number, sample: StreamSample): number {
  let best = 0;
  let least = Infinity;
  for (let at = 0; at + size <= text.length; at++) {
    let rate = 1;
    for (let i = at; i < at + size; i++) rate *= (sample.bytes[text.charCodeAt(i)] ?? 0) + 0.001;
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
