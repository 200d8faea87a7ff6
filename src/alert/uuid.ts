/** Bytes of a hash that a UUID is made of. */
export const UUID_BYTES = 16;
const VERSION_AT = 6;
const VARIANT_AT = 8;

/** A byte of the name-based UUID (RFC 9562, version 8) of a hash, which has a character below U+0100 for each byte. */
export function uuidByte(digest: string, at: number): number {
  const byte = digest.charCodeAt(at) & 0xff;
  if (at === VERSION_AT) return (byte & 0x0f) | 0x80;
  return at === VARIANT_AT ? (byte & 0x3f) | 0x80 : byte;
}

/** Does a hyphen stand before the byte? */
export function isHyphenBefore(at: number): boolean {
  return at === 4 || at === VERSION_AT || at === VARIANT_AT || at === 10;
}

/** A hash's first 128 bits as the text of a UUID. */
export function uuid(digest: string): string {
  let text = '';
  for (let at = 0; at < UUID_BYTES; at++)
    text += `${isHyphenBefore(at) ? '-' : ''}${uuidByte(digest, at).toString(16).padStart(2, '0')}`;
  return text;
}
