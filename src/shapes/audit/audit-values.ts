/** Byte values above 0x7f that are no UTF-8 become this. */
const REPLACEMENT = '\ufffd';

/**
 * Text of a value that the kernel may write in hexadecimal: an odd byte in it (blank, quote, control, non-ASCII)
 * makes it unquoted hexadecimal. Anything that is not an even number of hexadecimal digits stays as it is.
 */
export function fromHex(value: string): string {
  if (value.length === 0 || value.length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(value)) return value;
  if (value.length <= LONGEST_QUICK) {
    const ascii = fromAsciiHex(value);
    if (ascii !== undefined) return ascii;
  }
  const bytes = value.replace(/../g, '%$&');
  try {
    return decodeURIComponent(bytes);
  } catch {
    // Not UTF-8: ASCII stays, the rest is marked.
    return bytes.replace(/%(..)/g, (_, byte: string) => {
      const code = Number.parseInt(byte, 16);
      return code < 0x80 ? String.fromCharCode(code) : REPLACEMENT;
    });
  }
}

/** Digits of what is read at once. */
const LONGEST_QUICK = 8192;

/** Text whose characters are all ASCII; `undefined` where one is not. */
function fromAsciiHex(value: string): string | undefined {
  const units: number[] = [];
  for (let i = 0; i < value.length; i += 2) {
    const high = hexDigit(value.charCodeAt(i));
    if (high > 7) return undefined;
    units.push(high * 16 + hexDigit(value.charCodeAt(i + 1)));
  }
  return String.fromCharCode(...units);
}

/** Of a character that is one. */
function hexDigit(unit: number): number {
  return unit <= 0x39 ? unit - 0x30 : (unit & 0x1f) + 9;
}

/** What the kernel writes as a string: literal in quotes, else hexadecimal. */
export const STRING_FIELDS: ReadonlySet<string> = new Set([
  'exe',
  'comm',
  'cwd',
  'name',
  'proctitle',
  'cmd',
  'acct',
  'key',
  'dir',
  'path',
  'data',
  'ocomm',
  'watch',
  'vm',
  'file',
  'new-disk',
  'old-disk',
  'sw',
]);

/** Numbers the kernel writes where no auditd translates them (linux/audit.h). */
export const RECORD_TYPES: ReadonlyMap<string, string> = new Map([
  ['1100', 'USER_AUTH'],
  ['1101', 'USER_ACCT'],
  ['1103', 'CRED_ACQ'],
  ['1104', 'CRED_DISP'],
  ['1105', 'USER_START'],
  ['1106', 'USER_END'],
  ['1112', 'USER_LOGIN'],
  ['1123', 'USER_CMD'],
  ['1124', 'USER_TTY'],
  ['1130', 'SERVICE_START'],
  ['1131', 'SERVICE_STOP'],
  ['1300', 'SYSCALL'],
  ['1302', 'PATH'],
  ['1303', 'IPC'],
  ['1304', 'SOCKETCALL'],
  ['1305', 'CONFIG_CHANGE'],
  ['1306', 'SOCKADDR'],
  ['1307', 'CWD'],
  ['1309', 'EXECVE'],
  ['1317', 'OBJ_PID'],
  ['1318', 'TTY'],
  ['1319', 'EOE_OLD'],
  ['1320', 'EOE'],
  ['1321', 'BPRM_FCAPS'],
  ['1323', 'MMAP'],
  ['1325', 'NETFILTER_CFG'],
  ['1326', 'SECCOMP'],
  ['1327', 'PROCTITLE'],
  ['1334', 'BPF'],
  ['1400', 'AVC'],
  ['1701', 'ANOM_ABEND'],
]);
