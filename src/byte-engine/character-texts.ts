import { formsOf, isBeyondAscii } from './character-bytes.ts';
import { writeUtf8 } from './canonical-json.ts';
import type { Characters } from './line-tokens.ts';

/** Slots for each text: most characters of a value are those of no text, and an empty slot tells. */
const SLOTS_FOR_ONE = 4;

/** So many ways to write a run are looked for: characters have other cases. */
const MOST_FORMS = 4;

/**
 * Texts that are not ASCII, such as a thousand emoji: may one of them stand in a value? Of each the longest run of characters
 * beyond ASCII is looked for, in every case; a value with none of these runs holds none of the texts.
 */
export class CharacterTexts {
  /** UTF-8 of the runs, one behind another. */
  readonly #bytes: Uint8Array;
  /** By the first character of a run: number of the first run, counted from 1; and of each run the next one. */
  readonly #heads: Int32Array;
  readonly #next: Int32Array;
  /** Where each run begins in the bytes, and where the last one ends. */
  readonly #starts: Int32Array;

  /** `undefined`: one of the texts has no such run. `folded`: the texts. */
  static of(folded: readonly string[]): CharacterTexts | undefined {
    const runs = folded.map(longestRun);
    return runs.some(({ length }) => length === 0) ? undefined : new CharacterTexts([...new Set(runs.flat())]);
  }

  private constructor(runs: readonly string[]) {
    const units = runs.reduce((sum, { length }) => sum + length, 0);
    const bytes = new Uint8Array(3 * units);
    this.#starts = new Int32Array(runs.length + 1);
    let slots = 8;
    while (slots < SLOTS_FOR_ONE * runs.length) slots *= 2;
    this.#heads = new Int32Array(slots);
    this.#next = new Int32Array(runs.length);
    let end = 0;
    runs.forEach((run, i) => {
      const to = end + writeUtf8(run, bytes, end);
      const slot = this.#slotOf(firstOf(bytes, end));
      end = to;
      this.#starts[i + 1] = end;
      this.#next[i] = this.#heads[slot] ?? 0;
      this.#heads[slot] = i + 1;
    });
    this.#bytes = bytes.slice(0, end);
  }

  /** `false`: none of them stands in a value of UTF-8 that ends at `end` and has these characters beyond ASCII. */
  mayStandIn(bytes: Uint8Array, { places, count }: Characters, end: number): boolean {
    const heads = this.#heads;
    for (let i = 0; i < count; i++) {
      const at = places[i] ?? 0;
      let run = heads[this.#slotOf(firstOf(bytes, at))] ?? 0;
      for (; run !== 0; run = this.#next[run - 1] ?? 0) if (this.#stands(run - 1, bytes, at, end)) return true;
    }
    return false;
  }

  #stands(run: number, bytes: Uint8Array, at: number, end: number): boolean {
    const from = this.#starts[run] ?? 0;
    const length = (this.#starts[run + 1] ?? from) - from;
    if (length > end - at) return false;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== this.#bytes[from + i]) return false;
    return true;
  }

  #slotOf(first: number): number {
    return (Math.imul(first, 0x9e37_79b1) >>> 8) & (this.#heads.length - 1);
  }
}

/** The bytes of the character that begins at `at`; where it is cut off, those of what follows, which no run has. */
function firstOf(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  const two = (lead << 8) | (bytes[at + 1] ?? 0);
  if (lead < 0xe0) return two;
  const three = (two << 8) | (bytes[at + 2] ?? 0);
  return lead < 0xf0 ? three : (three << 8) | (bytes[at + 3] ?? 0);
}

/** The longest run of characters beyond ASCII of which there are not too many forms, in all of them; none: there is no such run. */
function longestRun(text: string): readonly string[] {
  let best: readonly string[] = [];
  let run: readonly string[] = [];
  for (const character of text) {
    const forms = isBeyondAscii(character) ? formsOf(character) : [];
    const isMore = run.length > 0 && run.length * forms.length <= MOST_FORMS;
    run = isMore ? run.flatMap((one) => forms.map((form) => one + form)) : forms;
    if ((run[0]?.length ?? 0) > (best[0]?.length ?? 0)) best = run;
  }
  return best;
}
