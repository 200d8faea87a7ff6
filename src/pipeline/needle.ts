/** A text that holds an id, as look-back searches for it (` pid=1234 `, `"TargetProcessId":"…"`). */
export interface IdNeedle {
  /** What stands before the id. */
  readonly before: string;
  readonly id: string;
}

/** Longest id that is told by its hash. */
export const LONGEST_ID = 64;

/** A shorter beginning is met everywhere. */
const SHORTEST_BEFORE = 4;

/**
 * The parts of a text that is looked for: the last id in it, and what stands before that; what ends it is no part. `undefined`: it has
 * to be searched for as it is.
 */
export function idNeedle(text: string): IdNeedle | undefined {
  let end = text.length;
  while (end > 0 && !isIdByte(text.charCodeAt(end - 1))) end--;
  let start = end;
  while (start > 0 && isIdByte(text.charCodeAt(start - 1))) start--;
  if (start < SHORTEST_BEFORE || end - start > LONGEST_ID) return undefined;
  for (let i = 0; i < text.length; i++) if (!isPrintable(text.charCodeAt(i))) return undefined;
  return { before: text.slice(0, start), id: text.slice(start, end) };
}

/** ASCII, which is one byte in UTF-8. */
function isPrintable(code: number): boolean {
  return code >= 0x20 && code <= 0x7e;
}

/** Letters, digits and `_.-+/`: what ids are made of, base64 among them. As in kernel/ids.ts. */
export function isIdByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  // From 0x2d on: - . / and digits.
  return (
    (byte >= 0x2d && byte <= 0x39) || ((byte | 32) >= 0x61 && (byte | 32) <= 0x7a) || byte === 0x5f || byte === 0x2b
  );
}

/** May the last id of a text be the beginning of a longer one where the text is found? */
export function endsInId(text: string): boolean {
  return isIdByte(text.charCodeAt(text.length - 1));
}
