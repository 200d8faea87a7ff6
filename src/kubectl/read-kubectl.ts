import { FlagSet, flagSet, flagTable, isSet, last, parseFlags } from './flags.ts';
import type { FlagSpec, ParsedFlags } from './flags.ts';
import { findVerb } from './find-verb.ts';
import { globalFlags, helpFlag, ocFlags } from './global-flags.ts';
import type { Identity, Intent } from './intent.ts';
import { applyKuberc, readKuberc } from './kuberc.ts';
import { isTunnelPlugin, pluginName } from './plugins.ts';
import { exposeFlags, readExpose } from './read-expose.ts';
import { networkFlags, readNetworkChange } from './read-network-change.ts';
import { portForwardFlags, readPortForward } from './read-port-forward.ts';
import { proxyFlags, readProxy } from './read-proxy.ts';
import { failing, NOTHING } from './verb-reading.ts';
import type { VerbReading } from './verb-reading.ts';

/** What kubectl itself makes of its words. */
export interface KubectlReading {
  readonly verb: string | null;
  readonly reading: VerbReading;
  readonly help: boolean;
  readonly plugin: string | null;
  readonly namespace: string | null;
  readonly context: string | null;
  readonly cluster: string | null;
  readonly identity: Identity;
  readonly kuberc: Intent['kuberc'];
  readonly notes: readonly string[];
  /** The words as read, aliases put in their place. */
  readonly words: readonly string[];
  /** Words behind `--` of exec: what runs inside the pod. */
  readonly inner: readonly string[];
}

/** kubectl `pkg/cmd/cmd.go`, and cobra's own; the second row is `oc`'s. */
const BUILTINS = new Set(
  `alpha annotate api-resources api-versions apply attach auth autoscale certificate cluster-info completion config cordon cp create
   debug delete describe diff drain edit events exec explain expose get help kuberc kustomize label logs options patch plugin
   port-forward proxy replace rollout run scale set taint top uncordon version wait __complete __completeNoDesc convert rolling-update
   adm cancel-build debug extract idle image import-image login logout new-app new-build new-project observe policy process project
   projects registry rsh rsync secrets start-build status tag whoami`.split(/\s+/),
);
const OC_ONLY = new Set(
  `adm cancel-build extract idle image import-image login logout new-app new-build new-project observe policy process project projects
   registry rsh rsync secrets start-build status tag whoami`.split(/\s+/),
);
/** Verbs whose flags are known here well enough to say that one does not exist. */
const READ_VERBS = new Set([
  'create',
  'run',
  'debug',
  'exec',
  'attach',
  'set',
  'delete',
  'edit',
  'patch',
  'label',
  'annotate',
  'replace',
  'apply',
  'get',
]);
const HELP_VERBS = new Set(['help', 'completion', '__complete', '__completeNoDesc', 'options', 'plugin']);

const rootFlags = new FlagSet(globalFlags);
const ocRootFlags = new FlagSet(globalFlags, ocFlags);
const kubercFlags: readonly FlagSpec[] = [
  ...flagTable('value', 'section command name'),
  ...flagTable('array', 'option prependarg appendarg'),
  ...flagTable('bool', 'overwrite'),
];

/** Of verbs whose own flags do not matter. */
const NO_FLAGS: readonly FlagSpec[] = [];

/** Verbs a kuberc definition of which prepares a way in. */
const OPENING = new Set(['port-forward', 'proxy', 'expose']);

function isBuiltin(word: string): boolean {
  return BUILTINS.has(word);
}

/** What a reading has that most have not; spelled out, since to spread an object costs more than to read its properties. */
type Beside = Partial<Pick<KubectlReading, 'verb' | 'help' | 'plugin' | 'notes' | 'inner'>>;
const NOTHING_BESIDE: Beside = {};

