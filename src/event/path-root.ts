/** What a path begins as: with a drive or a backslash; in a folder that only macOS has at its root; with a slash. */
export type PathRoot = 'windows' | 'macos' | 'posix';

/** As kernel/routes.ts tells it of the bytes. */
export function rootOf(path: string): PathRoot | undefined {
  if (isWindowsPath(path)) return 'windows';
  if (!path.startsWith('/')) return undefined;
  return /^\/(?:Users|Applications|System|Library|private)\//.test(path) ? 'macos' : 'posix';
}

/** `C:\…`, `C:/…`, `\\server\…`, `\Device\HarddiskVolume2\…`. */
export function isWindowsPath(path: string): boolean {
  return path.startsWith('\\') || /^[A-Za-z]:[\\/]/.test(path);
}
