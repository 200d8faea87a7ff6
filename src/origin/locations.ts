import { remembering } from '../base/remembering.ts';
import { normalPath } from './path-words.ts';
import type { NormalPath } from './path-words.ts';

/** Where a file lies, as far as that says something about who may have put it there. */
export type Place = 'temp' | 'shared-memory' | 'hidden' | 'home' | 'container';

export interface Location {
  readonly place: Place;
  /** Why, in words: `lies in the temporary directory /tmp`. */
  readonly reason: string;
}

/** Everybody may write here. In the spelling of `NormalPath`, without a trailing slash. */
const TEMPORARY: readonly string[] = [
  '/tmp',
  '/var/tmp',
  '/usr/tmp',
  '/private/tmp',
  '/private/var/tmp',
  '/var/folders',
  '/private/var/folders',
  '/run/user',
  '/run/lock',
  '/var/lock',
  '/users/shared',
];

const TEMPORARY_ON_WINDOWS: readonly string[] = [
  '/windows/temp',
  '/windows/tasks',
  '/windows/tracing',
  '/users/public',
  '/temp',
  '/tmp',
  '/perflogs',
  '/$recycle.bin',
];

/** In memory: gone after a restart, and never seen by a scan of the disk. */
const SHARED_MEMORY: readonly string[] = ['/dev/shm', '/run/shm', '/dev/mqueue', '/dev/fd', '/proc/self/fd'];

/** Below these lies the file system of a container, as the host sees it. */
const CONTAINER_ROOTS: readonly string[] = [
  '/var/lib/docker/overlay2',
  '/var/lib/docker/containers',
  '/var/lib/containerd',
  '/var/lib/containers',
  '/run/containerd',
  '/run/k3s/containerd',
  '/var/lib/rancher/k3s/agent/containerd',
];

/** The directory inside a container root from which on the path is the container's own. */
const CONTAINER_MOUNTS: readonly string[] = ['merged', 'diff', 'fs', 'rootfs'];

/**
 * Dot directories of a home directory where ordinary tools install programs. A dot there is the tool's habit, not a
 * way to hide; a dot name anywhere else is.
 */
const TOOL_DIRECTORIES: ReadonlySet<string> = new Set([
  '.local',
  '.krew',
  '.asdf',
  '.mise',
  '.rtx',
  '.arkade',
  '.minikube',
  '.garden',
  '.okteto',
  '.devspace',
  '.tilt-dev',
  '.skaffold',
  '.rd',
  '.docker',
  '.lens',
  '.freelens',
  '.vscode',
  '.vscode-server',
  '.vscode-server-insiders',
  '.vscode-insiders',
  '.vscode-oss',
  '.cursor',
  '.cursor-server',
  '.windsurf-server',
  '.jetbrains',
  '.cargo',
  '.rustup',
  '.go',
  '.gvm',
  '.goenv',
  '.nvm',
  '.nodenv',
  '.volta',
  '.fnm',
  '.npm',
  '.npm-global',
  '.npm-packages',
  '.yarn',
  '.bun',
  '.deno',
  '.pyenv',
  '.rbenv',
  '.rvm',
  '.sdkman',
  '.jenv',
  '.tfenv',
  '.tenv',
  '.dotnet',
  '.linuxbrew',
  '.homebrew',
  '.nix-profile',
  '.nix-defexpr',
  '.pulumi',
  '.terraform.d',
  '.fly',
  '.werf',
  '.trdl',
  '.oh-my-zsh',
  '.fzf',
  '.toolbox',
  '.gem',
  '.composer',
  '.pub-cache',
  '.ghcup',
  '.opam',
  // Inside a project below home.
  '.venv',
  '.tox',
  '.nox',
  '.bin',
  '.conda',
  '.pixi',
  '.devbox',
  '.bundle',
]);

/** As `TOOL_DIRECTORIES`, where only a directory inside the dot directory is known. */
const TOOL_SUBDIRECTORIES: readonly string[] = [
  '.config/lens/',
  '.config/openlens/',
  '.config/freelens/',
  '.cache/bazel/',
  '.cache/pre-commit/',
  '.cache/jetbrains/',
];

/** The place of a file, or `null` where its path says nothing. Most telling first: a hidden file in /tmp is `temp`. */
export function locate(path: string, base?: string): Location | null {
  return base === undefined || path.startsWith('/') ? locateWhole(path) : placeOf(normalPath(path, base));
}

const locateWhole = remembering((path) => placeOf(normalPath(path)));

function placeOf(normal: NormalPath): Location | null {
  if (normal.text.startsWith('/memfd:') || normal.text.startsWith('memfd:')) {
    return { place: 'shared-memory', reason: 'has no file: it was started from memory (memfd)' };
  }
  const inside = insideContainer(normal);
  if (inside !== null) {
    return locateOnHost(inside) ?? { place: 'container', reason: 'lies in the file system of a container' };
  }
  return locateOnHost(normal);
}

