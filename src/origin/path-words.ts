import { remembering } from '../base/remembering.ts';

/** Longest path or word that is looked at; what is longer is cut. Windows allows 32,767, Linux 4,096. */
const LONGEST_PATH = 4_096;
const MOST_SEGMENTS = 256;

/** A path in one spelling: `/` between segments, `.` and `..` resolved, no ` (deleted)`; lower case on Windows. */
export interface NormalPath {
  /** Starts with `/` (or `c:/`) where the path is absolute. */
  readonly text: string;
  readonly segments: readonly string[];
  readonly windows: boolean;
  readonly absolute: boolean;
}

/** Last part of a path of either kind, as written. */
export function baseName(path: string): string {
  const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return path.slice(end + 1, end + 1 + LONGEST_PATH);
}

/**
 * A program's name for look-ups: lower case, without a login shell's dash and without `.exe`.
 * `-bash` → `bash`, `Code.exe` → `code`.
 */
export function programName(nameOrPath: string): string {
  const name = baseName(nameOrPath).toLowerCase().trim();
  const bare = name.startsWith('-') ? name.slice(1) : name;
  return bare.endsWith('.exe') || bare.endsWith('.com') ? bare.slice(0, -4) : bare;
}

/**
 * One spelling for a path, so that `//tmp/./x`, `/opt/../tmp/x` and `\Device\HarddiskVolume2\Windows\Temp\x` are
 * seen for what they are. A relative path is joined to `base` where that is given.
 */
export function normalPath(path: string, base?: string): NormalPath {
  // What an absolute path is relative to does not matter.
  return base === undefined || path.startsWith('/') ? normalWhole(path) : normalise(path, base);
}

const normalWhole = remembering((path) => normalise(path, undefined));

function normalise(path: string, base: string | undefined): NormalPath {
  let text = path.slice(0, LONGEST_PATH);
  // The kernel marks the image of a running program whose file is gone.
  if (text.endsWith(' (deleted)')) text = text.slice(0, -' (deleted)'.length);
  const windows = looksLikeWindows(text) || (base !== undefined && !text.startsWith('/') && looksLikeWindows(base));
  if (windows) text = withoutDevicePrefix(text.replaceAll('/', '\\')).replaceAll('\\', '/').toLowerCase();
  const drive = windows && text.charAt(1) === ':' ? text.slice(0, 2) : '';
  const absolute = text.startsWith('/') || (drive !== '' && text.charAt(2) === '/');
  if (!absolute && base !== undefined && base !== '') {
    const parent = normalPath(base);
    if (parent.absolute) return normalPath(`${parent.text}/${text}`);
  }
  const segments: string[] = [];
  for (const segment of text.slice(drive.length).split('/', MOST_SEGMENTS)) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(segment);
  }
  const root = absolute ? `${drive}/` : drive;
  return { text: root + segments.join('/'), segments, windows, absolute };
}

function looksLikeWindows(text: string): boolean {
  return text.charAt(1) === ':' || (text.includes('\\') && !text.startsWith('/'));
}

/** `\\?\C:\x`, `\??\C:\x` and `\Device\HarddiskVolume3\x` name a drive; which letter a volume has is not in the event. */
function withoutDevicePrefix(text: string): string {
  if (text.startsWith('\\\\?\\') || text.startsWith('\\??\\')) return text.slice(4);
  const volume = '\\device\\harddiskvolume';
  if (text.slice(0, volume.length).toLowerCase() !== volume) return text;
  const rest = text.indexOf('\\', volume.length);
  return rest === -1 ? text : `c:${text.slice(rest)}`;
}

/** Most words and characters of a command line that are looked at to learn what a parent runs. */
const MOST_WORDS = 64;
const LONGEST_LINE = 16_384;

/**
 * The words of a parent's command line, roughly: blanks part them, a word that begins with a double quote ends with
 * one. Enough to find a script's name; what kubectl's own arguments mean is read elsewhere, and with more care.
 */
export function roughWords(commandLine: string): string[] {
  const line = commandLine.slice(0, LONGEST_LINE);
  const words: string[] = [];
  let at = 0;
  while (words.length < MOST_WORDS) {
    while (isBlank(line.charCodeAt(at))) at++;
    if (at >= line.length) break;
    let end: number;
    if (line.charAt(at) === '"') {
      at++;
      end = line.indexOf('"', at);
      if (end === -1) end = line.length;
      words.push(line.slice(at, end));
      at = end + 1;
    } else {
      end = at;
      while (end < line.length && !isBlank(line.charCodeAt(end))) end++;
      words.push(line.slice(at, end));
      at = end;
    }
  }
  return words;
}

/** The first words of an argument vector, each cut: a vector may hold megabytes. */
export function boundedWords(args: readonly string[]): string[] {
  return args.slice(0, MOST_WORDS).map((word) => word.slice(0, LONGEST_PATH));
}

function isBlank(unit: number): boolean {
  return unit === 32 || (unit >= 9 && unit <= 13);
}
