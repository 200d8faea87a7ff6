/** Programs that carry bytes between networks, whatever their arguments. */
const ALWAYS = new Set([
  'socat',
  'chisel',
  'ligolo',
  'ligolo-agent',
  'gost',
  'frpc',
  'frps',
  'ngrok',
  'bore',
  'rathole',
  'iodine',
  'dnscat',
  'dnscat2',
  'ptunnel',
  'revsocks',
  'rpivot',
  'microsocks',
  '3proxy',
  'cloudflared',
  'sshuttle',
  'inlets',
  'pwncat',
  'wireproxy',
  'tailscaled',
]);
const NETCATS = new Set(['nc', 'ncat', 'netcat', 'nc.openbsd', 'nc.traditional']);
const SSHES = new Set(['ssh', 'autossh', 'dropbear', 'dbclient', 'plink']);
/** Names of all of them; `tunnelProgram` also finds what a shell does with `/dev/tcp/`. */
export const TUNNEL_PROGRAMS: readonly string[] = [...ALWAYS, ...NETCATS, ...SSHES];
const LONGEST_STRING = 10_000;

/** The tunnelling program that these words start, inside `sh -c` too; `undefined` where there is none. */
export function tunnelProgram(words: readonly string[], depth = 0): string | undefined {
  const [first] = words;
  if (first === undefined || depth > 3) return undefined;
  const name = first.slice(first.lastIndexOf('/') + 1);
  if (ALWAYS.has(name)) return name;
  // Listening and connecting alike: what is asked of netcat is to carry bytes, unless it only scans (-z).
  if (NETCATS.has(name)) return words.some((word) => /^-[a-z]{0,8}z/.test(word)) || words.length < 3 ? undefined : name;
  if (SSHES.has(name)) return words.some((word) => /^-[a-zA-Z]{0,8}[DLRw]/.test(word)) ? name : undefined;
  if (name === 'env' || name === 'nohup' || name === 'sudo' || name === 'busybox' || name === 'exec') {
    const rest = words.slice(1).findIndex((word) => !word.startsWith('-') && !/^\w+=/.test(word));
    return rest === -1 ? undefined : tunnelProgram(words.slice(rest + 1), depth + 1);
  }
  if (/^(ba|da|z|k|a)?sh$/.test(name)) {
    const at = words.findIndex((word) => /^-[a-z]{0,6}c$/.test(word));
    const text = at === -1 ? undefined : words[at + 1]?.slice(0, LONGEST_STRING);
    if (text?.includes('/dev/tcp/')) return '/dev/tcp';
    for (const command of text?.split(/[;&|\n]+/) ?? []) {
      const found = tunnelProgram(command.trim().split(/\s+/), depth + 1);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
