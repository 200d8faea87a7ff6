/** Plugins that tunnel or expose: krew-index `plugins/*.yaml`. */
export const TUNNELS: ReadonlySet<string> = new Set([
  'relay',
  'tunnel',
  'sshuttle',
  'socks5-proxy',
  'ssh-jump',
  'sshd',
  'reverse-proxy',
  'net-forward',
  'multiforward',
  'portal',
  'link',
  'insider',
  'auth-proxy',
  'nsenter',
  'vifal',
]);

/** The plugin that these words run: the longest known name, else the first word. Dashes inside a word become underscores in file names. */
export function pluginName(words: readonly string[]): string {
  const plain = words.slice(
    0,
    words.findIndex((word) => word.startsWith('-')) === -1
      ? undefined
      : words.findIndex((word) => word.startsWith('-')),
  );
  for (let count = Math.min(3, plain.length); count > 1; count--) {
    const joined = plain.slice(0, count).join('-');
    if (TUNNELS.has(joined)) return joined;
  }
  return words[0] ?? '';
}

export function isTunnelPlugin(name: string): boolean {
  return TUNNELS.has(name.replaceAll('_', '-'));
}

/** The plugin whose image or script this path is: `/x/kubectl-relay` → `relay`. */
export function pluginOfPath(path: string): string | undefined {
  const file = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
  if (!path.startsWith('kubectl-', file)) return undefined;
  const base = path.slice(file).replace(/\.(exe|sh|py|rb|js|cmd|bat|ps1)$/i, '');
  if (base.length > 100) return undefined;
  const name = base.slice('kubectl-'.length);
  // `kubectl-v1.30.2`, `kubectl-1.30`, `kubectl-real` are kubectl itself under a longer name.
  return /^v?\d/.test(name) || name === '' || name === 'real' || name === 'orig' ? undefined : name;
}
