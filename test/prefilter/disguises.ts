import type { LabelledCase } from '../cases/labelled-case.ts';

/** A source of numbers in [0, 1): mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export class Chance {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  pick<T>(from: readonly T[]): T {
    const one = from[Math.floor(this.#random() * from.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }

  is(likely: number): boolean {
    return this.#random() < likely;
  }
}

const COMMANDS: readonly (readonly string[])[] = [
  ['kubectl', 'port-forward', 'svc/web', '8080:80'],
  ['kubectl', 'proxy', '--port=8001'],
  ['/usr/local/bin/kubectl', 'expose', 'deployment/web', '--type=NodePort', '--port=80'],
  ['kubectl', 'create', 'service', 'nodeport', 'web', '--tcp=80:80'],
  ['kubectl', 'delete', 'networkpolicy', 'deny-all'],
  ['kubectl-relay', 'host/10.0.0.1', '80'],
  ['kubecolor', 'port-forward', 'pod/web', '80'],
  ['KUBECTL.EXE', 'port-forward', 'svc/web', '80'],
  ['\u212aubectl.exe', 'port-forward', 'svc/web', '80'],
  ['k3s', 'kubectl', 'port-forward', 'svc/web', '80'],
  ['k0s', 'kc', 'port-forward', 'svc/web', '80'],
  ['microk8s.kubectl', 'proxy'],
  ['oc', 'expose', 'service', 'web'],
  ['/usr/bin/oc', 'port-forward', 'pod/web', '80'],
  ['OC.EXE', 'proxy'],
  ['/tmp/.x', 'proxy', '--accept-hosts=.*'],
  ['kctl', 'port-forward', 'svc/web', '80:80', '--kubeconfig=/tmp/c'],
  ['helper', 'expose', 'pod/web', '--port=80', '--type=NodePort'],
  ['kubectl', 'get', 'pods'],
  ['docker', 'run', '--rm', 'bitnami/kubectl:1.30', 'port-forward', 'svc/web', '80'],
];

/** Every other way to open something. */
const OTHERS: readonly (readonly string[])[] = [
  ['kubectl', 'get', '--raw', '/api/v1/namespaces/a/services/web:80/proxy/admin'],
  ['kubectl', 'exec', 'web-0', '--', 'socat', 'TCP-LISTEN:8080,fork', 'TCP:10.0.0.1:80'],
  ['kubectl', 'exec', '-it', 'web-0', '--', 'ssh', '-D', '1080', 'host'],
  ['kubectl', 'exec', 'web-0', '--', 'sh', '-c', 'nc -l -p 80 -e /bin/sh'],
  ['kubectl', 'exec', 'web-0', '--', 'bash', '-c', 'cat </dev/tcp/10.0.0.1/80'],
  ['kubectl', 'exec', 'web-0', '--', 'kubectl', 'port-forward', 'svc/db', '5432'],
  ['kubectl', 'attach', 'web-0', '--', 'chisel', 'client', 'host:80', 'R:1080:socks'],
  ['kubectl', 'patch', 'service', 'web', '-p', '{"spec":{"type":"NodePort"}}'],
  ['kubectl', 'label', 'svc/web', 'a=b'],
  ['kubectl', 'annotate', 'ingress', 'web', 'a=b'],
  ['kubectl', 'edit', 'netpol/deny'],
  ['kubectl', 'replace', 'httproute/web', '-f', 'r.yaml'],
  ['kubectl', 'apply', 'gateway', 'web'],
  ['kubectl', 'set', 'selector', 'service', 'web', 'app=other'],
  ['kubectl', 'create', 'ingress', 'web', '--rule=a/*=web:80'],
  ['oc', 'create', 'route', 'edge', 'web', '--service=web'],
  ['kubectl', 'run', 'web', '--image=nginx', '--port=80', '--expose'],
  ['kubectl', 'run', 'web', '--image=nginx', '--overrides={"spec":{"hostNetwork":true}}'],
  ['kubectl', 'debug', 'node/worker-1', '--image=busybox'],
  ['kubectl', 'kuberc', 'set', '--section=aliases', '--name=pf', '--command=port-forward'],
  ['kubectl', 'alpha', 'kuberc', 'set', '--section', 'defaults', '--command', 'proxy'],
  ['kubectl', 'get', 'pods', '--kuberc=/tmp/kuberc'],
  ['kubectl', 'ssh', 'jump', 'node-1'],
  ['kubectl', 'net_forward', '-i', '10.0.0.1', '-p', '80'],
  ['kubectl', 'link', 'a'],
  ['/opt/krew/bin/kubectl-sshd', 'start'],
  ['kubectl-socks5_proxy'],
];

/** Quotes put between the letters of a word that a POSIX shell takes away again. */
function posixQuoted(word: string, chance: Chance): string {
  return Array.from(word, (letter) => {
    if (!chance.is(0.3)) return letter;
    if (!/[A-Za-z0-9-]/.test(letter)) return letter;
    return chance.pick([
      `\\${letter}`,
      `'${letter}'`,
      `"${letter}"`,
      `''${letter}`,
      `""${letter}`,
      `$'${letter}'`,
      `\\\n${letter}`,
    ]);
  }).join('');
}

