import { baseName, binary, formOfName } from './binary.ts';
import type { ProgramForm } from './binary.ts';
import { posixCommandLine, windowsCommandLine } from './command-line-words.ts';
import type { Binary, CommandContext, Intent } from './intent.ts';
import { isTunnelPlugin, pluginOfPath } from './plugins.ts';
import { pluginTunnel, readKubectl } from './read-kubectl.ts';
import type { KubectlReading } from './read-kubectl.ts';
import { parseFlags, flagSet } from './flags.ts';
import { globalFlags, helpFlag } from './global-flags.ts';
import { redact } from './redact.ts';
import { renamedEvidence } from './renamed.ts';
import { sensitivityOf } from './sensitive.ts';
import { shellCommands } from './shell-words.ts';
import type { Quoting } from './shell-words.ts';
import { isSuspiciousPlace } from './suspicious-place.ts';
import { NOTHING } from './verb-reading.ts';
import { isShell, peel } from './wrappers.ts';

/** Longest argument vector read. */
const MOST_WORDS = 10_000;
/** Wrappers inside wrappers. */
const DEEPEST = 12;
const MOST_NOTES = 20;
const LONGEST_NOTE = 300;

const INTERPRETERS =
  /^(python[\d.]*|perl[\d.]*|ruby[\d.]*|node|nodejs|bash|dash|sh|zsh|ksh|ash|pwsh|powershell|deno|bun|php[\d.]*|lua[\d.]*)$/;

/** What has been learnt on the way to the command. */
interface Path {
  readonly wrappers: readonly string[];
  readonly remote: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
  /** The words came out of one string. */
  readonly joined: boolean;
  readonly depth: number;
}

/**
 * Reads a command line the way the programs on it do: wrappers are taken off, shells' strings read, and what reaches
 * kubectl is parsed by its rules. Total: whatever the words are, there is an intent, and it says what was not understood.
 * Of several commands in one shell string, the one that opens most counts.
 */
export function readCommand(command: readonly string[] | string, context: CommandContext): Intent {
  const path = { wrappers: [], remote: false, env: context.env ?? {}, depth: 0 };
  if (typeof command === 'string') return readJoined(command, context, { ...path, notes: [], joined: true });
  const notes = command.length > MOST_WORDS ? [`${command.length} arguments; the first ${MOST_WORDS} were read`] : [];
  return readWords(command.slice(0, MOST_WORDS), context, { ...path, notes, joined: false });
}

/**
 * A command line in one string is the arguments of a process, mostly. Some sources record what a shell was given instead
 * (`kubectl port-forward db 5432 > /tmp/log &`): that is tried where kubectl would refuse the arguments.
 */
function readJoined(text: string, context: CommandContext, path: Path): Intent {
  const quoting = isWindows(text, context) ? 'windows' : 'posix';
  const { words, notes } = quoting === 'windows' ? windowsCommandLine(text) : posixCommandLine(text);
  const asArguments = readWords(words, context, { ...path, notes });
  // What another program was given is its own affair: `git commit -m fix; kubectl proxy` has lost quotes.
  if (asArguments.action !== 'none' || asArguments.binary.kind === 'other' || !words.some(isShellSyntax))
    return asArguments;
  const asShell = readScript(text, quoting, context, path);
  return asShell.action === 'none' ? asArguments : asShell;
}

/** An operator of a shell, or a redirection, as a word by itself; a list may end right behind a word (`5432; id`). */
function isShellSyntax(word: string): boolean {
  return word.endsWith(';') || /^(?:&&?|\|[|&]?|\d?&?[<>].*)$/s.test(word);
}

function isWindows(text: string, { os, executable }: CommandContext): boolean {
  if (os !== undefined) return os === 'windows';
  return /^\s*"?[a-zA-Z]:\\|\.exe\b/.test(text.slice(0, 300)) || /^[a-zA-Z]:\\|\\Device\\/.test(executable ?? '');
}

