import { baseName, formOfName } from './binary.ts';
import { decodeUtf16Base64 } from './base64.ts';

/** What a wrapper runs: words, or a string for a shell. */
export interface Peeled {
  readonly wrapper: string;
  readonly inner:
    | { readonly kind: 'words'; readonly words: readonly string[] }
    | { readonly kind: 'script'; readonly text: string; readonly quoting: 'posix' | 'windows' };
  /** It runs on another host, or inside a pod. */
  readonly remote?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

interface WrapperForm {
  /** Single letters that take the next word (or the rest of theirs). */
  readonly letters?: string;
  /** Long options that take the next word when there is no `=`. */
  readonly long?: readonly string[];
  /** Positionals of its own before the command. */
  readonly skip?: number;
  /** An option whose value is a shell string. */
  readonly script?: readonly string[];
  /** The words that are left are joined to a shell string. */
  readonly joins?: boolean;
  readonly remote?: boolean;
  /** A subcommand that must come first: `tmux new`. */
  readonly verbs?: readonly string[];
}

/** Options that take a value, as each program's manual page lists them. */
const FORMS: Readonly<Record<string, WrapperForm>> = {
  sudo: {
    letters: 'ughpCDRTUrtc',
    long: [
      'user',
      'group',
      'host',
      'prompt',
      'close-from',
      'chdir',
      'chroot',
      'command-timeout',
      'other-user',
      'role',
      'type',
    ],
  },
  doas: { letters: 'uCa' },
  env: { letters: 'uCS', long: ['unset', 'chdir', 'split-string'] },
  nohup: {},
  setsid: {},
  time: { letters: 'fo', long: ['format', 'output'] },
  nice: { letters: 'n', long: ['adjustment'] },
  ionice: { letters: 'cnpPu', long: ['class', 'classdata'] },
  stdbuf: { letters: 'ioe', long: ['input', 'output', 'error'] },
  timeout: { letters: 'ks', long: ['kill-after', 'signal'], skip: 1 },
  taskset: { letters: '', skip: 1 },
  chrt: { letters: 'TPD', skip: 1 },
  unshare: { letters: 'RwS', long: ['root', 'wd', 'setuid', 'setgid', 'propagation', 'map-user', 'map-group'] },
  nsenter: { letters: 'tSGrw', long: ['target', 'setuid', 'setgid'] },
  chroot: { long: ['userspec', 'groups'], skip: 1 },
  flock: { letters: 'wEc', long: ['timeout', 'conflict-exit-code', 'command'], skip: 1, script: ['-c', '--command'] },
  xargs: {
    letters: 'InPdLasE',
    long: ['replace', 'max-args', 'max-procs', 'delimiter', 'max-lines', 'arg-file', 'max-chars', 'eof'],
  },
  parallel: {
    letters: 'jnNaCIPSd',
    long: ['jobs', 'max-args', 'arg-file', 'colsep', 'joblog', 'sshlogin', 'delay', 'timeout', 'retries'],
  },
  watch: { letters: 'nq', long: ['interval'], joins: true },
  su: {
    letters: 'csgGwT',
    long: ['command', 'shell', 'group', 'supp-group', 'whitelist-environment'],
    script: ['-c', '--command', '--session-command'],
  },
  runuser: {
    letters: 'cusgGwT',
    long: ['command', 'shell', 'group', 'user', 'supp-group'],
    script: ['-c', '--command', '--session-command'],
  },
  script: {
    letters: 'cEIOBTmot',
    long: ['command', 'log-in', 'log-out', 'log-io', 'log-timing', 'output-limit'],
    script: ['-c', '--command'],
  },
  screen: { letters: 'cehpsStT' },
  'systemd-run': {
    letters: 'upMHE',
    long: [
      'unit',
      'property',
      'machine',
      'host',
      'slice',
      'setenv',
      'uid',
      'gid',
      'working-directory',
      'description',
      'nice',
      'service-type',
      'on-active',
      'on-boot',
      'on-calendar',
      'on-unit-active',
      'timer-property',
    ],
  },
  'systemd-inhibit': { long: ['what', 'who', 'why', 'mode'] },
  'dbus-run-session': { long: ['config-file', 'dbus-daemon'] },
  catchsegv: {},
  proxychains: { letters: 'f' },
  proxychains4: { letters: 'f' },
  torsocks: { letters: 'uaP' },
  strace: { letters: 'eopsuaEIObPSX', long: ['trace', 'output', 'string-limit', 'user', 'env'] },
  ltrace: { letters: 'eopsuanDlFx' },
  gdb: { letters: 'xpsdcn', long: ['command', 'pid'] },
  firejail: {},
  tini: { letters: 'pe' },
  'dumb-init': { letters: 'r', long: ['rewrite'] },
  cgexec: { letters: 'g' },
  numactl: { letters: 'mNCpi', long: ['membind', 'cpunodebind', 'physcpubind', 'preferred', 'interleave'] },
  chpst: { letters: 'uUbemdofcpnrt/' },
  setpriv: {
    long: [
      'reuid',
      'regid',
      'groups',
      'inh-caps',
      'ambient-caps',
      'bounding-set',
      'securebits',
      'selinux-label',
      'apparmor-profile',
    ],
  },
  capsh: { script: ['-c'] },
  pkexec: { long: ['user'] },
  gosu: { skip: 1 },
  'su-exec': { skip: 1 },
  rlwrap: { letters: 'abcCdDefHilmnNopPqsStwz' },
  unbuffer: {},
  expect: { letters: 'c', script: ['-c'] },
  entr: {},
  caffeinate: { letters: 'tw' },
  arch: {},
  'start-stop-daemon': {
    letters: 'xanpucgrsRdNPI',
    long: [
      'exec',
      'startas',
      'name',
      'pidfile',
      'user',
      'chuid',
      'group',
      'chroot',
      'signal',
      'retry',
      'chdir',
      'nicelevel',
      'procsched',
      'iosched',
      'umask',
      'output',
    ],
  },
  daemonize: { letters: 'acepolu' },
  snap: { verbs: ['run'] },
  lxc: { verbs: ['exec'], skip: 1 },
  'aws-vault': { verbs: ['exec'], letters: 'dtm', skip: 1 },
  op: { verbs: ['run'], long: ['env-file', 'account'] },
  doppler: { verbs: ['run'], long: ['project', 'config', 'token'], letters: 'pct' },
  direnv: { verbs: ['exec'], skip: 1 },
  mise: { verbs: ['exec', 'x'], long: ['cd'], letters: 'C' },
  asdf: { verbs: ['exec'] },
  poetry: { verbs: ['run'] },
  pipenv: { verbs: ['run'] },
  npx: { letters: 'pc', long: ['package', 'call'] },
  wsl: { letters: 'du', long: ['distribution', 'user', 'cd'] },
};

const SHELLS = new Set([
  'sh',
  'bash',
  'dash',
  'ash',
  'zsh',
  'ksh',
  'ksh93',
  'mksh',
  'pdksh',
  'fish',
  'csh',
  'tcsh',
  'yash',
  'nu',
  'elvish',
  'xonsh',
  'rbash',
  'oil',
  'osh',
]);
const POWERSHELLS = new Set(['powershell', 'pwsh', 'powershell_ise']);
const CONTAINER_ENGINES = new Set(['docker', 'podman', 'nerdctl']);
const SSHES = new Set(['ssh', 'autossh', 'sshpass', 'slogin', 'dbclient', 'plink']);
const SSH_LETTERS = 'bcDEeFIiJLlmOopQRSWwB';
/** docker run's and exec's options that take no value; every other long option does. */
const DOCKER_SWITCHES = new Set([
  'rm',
  'detach',
  'interactive',
  'tty',
  'init',
  'privileged',
  'read-only',
  'publish-all',
  'no-healthcheck',
  'oom-kill-disable',
  'sig-proxy',
  'quiet',
  'disable-content-trust',
  'replace',
]);

/**
 * Takes one program off that runs another, or `undefined` where this is none. `joined`: the words were split out of one
 * string, so a shell string that followed `-c` has lost its quotes and is the rest of the line.
 */
export function peel(words: readonly string[], joined: boolean): Peeled | undefined {
  const [first] = words;
  if (first === undefined) return undefined;
  const name = baseName(first).replace(/^-/, '');
  const rest = words.slice(1);
  if (name === 'busybox' || name === 'toybox') {
    const [applet] = rest;
    return applet === undefined || applet.startsWith('-')
      ? undefined
      : { wrapper: name, inner: { kind: 'words', words: rest } };
  }
  if (SHELLS.has(name)) return peelShell(name, rest, joined);
  if (name === 'cmd') return peelCmd(rest);
  if (POWERSHELLS.has(name)) return peelPowerShell(name, rest);
  if (SSHES.has(name)) return peelSsh(name, rest);
  if (CONTAINER_ENGINES.has(name)) return peelContainer(name, rest);
  if (name === 'tmux') return peelTmux(rest);
  if (
    name === 'exec' ||
    name === 'command' ||
    name === 'builtin' ||
    name === 'eval' ||
    name === 'start' ||
    name === 'call'
  ) {
    // `exec -a NAME` and `exec -la NAME` take a word: the name that the program is to see.
    const named = name === 'exec' && /^-[cl]*a$/.test(rest[0] ?? '') ? 2 : 0;
    const from = rest.findIndex((word, i) => i >= named && !(name === 'start' ? /^\/[a-z]+$/i : /^-/).test(word));
    return from === -1
      ? undefined
      : {
          wrapper: name,
          inner: name === 'eval' ? script(rest.slice(from).join(' ')) : { kind: 'words', words: rest.slice(from) },
        };
  }
  const form = Object.hasOwn(FORMS, name) ? FORMS[name] : undefined;
  return form === undefined ? undefined : peelForm(name, form, rest, joined);
}

const script = (text: string, quoting: 'posix' | 'windows' = 'posix'): Peeled['inner'] => ({
  kind: 'script',
  text,
  quoting,
});

function peelForm(name: string, form: WrapperForm, given: readonly string[], joined: boolean): Peeled | undefined {
  let words = given;
  if (form.verbs) {
    if (!form.verbs.includes(words[0] ?? '')) return undefined;
    words = words.slice(1);
  }
  const env: Record<string, string> = Object.create(null);
  let skip = form.skip ?? 0;
  let i = 0;
  for (; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === '--') {
      i++;
      break;
    }
    const scriptFlag = form.script?.find(
      (flag) => word === flag || word.startsWith(`${flag}=`) || (flag === '-c' && /^-[a-zA-Z]*c$/.test(word)),
    );
    if (scriptFlag !== undefined) {
      const equals = word.startsWith('--') ? word.indexOf('=') : -1;
      const text = equals === -1 ? words[i + 1] : word.slice(equals + 1);
      if (text !== undefined)
        return {
          wrapper: name,
          inner: script(
            joined && !/\s/.test(text) && equals === -1 ? restOf(name, words.slice(i + 1)).join(' ') : text,
          ),
          env,
        };
    }
    if (name === 'env' && (word === '-S' || word === '--split-string'))
      return { wrapper: name, inner: script(words.slice(i + 1).join(' ')), env };
    if (word.startsWith('--')) {
      if (!word.includes('=') && form.long?.includes(word.slice(2))) i++;
      continue;
    }
    if (word.startsWith('-') && word.length > 1) {
      const letters = word.slice(1);
      const at = letters.split('').findIndex((letter) => form.letters?.includes(letter));
      if (at !== -1 && at === letters.length - 1) i++;
      continue;
    }
    if ((name === 'env' || name === 'sudo' || name === 'doas') && /^[A-Za-z_]\w*=/.test(word)) {
      env[word.slice(0, word.indexOf('='))] = word.slice(word.indexOf('=') + 1);
      continue;
    }
    if ((name === 'su' || name === 'runuser') && form.script !== undefined) {
      // A user's name, or a lone dash; the command comes behind -c, or (runuser -u) after --.
      if (name === 'runuser' && words.slice(0, i).some((one) => one === '-u' || one.startsWith('--user'))) break;
      continue;
    }
    if (name === 'script') continue;
    if (skip > 0) {
      skip--;
      continue;
    }
    break;
  }
  let inner = words.slice(i);
  if (name === 'parallel')
    inner = inner
      .slice(0, inner.indexOf(':::') === -1 ? undefined : inner.indexOf(':::'))
      .concat(parallelInput(inner, joined));
  if (inner.length === 0) return undefined;
  const [only] = inner;
  const isString = inner.length === 1 && only !== undefined && /\s/.test(only);
  return {
    wrapper: name,
    inner: form.joins || isString ? script(inner.join(' ')) : { kind: 'words', words: inner },
    env,
  };
}

