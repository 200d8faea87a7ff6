import { firstPair, markOf } from './text-runs.ts';
import type { TextRuns } from './text-runs.ts';

/** Numbers of a group: its word of the bits of pairs, which bits of that, and its literals from and to. */
const GROUP = 4;

/**
 * The literals of a long list, put together by their first pairs: one look tells of a group that none of it stands in a text.
 * Characters that are neighbours in Unicode come into one group, so a thousand emoji are some dozens of them.
 */
export class SoughtGroups {
  /** Those of one unit or none come first, in no group. */
  readonly #literals: readonly string[];
  readonly #ungrouped: number;
  /** Of each literal the first run and the last, side by side. */
  readonly #marks: Int32Array;
  readonly #groups: Int32Array;

  constructor(literals: readonly string[]) {
    const ungrouped = literals.filter(({ length }) => length < 2);
    const byWord = new Map<number, string[]>();
    for (const literal of literals) {
      if (literal.length < 2) continue;
      const { word } = firstPair(literal);
      const members = byWord.get(word);
      if (members) members.push(literal);
      else byWord.set(word, [literal]);
    }
    const groups: number[] = [];
    const all = [...ungrouped];
    for (const [word, members] of byWord) {
      const bits = members.reduce((set, literal) => set | firstPair(literal).bit, 0);
      groups.push(word, bits, all.length, all.length + members.length);
      all.push(...members);
    }
    this.#literals = all;
    this.#ungrouped = ungrouped.length;
    this.#marks = Int32Array.from({ length: 2 * all.length }, (_, i) => markOf(all[i >> 1] ?? '', i % 2 === 0));
    this.#groups = Int32Array.from(groups);
  }

  /** Does `stands` hold for a literal that may stand in the text of these runs? */
  some(runs: TextRuns, stands: (literal: string) => boolean): boolean {
    const groups = this.#groups;
    if (this.#someOf(0, this.#ungrouped, runs, stands)) return true;
    for (let i = 0; i < groups.length; i += GROUP)
      if (
        runs.mayHoldPair(groups[i] ?? 0, groups[i + 1] ?? 0) &&
        this.#someOf(groups[i + 2] ?? 0, groups[i + 3] ?? 0, runs, stands)
      )
        return true;
    return false;
  }

  #someOf(from: number, to: number, runs: TextRuns, stands: (literal: string) => boolean): boolean {
    const marks = this.#marks;
    for (let i = from; i < to; i++) {
      if (!runs.mayHold(marks[2 * i] ?? 0, marks[2 * i + 1] ?? 0)) continue;
      const literal = this.#literals[i];
      if (literal !== undefined && stands(literal)) return true;
    }
    return false;
  }
}
