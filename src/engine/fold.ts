/**
 * Text without regard to case, for comparing: lower case, except where that changes the length of a character (`İ`) or
 * turns it into an ASCII letter (the Kelvin sign). So an ASCII pattern matches ASCII text only, and places in a folded
 * text are places in the text.
 */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length && !text.includes('\u212a')) return lower;
  let folded = '';
  for (const character of text) {
    const low = character.toLowerCase();
    folded += character === '\u212a' || low.length !== character.length ? character : low;
  }
  return folded;
}