/** The first input of `parallel … ::: a b`, split: what the first job is run with. Without its quotes, where it ends is lost. */
function parallelInput(words: readonly string[], joined: boolean): readonly string[] {
  const at = words.indexOf(':::');
  if (at === -1) return [];
  return joined ? words.slice(at + 1) : (words[at + 1] ?? '').split(/\s+/).filter((word) => word !== '');
}

/** A shell string that has lost its quotes is the rest of the line; script(1) ends with the file it writes. */
function restOf(name: string, words: readonly string[]): readonly string[] {
  return name === 'script' && words.length > 1 && words.at(-1)?.startsWith('/') ? words.slice(0, -1) : words;
}

function peelShell(name: string, words: readonly string[], joined: boolean): Peeled | undefined {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === '--command' || word === '--commands' || /^-[a-zA-Z]*c$/.test(word)) {
      const next = words[i + 1] === '--' ? i + 2 : i + 1;
      const text = words[next];
      if (text === undefined) return undefined;
      return { wrapper: name, inner: script(joined && !/\s/.test(text) ? words.slice(next).join(' ') : text) };
    }
    if (word.startsWith('--command=')) return { wrapper: name, inner: script(word.slice('--command='.length)) };
    if (
      word === '-o' ||
      word === '+o' ||
      word === '-O' ||
      word === '+O' ||
      word === '--rcfile' ||
      word === '--init-file'
    ) {
      i++;
      continue;
    }
    // `-eo pipefail`: the last letter takes the next word.
    if (/^[-+][a-zA-Z]*o$/.test(word)) i++;
    else if (!word.startsWith('-') && !word.startsWith('+')) return undefined;
  }
  return undefined;
}

