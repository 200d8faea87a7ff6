import type { Sign } from '../base/sign.ts';
import { TUNNELS } from './plugins.ts';
import { TUNNEL_PROGRAMS } from './tunnel-programs.ts';

/**
 * Texts without one of which no process has a kubectl intent other than "none". `readCommand` gets beyond `nothing` by a program
 * of kubectl's names (`formOfName`, `pluginOfPath`, an image of kubectl behind `docker run`; the programs that hold kubectl
 * behind a word need that word, but for k0s), by an original file name, or by a verb of `renamedEvidence`. Quotes that a
 * shell takes away may stand between the letters of each; the only other way to hide them that is read is PowerShell's
 * encoded command.
 */
const programs: readonly Sign[] = [
  // `kubectl/` is a client's name in a user agent, or a folder: no program's base name.
  { text: 'kubectl', rarest: 'bec', ignoreCase: true, quoted: true, before: 'name', after: 'no-folder' },
  { text: 'kubecolor', rarest: 'bec', ignoreCase: true, quoted: true, before: 'name', after: 'no-folder' },
  { text: 'k0s', ignoreCase: true, quoted: true, before: 'name', after: 'file-name' },
  { text: 'oc', ignoreCase: true, quoted: true, before: 'file-name', after: 'file-name' },
  ...['port-forward', 'proxy', 'expose'].map(verb),
  { text: 'powershell', rarest: 'rsh', ignoreCase: true, quoted: true, before: 'name', after: 'encoded' },
  { text: 'pwsh', ignoreCase: true, quoted: true, before: 'name', after: 'encoded' },
];

/** A word of kubectl's own: no letter, digit or sign of a name beside it. */
function verb(text: string): Sign {
  return { text, ignoreCase: false, quoted: true, before: 'word', after: 'word' };
}

/** A text anywhere in a word. */
function part(text: string): Sign {
  return { text, ignoreCase: false, quoted: true, before: 'any', after: 'any' };
}

/** A program of this name, or a plugin, perhaps behind a path or `kubectl-`. */
function program(text: string): Sign {
  return { text, ignoreCase: false, quoted: true, before: 'name', after: 'any' };
}

/**
 * Without one of these nothing that kubectl is told has an action: the verbs of `change` but `exec`; what `run`, `set` and `--raw`
 * need beside them; what a kuberc definition is of; the plugins that tunnel, each by its last word.
 */
const openings: readonly Sign[] = [
  ...['proxy', 'forward', 'expose', 'hostNetwork', 'selector'].map(part),
  ...['create', 'delete', 'edit', 'patch', 'label', 'annotate', 'replace', 'apply', 'debug'].map(verb),
  ...Array.from(new Set(Array.from(TUNNELS, (name) => name.slice(name.lastIndexOf('-') + 1))), program),
];

/** Or these, and a program that carries bytes, which runs in the pod. */
const podEntries: readonly Sign[] = ['exec', 'attach'].map(verb);

const carriers: readonly Sign[] = [
  part('tcp'),
  ...TUNNEL_PROGRAMS.map((text): Sign => ({
    text,
    ignoreCase: false,
    quoted: true,
    before: 'name',
    after: text.length < 4 ? 'file-name' : 'any',
  })),
];

/** What a fact asks of the bytes. */
export interface SignField {
  /** The value that says nothing. */
  readonly nothing: string | null;
  /** It has another one only where all of one of these are met, each by one sign. */
  readonly needs: readonly (readonly (readonly Sign[])[])[];
}

const needsProgram: SignField['needs'] = [[programs]];
const needsAction: SignField['needs'] = [
  [programs, openings],
  [programs, podEntries, carriers],
];
const needsKuberc: SignField['needs'] = [
  [programs, [{ text: 'kuberc', ignoreCase: true, quoted: true, before: 'any', after: 'any' }]],
];

/** Facts that have no value (or say so) unless the signs are there. */
export const kubectlSignFields: ReadonlyMap<string, SignField> = new Map<string, SignField>([
  ['kubectl.action', { nothing: 'none', needs: needsAction }],
  ['kubectl.operation', { nothing: null, needs: needsAction }],
  ['kubectl.exposure', { nothing: null, needs: needsAction }],
  ['kubectl.sensitive', { nothing: null, needs: needsAction }],
  ['kubectl.verb', { nothing: null, needs: needsProgram }],
  ['kubectl.target', { nothing: null, needs: needsProgram }],
  ['kubectl.target.kind', { nothing: null, needs: needsProgram }],
  ['kubectl.target.name', { nothing: null, needs: needsProgram }],
  ['kubectl.service.type', { nothing: null, needs: needsProgram }],
  ['kubectl.service.name', { nothing: null, needs: needsProgram }],
  ['kubectl.binary.kind', { nothing: 'other', needs: needsProgram }],
  ['kubectl.plugin', { nothing: null, needs: needsProgram }],
  ['kubectl.kuberc.file', { nothing: null, needs: needsKuberc }],
]);