/** Reads the words after `kubectl` (or `oc`). */
export function readKubectl(given: readonly string[], isOc: boolean, kubercContent: unknown): KubectlReading {
  const root = isOc ? ocRootFlags : rootFlags;
  let words = given;
  let found = findVerb(words, root);
  const file = kubercFile(given);
  let kuberc: Intent['kuberc'] = file === null ? null : { file, alias: null, defaults: false };
  const content = kubercContent === undefined ? undefined : readKuberc(kubercContent);
  if (content !== undefined) {
    const applied = applyKuberc(words, content, isBuiltin, found.verb);
    if (applied.alias !== null || applied.defaults) {
      words = applied.words;
      found = findVerb(words, root);
      kuberc = { file: file ?? content.file, alias: applied.alias, defaults: applied.defaults };
    }
  }
  const { verb, rest, flagsBefore } = found;
  const base = (flags: ParsedFlags, reading: VerbReading, beside: Beside = NOTHING_BESIDE): KubectlReading => ({
    verb: beside.verb === undefined ? verb : beside.verb,
    reading,
    help: beside.help ?? false,
    plugin: beside.plugin ?? null,
    namespace: last(flags, 'namespace') ?? null,
    context: last(flags, 'context') ?? null,
    cluster: last(flags, 'cluster') ?? null,
    identity: identityOf(flags),
    kuberc,
    notes: beside.notes ?? [],
    words,
    inner: beside.inner ?? [],
  });
  const flagsOf = (own: readonly FlagSpec[]): ParsedFlags =>
    parseFlags(rest, isOc ? flagSet(own, ocFlags, globalFlags, helpFlag) : flagSet(own, globalFlags, helpFlag));
  if (verb === null) return base(flagsOf(NO_FLAGS), NOTHING, { help: true });
  if (!BUILTINS.has(verb) || (OC_ONLY.has(verb) && !isOc))
    return readPlugin(verb, words, flagsBefore, base, flagsOf(NO_FLAGS));
  if (HELP_VERBS.has(verb)) return base(flagsOf(NO_FLAGS), NOTHING, { help: verb === 'help' });

  if (verb === 'kuberc' || verb === 'alpha')
    return base(flagsOf(kubercFlags), readKubercCommand(verb, flagsOf(kubercFlags)));
  const own =
    verb === 'port-forward'
      ? portForwardFlags
      : verb === 'proxy'
        ? proxyFlags
        : verb === 'expose'
          ? exposeFlags
          : networkFlags(verb === 'attach' ? 'exec' : verb);
  const flags = flagsOf(own);
  if (isSet(flags, 'help')) return base(flags, NOTHING, { help: true });
  const isOpening = OPENING.has(verb);
  if (!isOpening && !READ_VERBS.has(verb)) return base(flags, NOTHING);
  // These three are known flag by flag: pflag stops at one that does not exist, before anything runs.
  const [unknown] = flags.unknown;
  const stop = flags.errors[0] ?? (isOpening && unknown !== undefined ? `unknown flag ${unknown}` : undefined);
  if (stop !== undefined) return base(flags, failing(stop), { notes: [stop] });
  const reading =
    verb === 'port-forward'
      ? readPortForward(flags)
      : verb === 'proxy'
        ? readProxy(flags)
        : verb === 'expose'
          ? readExpose(flags, isOc)
          : readNetworkChange(verb, flags);
  return base(flags, reading, {
    notes: flags.unknown.map((flag) => `flag ${flag} is not known here`),
    inner: verb === 'exec' ? flags.positionals.slice(flags.dashAt ?? 1) : [],
  });
}

/** The file that the words name; most name none, and need not be parsed to know that. */
function kubercFile(words: readonly string[]): string | null {
  for (const word of words)
    if (word.startsWith('--kuberc')) return last(parseFlags(words, flagSet(globalFlags, helpFlag)), 'kuberc') ?? null;
  return null;
}

/** An unknown first word runs `kubectl-NAME`; flags before it are an error. */
function readPlugin(
  verb: string,
  words: readonly string[],
  flagsBefore: boolean,
  base: (flags: ParsedFlags, reading: VerbReading, beside: Beside) => KubectlReading,
  flags: ParsedFlags,
): KubectlReading {
  if (flagsBefore) return base(flags, failing(`unknown command ${JSON.stringify(verb)}`), { verb: null });
  const plugin = pluginName(words);
  if (!isTunnelPlugin(plugin)) {
    return base(flags, NOTHING, {
      verb: null,
      plugin,
      notes: [`${JSON.stringify(verb)} is no command of kubectl: a plugin, an alias, or an error`],
    });
  }
  return base(flags, pluginTunnel(plugin, flags.positionals), { verb: null, plugin });
}