function peelCmd(words: readonly string[]): Peeled | undefined {
  const at = words.findIndex((word) => /^\/[ckr]$/i.test(word));
  if (at !== -1) return { wrapper: 'cmd', inner: script(words.slice(at + 1).join(' '), 'windows') };
  const glued = words.find((word) => /^\/[ck]./i.test(word));
  return glued === undefined ? undefined : { wrapper: 'cmd', inner: script(glued.slice(2), 'windows') };
}

/** Parameters may be cut short (`-enc`, `-c`); what has no name is the command. */
function peelPowerShell(name: string, words: readonly string[]): Peeled | undefined {
  for (let i = 0; i < words.length; i++) {
    const word = (words[i] ?? '').toLowerCase().replace(/^[/\u2013\u2014\u2015]/, '-');
    if (/^-e(c|nc|nco|ncod|ncode|ncoded|ncodedc\w*)?$/.test(word)) {
      const text = decodeUtf16Base64(words[i + 1] ?? '');
      return text === undefined ? undefined : { wrapper: name, inner: script(text, 'windows') };
    }
    if (/^-c(o|om|omm|omma|omman|ommand|ommandwithargs)?$/.test(word))
      return { wrapper: name, inner: script(stripCall(words.slice(i + 1).join(' ')), 'windows') };
    if (/^-(f|fi|fil|file)$/.test(word)) return undefined;
    if (
      /^-(ex\w*|ep|w\w*|v\w*|psc\w*|cus\w*|co\w+|if\w*|inp\w*|of\w*|out\w*|s\w+)$/.test(word) &&
      !/^-(sta|noe|nol|nop)/.test(word)
    )
      i++;
    else if (!word.startsWith('-'))
      return { wrapper: name, inner: script(stripCall(words.slice(i).join(' ')), 'windows') };
  }
  return undefined;
}

