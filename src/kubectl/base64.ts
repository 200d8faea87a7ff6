const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const LONGEST = 200_000;

/** UTF-16 LE text behind base64, as PowerShell's `-EncodedCommand` takes it; `undefined` where it is none. */
export function decodeUtf16Base64(text: string): string | undefined {
  if (text.length < 8 || text.length > LONGEST) return undefined;
  let bits = 0;
  let held = 0;
  const bytes: number[] = [];
  for (const character of text.replace(/=+$/, '')) {
    const value = ALPHABET.indexOf(character);
    if (value === -1) return undefined;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
    }
  }
  let made = '';
  for (let i = 0; i + 1 < bytes.length; i += 2)
    made += String.fromCharCode((bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8));
  return made;
}
