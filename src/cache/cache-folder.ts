import { lstatSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** What of the environment decides where the cache lies. */
export interface CacheSettings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/**
 * Where things lie that only save time: `PORTREEVE_CACHE_DIR`, or the folder that the system has for caches. Undefined
 * where `PORTREEVE_CACHE` is `off`, or no such folder is known.
 */
export function cachePath({ env, platform, home }: CacheSettings): string | undefined {
  if (/^(off|0|no|false)$/i.test(env['PORTREEVE_CACHE'] ?? '')) return undefined;
  const given = env['PORTREEVE_CACHE_DIR'];
  if (given !== undefined && given !== '') return given;
  const caches = systemCaches(env, platform, home);
  return caches === undefined || !isAbsolute(caches) ? undefined : join(caches, 'portreeve');
}

function systemCaches(env: CacheSettings['env'], platform: NodeJS.Platform, home: string): string | undefined {
  if (platform === 'win32') return env['LOCALAPPDATA'];
  if (platform === 'darwin') return join(home, 'Library', 'Caches');
  // XDG Base Directory: "All paths set in these environment variables must be absolute", others are to be ignored.
  const xdg = env['XDG_CACHE_HOME'] ?? '';
  return isAbsolute(xdg) ? xdg : join(home, '.cache');
}

/** The folder, made where it is not there; undefined where there is none that this user alone can write to. */
export function cacheFolder(isWanted: boolean): string | undefined {
  if (!isWanted) return undefined;
  try {
    const path = cachePath({ env: process.env, platform: process.platform, home: homedir() });
    if (path === undefined) return undefined;
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const found = lstatSync(path);
    return found.isDirectory() && isOurs(found) ? path : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Nobody else can have put something there: what lies in the cache is believed, and code among it is run. Windows has no
 * such bits; there the folder lies in the user's profile, which others cannot write to.
 */
export function isOurs({ uid, mode }: { readonly uid: number; readonly mode: number }): boolean {
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
}