/** `& { … }`, `& kubectl …`. */
function stripCall(text: string): string {
  return text.replace(/^\s*&?\s*\{(.*)\}\s*$/s, '$1').replace(/^\s*&\s*/, '');
}

function peelSsh(name: string, words: readonly string[]): Peeled | undefined {
  if (name === 'sshpass') {
    const at = words.findIndex((word) => SSHES.has(baseName(word)));
    return at === -1 ? undefined : { wrapper: name, inner: { kind: 'words', words: words.slice(at) } };
  }
  let i = 0;
  for (let hostSeen = false; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === '--') continue;
    if (word.startsWith('-') && word.length > 1) {
      const letters = word.slice(1);
      const at = letters.split('').findIndex((letter) => SSH_LETTERS.includes(letter));
      if (at !== -1 && at === letters.length - 1) i++;
      continue;
    }
    if (hostSeen) break;
    hostSeen = true;
  }
  const rest = words.slice(i);
  return rest.length === 0 ? undefined : { wrapper: name, inner: script(rest.join(' ')), remote: true };
}

function peelTmux(words: readonly string[]): Peeled | undefined {
  const at = words.findIndex((word) =>
    [
      'new',
      'new-session',
      'neww',
      'new-window',
      'split-window',
      'splitw',
      'respawn-pane',
      'send-keys',
      'send',
      'run-shell',
      'run',
    ].includes(word),
  );
  if (at === -1) return undefined;
  let i = at + 1;
  for (; i < words.length; i++) {
    const word = words[i] ?? '';
    if (!word.startsWith('-')) break;
    if (/^-[a-zA-Z]*[snctxyFelp]$/.test(word)) i++;
  }
  const rest = words.slice(i).filter((word) => !/^(Enter|C-m|KPEnter)$/.test(word));
  return rest.length === 0 ? undefined : { wrapper: 'tmux', inner: script(rest.join(' ')) };
}

