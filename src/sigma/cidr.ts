/** An address as bits: 4 or 16 bytes. IPv4 mapped into IPv6 counts as IPv4. */
export function parseAddress(text: string): readonly number[] | undefined {
  return text.length > 45 ? undefined : (parseV4(text) ?? parseV6(text));
}

export interface Network {
  readonly bytes: readonly number[];
  readonly prefix: number;
}

/** `10.0.0.0/8`, `fe80::/10`, or a bare address (all of its bits). */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const written = slash === -1 ? text : text.slice(0, slash);
  const bytes = parseAddress(written);
  if (bytes === undefined) return undefined;
  if (slash === -1) return { bytes, prefix: bytes.length * 8 };
  const length = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(length)) return undefined;
  const isMapped = bytes.length === 4 && written.includes(':');
  const prefix = Number(length) - (isMapped ? 96 : 0);
  return prefix < 0 || prefix > bytes.length * 8 ? undefined : { bytes, prefix };
}

/** Are bits set behind the prefix, as in 10.0.0.1/8? */
export function hasHostBits({ bytes, prefix }: Network): boolean {
  return bytes.some((byte, i) => (byte & (0xff >> Math.min(8, Math.max(0, prefix - i * 8)))) !== 0);
}

export function inNetwork(address: readonly number[], { bytes, prefix }: Network): boolean {
  if (address.length !== bytes.length) return false;
  for (let bit = 0; bit < prefix; bit += 8) {
    const mask = prefix - bit >= 8 ? 0xff : (0xff00 >> (prefix - bit)) & 0xff;
    if (((address[bit >> 3] ?? 0) & mask) !== ((bytes[bit >> 3] ?? 0) & mask)) return false;
  }
  return true;
}

function parseV4(text: string): number[] | undefined {
  if (text.length > 15) return undefined;
  const bytes: number[] = [];
  let value = 0;
  let digits = 0;
  for (let i = 0; i <= text.length; i++) {
    const digit = i < text.length ? text.charCodeAt(i) - 0x30 : DOT;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      if (++digits > 3) return undefined;
    } else {
      if (digit !== DOT || digits === 0 || value > 255 || bytes.length === 4) return undefined;
      bytes.push(value);
      value = 0;
      digits = 0;
    }
  }
  return bytes.length === 4 ? bytes : undefined;
}

/** A point, counted from the character 0. */
const DOT = 0x2e - 0x30;

function parseV6(text: string): readonly number[] | undefined {
  const [address = ''] = text.split('%');
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const read = (groups: readonly string[], last: boolean): number[] | undefined => {
    const bytes: number[] = [];
    for (const [i, group] of groups.entries()) {
      const embedded = last && i === groups.length - 1 && group.includes('.') ? parseV4(group) : undefined;
      if (embedded) bytes.push(...embedded);
      else if (/^[0-9a-fA-F]{1,4}$/.test(group)) bytes.push(parseInt(group, 16) >> 8, parseInt(group, 16) & 255);
      else return undefined;
    }
    return bytes;
  };
  const before = read(head, halves.length === 1);
  const after = read(tail, true);
  if (before === undefined || after === undefined) return undefined;
  const missing = 16 - before.length - after.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  const bytes = [...before, ...Array.from({ length: missing }, () => 0), ...after];
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return mapped ? bytes.slice(12) : bytes;
}