/** Is this a place where only its owner or an administrator installs programs? Unknown paths are not. */
export function isTrustworthy(path: string): boolean {
  const normal = normalPath(path);
  if (!normal.absolute) return false;
  const place = locate(path)?.place;
  return place === undefined || place === 'home' || place === 'container';
}

function locateOnHost(path: NormalPath): Location | null {
  if (!path.absolute) return null;
  return sharedMemory(path) ?? temporary(path) ?? hidden(path) ?? home(path);
}

function sharedMemory(path: NormalPath): Location | null {
  if (path.windows) return null;
  const directory = within(path.text, SHARED_MEMORY);
  if (directory !== null) return { place: 'shared-memory', reason: `lies in shared memory, ${directory}` };
  // /proc/1234/fd/5: a file descriptor of a process, the way to start what has no name.
  const [first, , third] = path.segments;
  if (first === 'proc' && third === 'fd')
    return { place: 'shared-memory', reason: 'is an open file without a name, /proc/…/fd' };
  return null;
}

function temporary(path: NormalPath): Location | null {
  const reason = (directory: string): Location => ({
    place: 'temp',
    reason: `lies in the temporary directory ${directory}`,
  });
  if (!path.windows) {
    // macOS paths fold case; folding here as well costs nothing, since no ordinary system has a /Tmp.
    const directory = within(path.text.toLowerCase(), TEMPORARY);
    return directory === null ? null : reason(directory === '/users/shared' ? '/Users/Shared' : directory);
  }
  const text = withoutDrive(path.text);
  const directory = within(text, TEMPORARY_ON_WINDOWS);
  if (directory !== null) return reason(directory.replaceAll('/', '\\'));
  for (const part of ['/appdata/local/temp/', '/appdata/locallow/', '/temporary internet files/', '/inetcache/']) {
    if (text.includes(part)) return reason(part.slice(0, -1).replaceAll('/', '\\'));
  }
  // Every user may create files right in ProgramData; programs install into a directory below it.
  if (path.segments.length === 2 && path.segments[0] === 'programdata') return reason('\\ProgramData');
  return null;
}

function hidden(path: NormalPath): Location | null {
  const { segments } = path;
  const inHome = home(path) !== null;
  for (const [index, segment] of segments.entries()) {
    if (!segment.startsWith('.')) continue;
    const last = index === segments.length - 1;
    if (!last && inHome && isToolDirectory(segments.slice(index))) continue;
    // Flatpak and Nix keep generations in dot directories of system paths.
    if (!last && segments[0] === 'nix') continue;
    return last
      ? { place: 'hidden', reason: `has a hidden (dot) name, ${segment}` }
      : { place: 'hidden', reason: `lies in the hidden directory ${segment}` };
  }
  return null;
}

function isToolDirectory(rest: readonly string[]): boolean {
  const name = rest[0] ?? '';
  const text = `${rest.join('/').toLowerCase()}/`;
  return TOOL_DIRECTORIES.has(name.toLowerCase()) || TOOL_SUBDIRECTORIES.some((known) => text.startsWith(known));
}

function home(path: NormalPath): Location | null {
  const [first, second, third] = path.segments;
  if (path.windows) {
    if (first !== 'users' || second === undefined || second === 'public') return null;
    return { place: 'home', reason: `lies in the home directory of ${second}` };
  }
  if (first === 'root') return { place: 'home', reason: 'lies in the home directory of root' };
  const top = first?.toLowerCase();
  if ((top === 'home' || top === 'users') && second !== undefined && path.segments.length > 2) {
    return { place: 'home', reason: `lies in the home directory of ${second}` };
  }
  if ((first === 'var' || first === 'export') && second === 'home' && third !== undefined) {
    return { place: 'home', reason: `lies in the home directory of ${third}` };
  }
  return null;
}

function insideContainer(path: NormalPath): NormalPath | null {
  if (path.windows || within(path.text, CONTAINER_ROOTS) === null) return null;
  const mount = path.segments.findIndex((segment) => CONTAINER_MOUNTS.includes(segment));
  return normalPath(mount === -1 ? '/' : `/${path.segments.slice(mount + 1).join('/')}`);
}

/** The directory of `directories` that `text` lies in. */
function within(text: string, directories: readonly string[]): string | null {
  for (const directory of directories) {
    if (text.length > directory.length && text.startsWith(directory) && text.charAt(directory.length) === '/')
      return directory;
  }
  return null;
}

function withoutDrive(text: string): string {
  return text.charAt(1) === ':' ? text.slice(2) : text;
}