/** The same for cmd.exe. */
function windowsQuoted(word: string, chance: Chance): string {
  return Array.from(word, (letter) =>
    chance.is(0.3) && /[A-Za-z0-9-]/.test(letter) ? chance.pick([`^${letter}`, `"${letter}"`, `""${letter}`]) : letter,
  ).join('');
}

function encoded(script: string): string {
  return Buffer.from(script, 'utf16le').toString('base64');
}

export interface Disguised {
  readonly argv: readonly string[];
  readonly os: 'linux' | 'windows' | 'macos';
}

/** A command line that opens something, or nearly one, perhaps behind wrappers and quotes. `others`: how likely it is one of `OTHERS`. */
export function disguised(chance: Chance, others = 0.1): Disguised {
  const words = chance.pick(chance.is(others) ? OTHERS : COMMANDS);
  const posix = (): string =>
    `${chance.pick(['', '', 'cd /x && ', 'set -e\n', 'true;', 'A=1 '])}${words.map((word) => posixQuoted(word, chance)).join(' ')}`;
  const windows = (): string => words.map((word) => windowsQuoted(word, chance)).join(' ');
  switch (
    chance.pick(['plain', 'plain', 'shell', 'shell', 'shell', 'cmd', 'powershell', 'encoded', 'ssh', 'sudo', 'nested'])
  ) {
    case 'shell':
      return {
        os: chance.pick(['linux', 'macos']),
        argv: [chance.pick(['sh', 'bash', '/bin/zsh', '-bash']), chance.pick(['-c', '-lc']), posix()],
      };
    case 'cmd':
      return { os: 'windows', argv: ['C:\\Windows\\System32\\cmd.exe', '/c', windows()] };
    case 'powershell':
      return { os: 'windows', argv: ['powershell.exe', '-NoProfile', chance.pick(['-Command', '-c']), windows()] };
    case 'encoded':
      return {
        os: chance.pick(['windows', 'linux']),
        argv: [
          chance.pick([
            'powershell.exe',
            'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\PowerShell.EXE',
            '/usr/bin/pwsh',
          ]),
          chance.pick(['-NoProfile', '-NonInteractive']),
          chance.pick(['-e', '-ec', '-enc', '-EncodedCommand', '/e', '\u2013enc', '-EnCo']),
          encoded(windows()),
        ],
      };
    case 'ssh':
      return { os: 'linux', argv: ['ssh', 'root@host', posix()] };
    case 'sudo':
      return { os: 'linux', argv: ['sudo', '-u', 'root', '--', ...words] };
    case 'nested':
      return { os: 'linux', argv: ['sh', '-c', `bash -c "${posix().replace(/[\\"$]/g, '\\$&')}"`] };
    default:
      return { os: chance.pick(['linux', 'windows', 'macos']), argv: words };
  }
}

/** Spells characters of JSON text with escapes, as an attacker who writes the record could. */
export function escapedJson(line: string, chance: Chance): string {
  const likely = chance.pick([0, 0, 0.02, 0.3]);
  let inString = false;
  let made = '';
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (character === '"') inString = !inString;
    if (character === '\\') {
      made += character + (line[++at] ?? '');
    } else if (inString && character !== '"' && chance.is(likely)) {
      const hex = character.charCodeAt(0).toString(16).padStart(4, '0');
      made += `\\u${chance.is(0.5) ? hex : hex.toUpperCase()}`;
    } else made += character;
  }
  return made;
}

/** Spells characters of text in XML with entities. */
export function escapedXml(line: string, chance: Chance): string {
  const likely = chance.pick([0, 0, 0.05, 0.4]);
  return line.replace(/(<Data Name="CommandLine">)([^<]*)/, (_, open: string, text: string) => {
    const spelled = text.replace(/&[a-z]+;|[A-Za-z0-9-]/g, (piece) =>
      piece.length === 1 && chance.is(likely)
        ? chance.pick([`&#${piece.charCodeAt(0)};`, `&#x${piece.charCodeAt(0).toString(16)};`])
        : chance.is(0.5) && piece === '&quot;'
          ? '"'
          : piece,
    );
    return open + spelled;
  });
}

/** The record in another's string, as shippers wrap it. */
export function wrapped(line: string, chance: Chance): string {
  const key = chance.pick(['message', 'log', '_raw', 'event']);
  return JSON.stringify({ [key]: line });
}

/** A labelled case, as `render` wants it, made of a disguised command. */
export function caseOf({ argv, os }: Disguised): LabelledCase {
  const [first = ''] = argv;
  return {
    id: 'host',
    group: 'disguised',
    scope: 'extended',
    argv,
    executable: /[\\/]/.test(first) ? first : `/usr/bin/${first}`,
    os,
    user: 'alice',
    parent: { name: 'bash', executable: '/bin/bash', argv: ['bash'] },
    expect: { action: 'none', target: null, detect: false, severity: null },
    elastic_rule_matches: false,
  };
}