/** What a tunnel plugin is pointed at: `relay` takes the words of port-forward, the others their own. */
export function pluginTunnel(plugin: string, positionals: readonly string[]): VerbReading {
  const [first = ''] = positionals;
  const target = plugin === 'relay' && /^[a-zA-Z.]{1,60}\/[\w.-]{1,253}$/.test(first) ? first : undefined;
  return {
    action: 'other-network-change',
    operation: 'plugin-tunnel',
    target:
      target === undefined
        ? null
        : (readPortForward({ values: new Map(), positionals: [target, '1'], dashAt: null, unknown: [], errors: [] })
            .target ?? null),
  };
}

/** `kuberc set`, `alpha kuberc set`: an alias for, or a default of, a command that opens a way in. */
function readKubercCommand(verb: string, flags: ParsedFlags): VerbReading {
  const words = verb === 'alpha' ? flags.positionals.slice(1) : flags.positionals;
  if ((verb === 'alpha' && flags.positionals[0] !== 'kuberc') || words[0] !== 'set') return NOTHING;
  const command = last(flags, 'command');
  if (command === undefined || !OPENING.has(command.split(' ')[0] ?? '')) return NOTHING;
  if (last(flags, 'section') === 'aliases') {
    return {
      action: 'other-network-change',
      operation: 'kuberc-alias-definition',
      exposure: optionExposure(command, flags),
    };
  }
  return {
    action: 'other-network-change',
    operation: 'kuberc-default-definition',
    exposure: optionExposure(command, flags),
  };
}

/** What the options of a definition will open when the command is run. */
function optionExposure(command: string, flags: ParsedFlags): NonNullable<VerbReading['exposure']> {
  const words = (flags.values.get('option') ?? []).map((option) => `--${option}`);
  if (command === 'proxy') return readProxy(parseFlags(words, flagSet(proxyFlags))).exposure ?? [];
  if (command === 'port-forward') {
    return readPortForward(parseFlags(['pod/x', '1', ...words], flagSet(portForwardFlags))).exposure ?? [];
  }
  return readExpose(parseFlags(['service', 'x', ...words], flagSet(exposeFlags)), false).exposure ?? [];
}

/** Flags that say who the command acts as, in the order of the alert, and how each becomes a part of it. */
const IDENTITY_FLAGS: readonly (readonly [flag: string, part: (flags: ParsedFlags, name: string) => Identity])[] = [
  ['as', textPart('as')],
  ['as-group', (flags, name) => ({ as_groups: (flags.values.get(name) ?? []).slice(0, MOST_GROUPS) })],
  ['as-uid', textPart('as_uid')],
  ['token', () => ({ token: true })],
  ['user', textPart('user')],
  ['username', textPart('username')],
  ['client-certificate', textPart('client_certificate')],
  ['kubeconfig', textPart('kubeconfig')],
  ['server', textPart('server')],
  ['insecure-skip-tls-verify', (flags, name) => (isSet(flags, name) ? { insecure_skip_tls_verify: true } : {})],
];
const MOST_GROUPS = 64;
const NOBODY: Identity = {};

type TextPart = 'as' | 'as_uid' | 'user' | 'username' | 'client_certificate' | 'kubeconfig' | 'server';

function textPart(key: TextPart): (flags: ParsedFlags, name: string) => Identity {
  return (flags, name) => ({ [key]: last(flags, name) });
}

function identityOf(flags: ParsedFlags): Identity {
  if (flags.values.size === 0) return NOBODY;
  let identity = NOBODY;
  for (const [flag, part] of IDENTITY_FLAGS)
    if (last(flags, flag) !== undefined) identity = { ...identity, ...part(flags, flag) };
  return identity;
}
