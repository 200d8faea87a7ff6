const PLACES = [
  '/tmp/',
  '/var/tmp/',
  '/dev/shm/',
  '/run/shm/',
  '/private/tmp/',
  '/private/var/tmp/',
  '/private/var/folders/',
  '/users/shared/',
];
const WINDOWS_PLACES = [
  '\\windows\\temp\\',
  '\\appdata\\local\\temp\\',
  '\\users\\public\\',
  '\\perflogs\\',
  '\\$recycle.bin\\',
];

/**
 * Does this program lie where an attacker can write and hide: a temporary directory, shared memory, a hidden file? Go's
 * build cache in /tmp is where test programs live, and is not one.
 */
export function isSuspiciousPlace(path: string): boolean {
  const lower = path.toLowerCase();
  if (/^\/(private\/)?(var\/folders\/.*|tmp)\/go-build\d/.test(lower)) return false;
  const name = lower.slice(Math.max(lower.lastIndexOf('/'), lower.lastIndexOf('\\')) + 1);
  return (
    PLACES.some((place) => lower.startsWith(place)) ||
    WINDOWS_PLACES.some((place) => lower.includes(place)) ||
    (name.startsWith('.') && name.length > 2)
  );
}
