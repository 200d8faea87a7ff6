/** An IPv4 or IPv6 address, without brackets. */
export function isAddress(text: string): boolean {
  return isV4(text) || isV6(text);
}

/** Reachable from this host only: 127.0.0.0/8, ::1, `localhost`; brackets are allowed. */
export function isLoopback(text: string): boolean {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (bare.toLowerCase() === 'localhost') return true;
  if (isV4(bare)) return bare.startsWith('127.');
  if (!isV6(bare)) return false;
  const lower = bare.toLowerCase();
  return /^[0:]*:0*1$/.test(lower) || /^[0:]*:ffff:127\.\d+\.\d+\.\d+$/.test(lower);
}

function isV4(text: string): boolean {
  if (text.length > '255.255.255.255'.length) return false;
  let parts = 1;
  let digits = 0;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x2e) {
      if (digits === 0 || ++parts > 4) return false;
      digits = value = 0;
    } else {
      if (unit < 0x30 || unit > 0x39 || ++digits > 3) return false;
      value = value * 10 + unit - 0x30;
      if (value > 255) return false;
    }
  }
  return parts === 4 && digits > 0;
}

function isV6(text: string): boolean {
  if (text.length > 45 || !text.includes(':') || !/^[0-9a-fA-F:.]+$/.test(text)) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const embedded = groups.at(-1)?.includes('.') ? groups.pop() : undefined;
  if (embedded !== undefined && !isV4(embedded)) return false;
  const count = groups.length + (embedded === undefined ? 0 : 2);
  return groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) && (halves.length === 2 ? count < 8 : count === 8);
}
