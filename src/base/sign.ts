/**
 * A text that raw bytes must hold, wherever it stands in a record, for something to be possible. Letters, digits and `.-_` only:
 * what no format writes in another way except by escapes that are known as such.
 */
export interface Sign {
  readonly text: string;
  readonly ignoreCase: boolean;
  /** Quotes and escapes of a shell may stand between its letters. */
  readonly quoted: boolean;
  /** Three letters of it that are rarer in logs than others of the language; chosen by frequency where it is absent. */
  readonly rarest?: string;
  readonly before: SignBefore;
  readonly after: SignAfter;
}

/**
 * What does not stand before it. `name`: letters and digits. `file-name`: those and `_.:`. `word`: those and `-/` too: the
 * text is a word by itself.
 */
export type SignBefore = 'any' | 'name' | 'file-name' | 'word';

/**
 * What does not stand behind it. `no-folder`: a slash. `file-name`: letters, digits and `_-/:=`. `word`: those and a dot.
 * `encoded`: something else must: a flag that may be PowerShell's `-EncodedCommand`.
 */
export type SignAfter = 'any' | 'no-folder' | 'file-name' | 'word' | 'encoded';

/** The same text for signs that are met by the same bytes. */
export function signKey({ text, ignoreCase, quoted, before, after }: Sign): string {
  return `${text} ${ignoreCase} ${quoted} ${before} ${after}`;
}
