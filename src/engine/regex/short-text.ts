import { BEYOND, KELVIN, LONG_S } from './symbols.ts';

/** Longer texts are read from the text itself. */
export const LONGEST = 4096;

/** The text that many expressions ask for one after the other, read once: reading units costs more than the search. */
export const shortText = { symbols: new Uint8Array(LONGEST), length: 0, hasBeyond: false, hasFolds: false };

let last = '';

/** Reads a text of at most `LONGEST` units into `shortText`, unless it is the one read last. */
export function readShortText(text: string): void {
  if (text === last) return;
  last = text;
  const { symbols } = shortText;
  let length = 0;
  let hasBeyond = false;
  let hasFolds = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < BEYOND) symbols[length++] = unit;
    else {
      hasBeyond = true;
      if (unit === LONG_S || unit === KELVIN) hasFolds = true;
      if ((unit & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) i++;
      symbols[length++] = BEYOND;
    }
  }
  shortText.length = length;
  shortText.hasBeyond = hasBeyond;
  shortText.hasFolds = hasFolds;
}
