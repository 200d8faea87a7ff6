import { Characters } from './characters.ts';
import type { KernelMemory } from './memory.ts';

/** Kinds of tokens, as in kernel/tokens.ts. */
export const TokenKind = {
  string: 1,
  escaped: 2,
  plainNumber: 3,
  otherNumber: 4,
  boolean: 5,
  null: 6,
  object: 7,
  array: 8,
} as const;

/** The tokens of the line that is being looked at. */
export class LineTokens {
  readonly #memory: KernelMemory;
  /** For each node its first token, and the line in which it has it. */
  readonly #tokens: Int32Array;
  readonly #lines: Float64Array;
  #line = 0;
  /** Of the value that was asked for last, and whose they are. */
  readonly #characters = new Characters();
  #charactersOf = -1;
  #charactersIn = 0;

  constructor(memory: KernelMemory, nodes: number) {
    this.#memory = memory;
    this.#tokens = new Int32Array(nodes);
    this.#lines = new Float64Array(nodes);
  }

  /** Looks at `count` tokens from `at` on. */
  set(at: number, count: number): void {
    const { words } = this.#memory;
    const line = ++this.#line;
    for (let i = 0, token = at >> 2; i < count; i++, token += 4) {
      const node = (words[token] ?? 0) & 0xffff;
      if (this.#lines[node] === line) continue;
      this.#lines[node] = line;
      this.#tokens[node] = token;
    }
  }

  /** The kernel's memory, in which tokens have their places. */
  get bytes(): Uint8Array {
    return this.#memory.bytes;
  }

  /** The first token of a node, to be asked further; -1 where there is none. */
  find(node: number): number {
    return this.#lines[node] === this.#line ? (this.#tokens[node] ?? -1) : -1;
  }

  kind(token: number): number {
    return ((this.#memory.words[token] ?? 0) >>> 24) & 0x7f;
  }

  /** How many objects and lists it stands in. */
  depth(token: number): number {
    return ((this.#memory.words[token] ?? 0) >>> 16) & 0xff;
  }

  /** Is every byte ASCII? */
  isAscii(token: number): boolean {
    return ((this.#memory.words[token] ?? 0) & 0x8000_0000) === 0;
  }

  /** Where the characters of the value begin that are not ASCII. Good until those of another are asked for. */
  characters(token: number): Characters {
    if (this.#charactersOf !== token || this.#charactersIn !== this.#line) {
      this.#characters.read(this.bytes, this.start(token), this.end(token));
      this.#charactersOf = token;
      this.#charactersIn = this.#line;
    }
    return this.#characters;
  }

  start(token: number): number {
    return this.#memory.words[token + 1] ?? 0;
  }

  end(token: number): number {
    return this.#memory.words[token + 2] ?? 0;
  }

  /** A number that this value of the field has, and no other ever had; 0 where it has none. Values get theirs when asked. */
  serial(token: number): number {
    const { kernel, words } = this.#memory;
    const known = words[token + 3] ?? 0;
    const serial = known === 0 ? kernel.nameValue(token * 4) >>> 0 : known;
    return serial === NO_NAME ? 0 : serial;
  }
}

/** As in kernel/names.ts. */
const NO_NAME = 0xffff_ffff;
