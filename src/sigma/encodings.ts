const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The UTF-8 bytes of a text; a lone surrogate becomes U+FFFD. */
export function utf8Bytes(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0xfffd;
    const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return bytes;
}

export function utf16Bytes(text: string, order: 'little' | 'big'): number[] {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (order === 'little') bytes.push(unit & 255, unit >> 8);
    else bytes.push(unit >> 8, unit & 255);
  }
  return bytes;
}

/** RFC 4648 base64, with padding. */
export function base64(bytes: readonly number[]): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = bytes.slice(i, i + 3);
    out += ALPHABET[a >> 2] ?? '';
    out += ALPHABET[((a & 3) << 4) | ((b ?? 0) >> 4)] ?? '';
    out += b === undefined ? '=' : (ALPHABET[((b & 15) << 2) | ((c ?? 0) >> 6)] ?? '');
    out += c === undefined ? '=' : (ALPHABET[c & 63] ?? '');
  }
  return out;
}

/**
 * What base64 of any data that holds `bytes` must contain, for each of the three places they can begin at: only the
 * characters that no neighbour has a part in. Sigma 2.1, modifier appendix, "base64offset".
 */
export function base64Offsets(bytes: readonly number[]): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = base64([...Array.from({ length: offset }, () => 0), ...bytes]);
    const first = [0, 2, 3][offset] ?? 0;
    const bits = (offset + bytes.length) * 8;
    return encoded.slice(first, Math.floor(bits / 6));
  });
}

/** A byte string as text: one character per byte, which is how encoded bytes stand in base64's input. */
export function bytesAsText(bytes: readonly number[]): string {
  return bytes.map((byte) => String.fromCharCode(byte)).join('');
}
