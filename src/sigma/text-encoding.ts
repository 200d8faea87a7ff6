import { base64, base64Offsets, bytesAsText, utf16Bytes, utf8Bytes } from './encodings.ts';
import type { Modifier } from './modifier-names.ts';

/**
 * The texts that `text` is looked for as under a chain of `utf16…`, `wide`, `base64` and `base64offset`: one, or three
 * under `base64offset`. UTF-16 that no Base64 follows stands as one character for each byte, as logs show it.
 */
export function encodedPatterns(text: string, encodings: readonly Modifier[]): readonly string[] {
  const wide = encodings.map((name) => wideBytes(text, name)).find((bytes) => bytes !== undefined);
  const bytes = wide ?? utf8Bytes(text);
  if (encodings.includes('base64')) return [base64(bytes)];
  if (encodings.includes('base64offset')) return base64Offsets(bytes);
  return [wide === undefined ? text : bytesAsText(wide)];
}

function wideBytes(text: string, encoding: Modifier): number[] | undefined {
  if (encoding === 'wide' || encoding === 'utf16le') return utf16Bytes(text, 'little');
  if (encoding === 'utf16be') return utf16Bytes(text, 'big');
  // "Prepends a byte order mark": FF FE, so what follows is little-endian.
  return encoding === 'utf16' ? [0xff, 0xfe, ...utf16Bytes(text, 'little')] : undefined;
}