/** `docker run IMAGE …`, `docker exec CONTAINER …`: an image of kubectl has it as its entry point. */
function peelContainer(name: string, words: readonly string[]): Peeled | undefined {
  let at = words.findIndex((word) => !word.startsWith('-'));
  if (words[at] === 'container') at++;
  const verb = words[at];
  if (verb !== 'run' && verb !== 'exec' && verb !== 'create') return undefined;
  let entrypoint: string | undefined;
  let i = at + 1;
  for (; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === '--') continue;
    if (!word.startsWith('-')) break;
    if (word.startsWith('--')) {
      const [long = '', value] = word.slice(2).split('=', 2);
      if (long === 'entrypoint') entrypoint = value ?? words[i + 1];
      if (value === undefined && !DOCKER_SWITCHES.has(long)) i++;
    } else if (/[acehlmpuvw]$/.test(word) && !/^-[dit]+$/.test(word)) {
      i++;
    }
  }
  const image = words[i];
  if (image === undefined) return undefined;
  const rest = words.slice(i + 1);
  if (entrypoint !== undefined && entrypoint !== '')
    return { wrapper: name, inner: { kind: 'words', words: [entrypoint, ...rest] } };
  if (verb !== 'exec') {
    const [repository = ''] = image.slice(image.lastIndexOf('/') + 1).split(/[:@]/);
    const [command] = rest;
    const isCommand =
      command !== undefined && (formOfName(baseName(command)) !== undefined || SHELLS.has(baseName(command)));
    if (/(^|[-_])kubectl([-_]|$)/.test(repository) && !isCommand)
      return { wrapper: name, inner: { kind: 'words', words: ['kubectl', ...rest] } };
  }
  return rest.length === 0 ? undefined : { wrapper: name, inner: { kind: 'words', words: rest } };
}

/** Is this the name of a shell? */
export function isShell(name: string): boolean {
  return SHELLS.has(name);
}
