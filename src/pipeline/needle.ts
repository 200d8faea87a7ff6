/** A text that holds an id, as look-back searches for it (` pid=1234 `, `"TargetProcessId":"…"`). */
export interface IdNeedle {
  /** What stands before the id. */
  readonly before: string;
  readonly id: string;
}

/** Longest id that is told by its hash. */
export const LONGEST_ID = 64;

/** What stands before an id, the id, and what ends it: nothing, where a number is followed by whatever comes. */
const PARTS = /^([ -~]*[^\w.-])([\w.-]{1,64})[^\w.-]{0,8}$/;
/** A shorter beginning is met everywhere. */
const SHORTEST_BEFORE = 4;

/** The parts of a text that is looked for; `undefined`: it has to be searched for as it is. */
export function idNeedle(text: string): IdNeedle | undefined {
  const [, before, id] = PARTS.exec(text) ?? [];
  return before === undefined || id === undefined || before.length < SHORTEST_BEFORE ? undefined : { before, id };
}

/** Letters, digits and `_.-`: what ids are made of. */
export function isIdByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (
    (byte >= 48 && byte <= 57) || ((byte | 32) >= 97 && (byte | 32) <= 122) || byte === 95 || byte === 46 || byte === 45
  );
}

/** May the last id of a text be the beginning of a longer one where the text is found? */
export function endsInId(text: string): boolean {
  return isIdByte(text.charCodeAt(text.length - 1));
}
