import { formsOf, isBeyondAscii } from './character-bytes.ts';
import { writeUtf8 } from './canonical-json.ts';
import type { Characters } from './characters.ts';

/** So many ways to write a run are looked for: characters have other cases. */
const MOST_FORMS = 4;
/** Of a longer run so many characters are looked for. */
const MOST_CHARACTERS = 16;
/** Room that `writeUtf8` needs for a character: of two units. */
const BYTES_FOR_ONE = 6;
/** Slots for each character of a run: most characters of a value go on with no run, and an empty slot tells. */
const SLOTS_FOR_ONE = 3;

/** Numbers of a step: its node, its character, and the node that it leads to. */
const STEP = 3;

/**
 * Texts that are not ASCII, such as a thousand emoji: may one of them stand in a value? Of each the longest run of characters
 * beyond ASCII is looked for, in every case; a value with none of these runs holds none of the texts. The runs are a tree, so
 * that of a thousand which begin alike each character is looked at once.
 */
export class CharacterTexts {
  /** Steps from nodes of the tree, by hash; of one that is not taken the node that it leads to is 0, as the root is. */
  readonly #steps: Int32Array;
  /** Does a run end at the node? */
  readonly #ends: Uint8Array;

  /** `undefined`: one of the texts has no such run. `folded`: the texts. */
  static of(folded: readonly string[]): CharacterTexts | undefined {
    const runs = folded.map(longestRun);
    return runs.some(({ length }) => length === 0) ? undefined : new CharacterTexts([...new Set(runs.flat())]);
  }

  private constructor(runs: readonly string[]) {
    const units = runs.reduce((sum, { length }) => sum + length, 0);
    let slots = 8;
    while (slots < SLOTS_FOR_ONE * units) slots *= 2;
    const steps = (this.#steps = new Int32Array(STEP * slots));
    const ends = new Uint8Array(units + 1);
    const bytes = new Uint8Array(MOST_CHARACTERS * BYTES_FOR_ONE);
    let nodes = 1;
    for (const run of runs) {
      const end = writeUtf8(run, bytes, 0);
      let node = 0;
      for (let at = 0; at < end; at += sizeOf(bytes[at] ?? 0)) {
        const character = characterAt(bytes, at);
        const slot = this.#slotOf(node, character);
        if (steps[slot + 2] === 0) steps.set([node, character, nodes++], slot);
        node = steps[slot + 2] ?? 0;
      }
      ends[node] = 1;
    }
    this.#ends = ends.slice(0, nodes);
  }

  /** `false`: none of them stands in a value of UTF-8 that ends at `end` and has these characters beyond ASCII. */
  mayStandIn(bytes: Uint8Array, { places, count }: Characters, end: number): boolean {
    for (let i = 0; i < count; i++) if (this.#beginsAt(places[i] ?? 0, bytes, end)) return true;
    return false;
  }

  #beginsAt(from: number, bytes: Uint8Array, end: number): boolean {
    let node = 0;
    for (let at = from; at < end; at += sizeOf(bytes[at] ?? 0)) {
      node = this.#steps[this.#slotOf(node, characterAt(bytes, at)) + 2] ?? 0;
      if (node === 0) return false;
      if (this.#ends[node] === 1) return true;
    }
    return false;
  }

  /** Where the step is, or would be. */
  #slotOf(node: number, character: number): number {
    const steps = this.#steps;
    const mask = steps.length / STEP - 1;
    let slot = (Math.imul(character ^ Math.imul(node, 0x85eb_ca6b), 0x9e37_79b1) >>> 8) & mask;
    for (; ; slot = (slot + 1) & mask) {
      const at = STEP * slot;
      if (steps[at + 2] === 0 || (steps[at] === node && steps[at + 1] === character)) return at;
    }
  }
}

/** Bytes of the character that begins with this one. */
function sizeOf(lead: number): number {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** The bytes of the character that begins at `at`; where it is cut off, those of what follows, which no run has. */
function characterAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return lead;
  const two = (lead << 8) | (bytes[at + 1] ?? 0);
  if (lead < 0xe0) return two;
  const three = (two << 8) | (bytes[at + 2] ?? 0);
  return lead < 0xf0 ? three : (three << 8) | (bytes[at + 3] ?? 0);
}

/**
 * The longest run of characters beyond ASCII, or its beginning, of which there are not too many forms, in all of them; none:
 * there is no such run.
 */
function longestRun(text: string): readonly string[] {
  let best: readonly string[] = [];
  let run: readonly string[] = [];
  let characters = 0;
  for (const character of text) {
    const forms = isBeyondAscii(character) ? formsOf(character) : [];
    const isMore = run.length > 0 && run.length * forms.length <= MOST_FORMS && characters < MOST_CHARACTERS;
    run = isMore ? run.flatMap((one) => forms.map((form) => one + form)) : forms;
    characters = isMore ? characters + 1 : 1;
    if ((run[0]?.length ?? 0) > (best[0]?.length ?? 0)) best = run;
  }
  return best;
}
