import { findVerb } from './find-verb.ts';
import { FlagSet, flagSet, parseFlags } from './flags.ts';
import type { FlagSpec } from './flags.ts';
import { globalFlags, helpFlag } from './global-flags.ts';
import { exposeFlags } from './read-expose.ts';
import { portForwardFlags } from './read-port-forward.ts';
import { proxyFlags } from './read-proxy.ts';
import { isKnownKind } from './resources.ts';

const rootFlags = new FlagSet(globalFlags);

/** Names that people give to a kubectl of theirs. */
const SHORT_NAMES = new Set(['k', 'kc', 'kctl', 'kube', 'kubect', 'kcl', 'kubec', 'kctrl', 'kubecli', 'kubectl2']);
/** Flags that point a client at an API server. */
const SERVER_FLAGS = [
  'kubeconfig',
  'server',
  'token',
  'context',
  'cluster',
  'as',
  'certificate-authority',
  'client-certificate',
];
/** Flags of `proxy` that no other tool's proxy has. */
const PROXY_FLAGS = [
  'accept-hosts',
  'accept-paths',
  'reject-paths',
  'reject-methods',
  'disable-filter',
  'unix-socket',
  'www-prefix',
  'append-server-path',
  'api-prefix',
];

/** Where the image lies and what it calls itself, which decides how much grammar must say. */
export interface RenamedContext {
  readonly name: string;
  /** The image lies in a temporary, shared-memory or hidden place. */
  readonly suspiciousPlace: boolean;
  /** argv[0] claims to be something the image is not (`[kworker/0:1]`). */
  readonly masquerades: boolean;
  readonly originalFileName: string | undefined;
}

/**
 * Why words given to a program of another name are kubectl's: evidence in words, none where they are not. Only the three
 * verbs that open a way in are looked at: others are too common to tell.
 */
export function renamedEvidence(words: readonly string[], context: RenamedContext): readonly string[] {
  const original = context.originalFileName?.toLowerCase().replace(/\.exe$/, '');
  const byOriginal = original === 'kubectl' ? [`original file name ${context.originalFileName ?? ''}`] : [];
  const { verb, rest } = findVerb(words, rootFlags);
  const own =
    verb === 'port-forward'
      ? portForwardFlags
      : verb === 'proxy'
        ? proxyFlags
        : verb === 'expose'
          ? exposeFlags
          : undefined;
  if (verb === null || own === undefined) return byOriginal;
  const flags = parseFlags(rest, flagSet(own, globalFlags, helpFlag));
  if (flags.unknown.length > 0 || flags.errors.length > 0) return byOriginal;
  const server = SERVER_FLAGS.filter((name) => flags.values.has(name));
  const evidence = [...byOriginal, ...server.map((name) => `API-server flag --${name}`)];
  const positionals = flags.positionals;
  const grammar =
    verb === 'port-forward'
      ? portForwardGrammar(
          positionals,
          server.length > 0 || flags.values.has('namespace') || flags.values.has('address'),
        )
      : verb === 'expose'
        ? exposeGrammar(positionals, flags.values)
        : proxyGrammar(positionals, flags.values, own, server.length > 0, context);
  return grammar === undefined ? byOriginal : [...evidence, `grammar: ${grammar}`];
}

function portForwardGrammar(positionals: readonly string[], clientFlags: boolean): string | undefined {
  const [target = '', ...ports] = positionals;
  if (ports.length === 0 || !ports.every((port) => /^(\d{0,5}:)?(\d{1,5}|[a-z][a-z0-9-]{0,14})$/.test(port)))
    return undefined;
  const slash = target.indexOf('/');
  if (slash > 0 && isKnownKind(target.slice(0, slash))) return 'port-forward TYPE/NAME PORT';
  const named = slash === -1 && /^[a-z0-9][a-z0-9.-]{0,252}$/.test(target) && ports.some((port) => /\d/.test(port));
  return named && clientFlags ? 'port-forward NAME PORT with flags of kubectl' : undefined;
}

function exposeGrammar(
  positionals: readonly string[],
  values: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  const [first = '', second] = positionals;
  const slash = first.indexOf('/');
  const typed = slash > 0 ? isKnownKind(first.slice(0, slash)) : isKnownKind(first) && second !== undefined;
  return typed && ['port', 'type', 'target-port', 'external-ip'].some((name) => values.has(name))
    ? 'expose TYPE NAME with flags of kubectl'
    : undefined;
}

/** `proxy` alone says little: many tools have one. */
function proxyGrammar(
  positionals: readonly string[],
  values: ReadonlyMap<string, readonly string[]>,
  own: readonly FlagSpec[],
  serverFlags: boolean,
  context: RenamedContext,
): string | undefined {
  const telling = PROXY_FLAGS.find((name) => values.has(name));
  if (telling !== undefined) return `proxy with --${telling}`;
  if (positionals.length > 0) return undefined;
  if (serverFlags) return 'proxy with flags of a client of the API server';
  const onlyOwn = [...values.keys()].every(
    (name) => own.some((flag) => flag.name === name) || name === 'namespace' || name === 'v',
  );
  if (!onlyOwn) return undefined;
  if (SHORT_NAMES.has(context.name)) return `proxy, and the name ${context.name} is one that people give to kubectl`;
  if (context.masquerades) return 'proxy with flags of kubectl, under a false argv[0]';
  return context.suspiciousPlace ? 'proxy with flags of kubectl, from a temporary or hidden place' : undefined;
}
