import type { Sign } from '../base/sign.ts';

/**
 * Texts without one of which no process has a kubectl intent other than "none". `readCommand` gets beyond `nothing` by a program
 * of kubectl's names (`formOfName`, `pluginOfPath`, an image of kubectl behind `docker run`; the programs that hold kubectl
 * behind a word need that word, but for k0s), by an original file name, or by a verb of `renamedEvidence`. Quotes that a
 * shell takes away may stand between the letters of each; the only other way to hide them that is read is PowerShell's
 * encoded command.
 */
export const kubectlSigns: readonly Sign[] = [
  // `kubectl/` is a client's name in a user agent, or a folder: no program's base name.
  { text: 'kubectl', rarest: 'ubec', ignoreCase: true, quoted: true, before: 'name', after: 'no-folder' },
  { text: 'kubecolor', rarest: 'ubec', ignoreCase: true, quoted: true, before: 'name', after: 'no-folder' },
  { text: 'k0s', ignoreCase: true, quoted: true, before: 'name', after: 'file-name' },
  { text: 'oc', ignoreCase: true, quoted: true, before: 'file-name', after: 'file-name' },
  ...['port-forward', 'proxy', 'expose'].map((text): Sign => ({
    text,
    ignoreCase: false,
    quoted: true,
    before: 'word',
    after: 'word',
  })),
  { text: 'powershell', rarest: 'rshe', ignoreCase: true, quoted: true, before: 'name', after: 'encoded' },
  { text: 'pwsh', ignoreCase: true, quoted: true, before: 'name', after: 'encoded' },
];

/**
 * Facts that have no value (or say so) unless one of the signs is there: the field, and the value that says nothing.
 */
export const kubectlSignFields: ReadonlyMap<string, string | null> = new Map<string, string | null>([
  ['kubectl.action', 'none'],
  ['kubectl.operation', null],
  ['kubectl.verb', null],
  ['kubectl.target', null],
  ['kubectl.target.kind', null],
  ['kubectl.target.name', null],
  ['kubectl.exposure', null],
  ['kubectl.sensitive', null],
  ['kubectl.service.type', null],
  ['kubectl.service.name', null],
  ['kubectl.binary.kind', 'other'],
  ['kubectl.plugin', null],
  ['kubectl.kuberc.file', null],
]);