function readWords(words: readonly string[], context: CommandContext, path: Path): Intent {
  const [first = ''] = words;
  const isTop = path.depth === 0;
  const imageName = isTop ? baseName(context.executable ?? context.name ?? '') : '';
  const wordName = baseName(first.startsWith('-') ? first.slice(1) : first);

  const plugin = readPluginImage(words, isTop ? context : {});
  if (plugin) return finish(plugin.reading, plugin.binary, words, path);

  const form = chooseForm(imageName, wordName);
  if (form) {
    const own = stripLauncher(words.slice(1), form);
    if (own === undefined) return nothing(binary('other', imageName || wordName), words, path);
    return readOwn(own, form, binaryOf(form, imageName, wordName), context, path);
  }

  const peeled =
    path.depth < DEEPEST
      ? peel(needsImage(imageName, wordName) ? [imageName, ...words.slice(1)] : words, path.joined)
      : undefined;
  if (peeled) {
    const inner: Path = {
      wrappers: [...path.wrappers, peeled.wrapper],
      remote: path.remote || peeled.remote === true,
      env: { ...path.env, ...peeled.env },
      notes: path.notes,
      joined: path.joined && peeled.inner.kind === 'words',
      depth: path.depth + 1,
    };
    return peeled.inner.kind === 'words'
      ? readWords(peeled.inner.words, context, inner)
      : readScript(peeled.inner.text, peeled.inner.quoting, context, inner);
  }

  const name = imageName !== '' ? imageName : wordName;
  const evidence = renamedEvidence(words.slice(1), {
    name,
    suspiciousPlace: isSuspiciousPlace(isTop ? (context.executable ?? first) : first),
    masquerades:
      isTop && imageName !== '' && wordName !== imageName && /^\[|[^\w.+-]/.test(first.split('/').at(-1) ?? ''),
    originalFileName: isTop ? context.originalFileName : undefined,
  });
  if (evidence.length === 0) return nothing(binary('other', name === '' ? null : name), words, path);
  return readOwn(
    words.slice(1),
    { kind: 'renamed', isOc: false, behind: null },
    binary('renamed', name, ...evidence),
    context,
    path,
  );
}

/** An image that is a wrapper under another argv[0] (`login shells`, `busybox` links) is read by its own name. */
function needsImage(imageName: string, wordName: string): boolean {
  return isShell(imageName) && !isShell(wordName);
}

/** The image's name decides, unless it is one that holds several programs and argv[0] says which. */
function chooseForm(imageName: string, wordName: string): ProgramForm | undefined {
  const byWord = formOfName(wordName);
  if (imageName === '') return byWord;
  const byImage = formOfName(imageName);
  // A multi-call image under the name kubectl: k3s's own kubectl is a link to k3s.
  if (byImage?.behind && byWord && byWord.behind === null) return { ...byWord, kind: 'alternative' };
  if (byImage) return byImage;
  if (
    imageName === 'snap' ||
    imageName === 'busybox' ||
    imageName === 'asdf' ||
    imageName === 'mise' ||
    imageName === 'kuberlr'
  ) {
    return byWord === undefined ? undefined : { ...byWord, kind: 'alternative' };
  }
  // argv[0] is the caller's to choose; with the image under another name it is a claim, and read as one.
  return byWord?.kind === 'kubectl' && !isShell(imageName) ? { ...byWord, kind: 'renamed' } : undefined;
}

function binaryOf(form: ProgramForm, imageName: string, wordName: string): Binary {
  const name = imageName === '' ? wordName : imageName;
  if (form.kind === 'kubectl' && imageName === 'kubectl' && formOfName(wordName) === undefined && wordName !== '') {
    return binary('alternative', name, `argv[0] is ${wordName}, the image is kubectl`);
  }
  if (form.kind === 'renamed') return binary('renamed', name, `argv[0] is ${wordName}, the image is ${imageName}`);
  return binary(form.kind, name, `name ${formOfName(imageName) ? imageName : wordName}`);
}

/** `k3s kubectl …`, `minikube -p x kubectl -- …`, `garden tools kubectl -- …`: the words behind; `undefined` where it runs something else. */
function stripLauncher(words: readonly string[], { behind }: ProgramForm): readonly string[] | undefined {
  if (behind === null) return words;
  const at = words.slice(0, 16).findIndex((word) => behind.includes(word));
  if (at === -1) return undefined;
  const before = words.slice(0, at);
  // Only options, and garden's `tools`, may stand before it: `k3s crictl logs kubectl` runs no kubectl.
  const plain = before.filter(
    (word, i) =>
      !word.startsWith('-') && !(before[i - 1]?.startsWith('-') && !before[i - 1]?.includes('=')) && word !== 'tools',
  );
  if (plain.length > 0) return undefined;
  const rest = words.slice(at + 1);
  return rest[0] === '--' ? rest.slice(1) : rest;
}

function readOwn(
  words: readonly string[],
  form: ProgramForm,
  own: Binary,
  context: CommandContext,
  path: Path,
): Intent {
  const reading = readKubectl(words, form.isOc, context.kuberc);
  const outer = finish(reading, own, [own.name ?? 'kubectl', ...reading.words], path);
  if (reading.inner.length === 0 || reading.verb !== 'exec' || path.depth >= DEEPEST) return outer;
  // A kubectl inside a pod, reached by `kubectl exec`.
  const inner = readWords(
    reading.inner,
    {},
    { ...path, wrappers: [...path.wrappers, 'kubectl-exec'], remote: true, joined: false, depth: path.depth + 1 },
  );
  return inner.action === 'none'
    ? outer
    : { ...inner, verb: 'exec', binary: own, context: outer.context, identity: outer.identity };
}

/** What the process of the context itself does is the first of the commands, unless it is a shell that was given the text. */
function readScript(text: string, quoting: Quoting, context: CommandContext, path: Path): Intent {
  const { commands, notes } = shellCommands(text, quoting);
  const inner: CommandContext = context.kuberc === undefined ? {} : { kuberc: context.kuberc };
  const intents = commands.map(({ words, env }, nth) =>
    readWords(words, path.depth === 0 && nth === 0 ? context : inner, { ...path, env: { ...path.env, ...env } }),
  );
  const said = [...path.notes, ...notes];
  const [best] = intents.toSorted((a, b) => weight(b) - weight(a));
  if (best === undefined || weight(best) === 0)
    return nothing(best?.binary ?? binary('other', null), [], { ...path, notes: said });
  return {
    ...best,
    not_understood: tidy([...said, ...best.not_understood]),
    confidence: notes.length > 0 ? 'medium' : best.confidence,
  };
}

function weight({ action, exposure, sensitive, binary: own, verb }: Intent): number {
  if (action === 'none') return own.kind === 'other' ? 0 : verb === null ? 0 : 1;
  return (action === 'other-network-change' ? 10 : 20) + exposure.length + sensitive.length;
}

/** An image, or a script an interpreter runs, that is a tunnel plugin after kubectl has exec'ed it. */
function readPluginImage(
  words: readonly string[],
  context: CommandContext,
): { readonly reading: KubectlReading; readonly binary: Binary } | undefined {
  const image = context.executable ?? words[0] ?? '';
  if (pluginOfPath(image) === undefined && pluginOfPath(words[1] ?? '') === undefined) return undefined;
  const at = INTERPRETERS.test(baseName(image)) ? 1 : 0;
  const path = at === 0 ? image : (words[1] ?? '');
  const name = pluginOfPath(path);
  if (name === undefined || !isTunnelPlugin(name)) return undefined;
  const rest = words.slice(at + 1);
  const base = readKubectl([], false, undefined);
  const flags = parseFlags(rest, flagSet(globalFlags, helpFlag));
  return {
    reading: {
      ...base,
      help: false,
      plugin: name,
      reading: pluginTunnel(name, flags.positionals),
      namespace: flags.values.get('namespace')?.at(-1) ?? null,
    },
    binary: binary('plugin', `kubectl-${name}`, `plugin kubectl-${name}`),
  };
}

function finish(found: KubectlReading, own: Binary, words: readonly string[], path: Path): Intent {
  const { reading } = found;
  const ports = reading.ports ?? [];
  const target = reading.target ?? null;
  const happens = reading.action !== 'none';
  const notes = [...path.notes, ...found.notes, ...(reading.notes ?? [])];
  const kubeconfig = path.env['KUBECONFIG'];
  const file = found.kuberc?.file ?? path.env['KUBERC'] ?? null;
  return {
    action: reading.action,
    verb: found.verb,
    operation: happens ? (reading.operation ?? null) : null,
    namespace: found.namespace,
    target,
    ports,
    listen: reading.listen ?? [],
    service: reading.service ?? null,
    context: found.context,
    cluster: found.cluster,
    exposure: happens ? (reading.exposure ?? []) : [],
    sensitive: happens ? sensitivityOf(target, found.namespace, ports) : [],
    identity:
      kubeconfig === undefined || found.identity.kubeconfig !== undefined
        ? found.identity
        : { ...found.identity, kubeconfig },
    wrappers: path.wrappers,
    binary: own,
    remote: path.remote,
    dry_run: reading.dryRun ?? 'none',
    help: found.help,
    plugin: found.plugin,
    kuberc:
      file === null || file === 'off'
        ? found.kuberc
        : { file, alias: found.kuberc?.alias ?? null, defaults: found.kuberc?.defaults ?? false },
    serves_files: reading.servesFiles ?? null,
    confidence: path.notes.length > 0 || found.notes.length > 0 ? 'medium' : path.joined ? 'medium' : 'high',
    not_understood: tidy(notes),
    error: reading.error ?? null,
    argv: redact(words.slice(0, 256)),
  };
}

function nothing(own: Binary, words: readonly string[], path: Path): Intent {
  const reading: KubectlReading = {
    verb: null,
    reading: NOTHING,
    help: false,
    plugin: null,
    namespace: null,
    context: null,
    cluster: null,
    identity: {},
    kuberc: null,
    notes: [],
    words,
    inner: [],
  };
  return finish(reading, own, words, { ...path, env: {} });
}

function tidy(notes: readonly string[]): readonly string[] {
  if (notes.length === 0) return [];
  return [...new Set(notes)]
    .slice(0, MOST_NOTES)
    .map((note) => (note.length > LONGEST_NOTE ? `${note.slice(0, LONGEST_NOTE)}…` : note));
}
