import type { JsonObject } from '../event/json.ts';
import { rootOfValue } from '../event/observe.ts';
import { isWindowsPath, rootOf } from '../event/path-root.ts';
import type { PathRoot } from '../event/path-root.ts';
import type { OperatingSystem } from '../event/process-start.ts';

/** ` (deleted)`: the file was unlinked while the process runs; the kernel adds it to `/proc/PID/exe`. */
const DELETED = ' (deleted)';

/** The last part of a path. A backslash parts a path only where it is a Windows one: elsewhere it may stand in a name. */
export function baseName(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const clean = withoutDeleted(path);
  const slash = clean.lastIndexOf('/');
  const cut = isWindowsPath(clean) ? Math.max(slash, clean.lastIndexOf('\\')) : slash;
  const name = clean.slice(cut + 1);
  return name === '' ? undefined : name;
}

export function withoutDeleted(path: string): string {
  return path.endsWith(DELETED) ? path.slice(0, -DELETED.length) : path;
}

/** The spellings sources use: `Lin`, `osx`, `darwin`, `WINDOWS`, `Windows Server 2019`, … */
export function operatingSystem(name: string | undefined): OperatingSystem | undefined {
  const lower = name?.slice(0, 40).toLowerCase();
  if (lower === undefined) return undefined;
  if (lower.startsWith('win')) return 'windows';
  if (lower.startsWith('mac') || lower === 'osx' || lower === 'darwin' || lower.startsWith('os x')) return 'macos';
  if (lower.startsWith('lin') || LINUXES.has(lower)) return 'linux';
  return undefined;
}

const LINUXES: ReadonlySet<string> = new Set([
  'ubuntu',
  'debian',
  'centos',
  'rhel',
  'fedora',
  'amzn',
  'alpine',
  'sles',
  'arch',
  'ol',
  'rocky',
  'almalinux',
  'opensuse-leap',
]);

/** For a source that does not say: Windows paths are Windows; `/Users`, `/Applications`, `/System` and `/private` exist on macOS only. */
export function operatingSystemOfPath(path: string | undefined): OperatingSystem | undefined {
  return path === undefined ? undefined : systemOf(rootOf(path));
}

/** The same of the value of a key; whoever observes the record learns that no more was asked of it. */
export function operatingSystemOfValue(record: JsonObject, key: string): OperatingSystem | undefined {
  return systemOf(rootOfValue(record, key));
}

function systemOf(root: PathRoot | undefined): OperatingSystem | undefined {
  return root === 'posix' ? 'linux' : root;
}
