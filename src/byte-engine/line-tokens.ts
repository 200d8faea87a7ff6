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
  #at = 0;
  #count = 0;

  constructor(memory: KernelMemory) {
    this.#memory = memory;
  }

  /** Looks at `count` tokens from `at` on. */
  set(at: number, count: number): void {
    this.#at = at >> 2;
    this.#count = count;
  }

  /** The kernel's memory, in which tokens have their places. */
  get bytes(): Uint8Array {
    return this.#memory.bytes;
  }

  /** The first token of a node, to be asked further; -1 where there is none. */
  find(node: number): number {
    const { words } = this.#memory;
    for (let i = 0, at = this.#at; i < this.#count; i++, at += 4) if (((words[at] ?? 0) & 0xffff) === node) return at;
    return -1;
  }

  kind(token: number): number {
    return (this.#memory.words[token] ?? 0) >>> 24;
  }

  start(token: number): number {
    return this.#memory.words[token + 1] ?? 0;
  }

  end(token: number): number {
    return this.#memory.words[token + 2] ?? 0;
  }
}
