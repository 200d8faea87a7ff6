import { fold } from '../engine/fold.ts';
import { writeUtf8 } from './canonical-json.ts';

/** Of longer characters the first bytes are looked for: those of 64 neighbours are the same, and the kernel's tables stay small. */
const MOST_BYTES = 3;
/** Characters beyond the first two planes have no case. */
const LAST = 0x1ffff;
const BLOCK = 0x1000;

/**
 * What every text that holds `folded`, without regard to case, holds as UTF-8: the bytes of one of its characters, in one of the
 * forms that fold to it; a character for each byte. `undefined` where it has no character beyond ASCII that is a whole one.
 */
export function characterBytes(folded: string): readonly string[] | undefined {
  let best: readonly string[] | undefined;
  for (const character of folded) {
    if (!isBeyondAscii(character)) continue;
    const forms = formsOf(character);
    if (best === undefined || forms.length < best.length) best = forms;
    if (best.length === 1) break;
  }
  if (best === undefined) return undefined;
  return [...new Set(best.map(firstBytes))];
}

/** The characters that fold to it, which is folded, itself first. */
export function formsOf(character: string): readonly string[] {
  return [character, ...(otherForms().get(character) ?? [])];
}

function firstBytes(character: string): string {
  const bytes = new Uint8Array(3 * character.length);
  const length = writeUtf8(character, bytes, 0);
  return String.fromCharCode(...bytes.subarray(0, Math.min(length, MOST_BYTES)));
}

export function isBeyondAscii(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  // Half of a pair has no bytes of its own.
  return code > 0x7f && (code < 0xd800 || code > 0xdfff);
}

let others: ReadonlyMap<string, readonly string[]> | undefined;

/** By what they fold to: the characters that fold to another one. */
function otherForms(): ReadonlyMap<string, readonly string[]> {
  if (others !== undefined) return others;
  const made = new Map<string, string[]>();
  for (let from = 0x80; from <= LAST; from += BLOCK) {
    const codes = Array.from({ length: Math.min(BLOCK, LAST + 1 - from) }, (_, i) => from + i);
    const characters = codes.filter((code) => code < 0xd800 || code > 0xdfff).map((code) => String.fromCodePoint(code));
    const folded = Array.from(fold(characters.join('')));
    characters.forEach((character, i) => {
      const to = folded[i] ?? character;
      if (to === character) return;
      const forms = made.get(to);
      if (forms) forms.push(character);
      else made.set(to, [character]);
    });
  }
  return (others = made);
}
