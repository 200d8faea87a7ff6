import { baseName, programName } from './path-words.ts';
import { programKind } from './programs.ts';

/** What a shell or an interpreter was told to run. */
export interface Running {
  /** Path of the script as given, or `null`. */
  readonly script: string | null;
  /** Module of `python -m MODULE`. */
  readonly module: string | null;
  /** Text given on the command line (`-c`, `-e`, `/c`), or `null`. */
  readonly inline: string | null;
  /** A shell at which somebody types: a login shell, `-i`, or one without any argument. */
  readonly interactive: boolean;
}

const NOTHING: Running = { script: null, module: null, inline: null, interactive: true };

/** What `words` (argv of a shell or interpreter, argv[0] first) runs. */
export function running(words: readonly string[]): Running {
  const [first = '', ...rest] = words;
  const name = programName(first);
  if (name === 'cmd') return cmdRuns(rest);
  if (name.startsWith('powershell') || name.startsWith('pwsh')) return powershellRuns(rest);
  if (name === 'busybox' || name === 'toybox') return running(rest);
  // `-bash`: a login shell by its name.
  return posixRuns(rest, baseName(first).startsWith('-'), programKind(name) === 'shell');
}

/** Options of shells and interpreters that take the next word. */
const TAKES_A_VALUE: ReadonlySet<string> = new Set([
  '-o',
  '+o',
  '-O',
  '+O',
  '--rcfile',
  '--init-file',
  '-W',
  '-X',
  '-I',
  '-r',
  '--require',
  '--loader',
  '--import',
  '-d',
]);

/** Options after which text follows. `-e` is text for perl, ruby and node, and "stop on errors" for a shell. */
const TEXT_LETTERS = 'c';
const TEXT_LETTERS_OF_INTERPRETERS = 'ceEp';

function posixRuns(rest: readonly string[], login: boolean, shell: boolean): Running {
  let interactive = login;
  let text = false;
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i] ?? '';
    if (word === '--') {
      if (text) return { ...NOTHING, inline: rest[i + 1] ?? '', interactive };
      return scriptAt(rest[i + 1], interactive);
    }
    if (word === '-' || word === '-s') return { ...NOTHING, interactive: interactive || false };
    if (text) {
      // `bash -c -e 'text'` is allowed: options may still follow.
      if (!shell || !isOption(word)) return { ...NOTHING, inline: word, interactive };
    }
    if (!isOption(word)) return scriptAt(word, interactive);
    if (word === '-m' && !shell) return { ...NOTHING, module: rest[i + 1] ?? null, interactive: false };
    if (TAKES_A_VALUE.has(word)) {
      i++;
      continue;
    }
    if (word.startsWith('--')) {
      if (word === '--login') interactive = true;
      else if (word === '--eval' || word === '--print' || word === '--command') text = true;
      continue;
    }
    const letters = word.slice(1, 16);
    if (shell && (letters.includes('i') || letters.includes('l'))) interactive = true;
    const known = shell ? TEXT_LETTERS : TEXT_LETTERS_OF_INTERPRETERS;
    if (!word.startsWith('+') && hasOneOf(letters, known)) text = true;
    // `-eo pipefail`: the last letter of a group takes the next word.
    if (shell && letters.endsWith('o')) i++;
  }
  return { ...NOTHING, inline: text ? '' : null, interactive: interactive || (shell && rest.length === 0) };
}

function scriptAt(script: string | undefined, interactive: boolean): Running {
  return {
    ...NOTHING,
    script: script === undefined || script === '' ? null : script,
    interactive: interactive && script === undefined,
  };
}

/** `cmd /c TEXT`, `cmd /k TEXT`: a script is its first word, where that is a batch file. */
function cmdRuns(rest: readonly string[]): Running {
  const at = rest.findIndex((word) => /^\/[ckr]/i.test(word.slice(0, 2)));
  if (at === -1) return { ...NOTHING, interactive: rest.length === 0 };
  const head = rest[at] ?? '';
  const command = head.length > 2 ? [head.slice(2), ...rest.slice(at + 1)] : rest.slice(at + 1);
  const batch = unquoted(command.find((word) => word !== 'call' && !word.startsWith('/')) ?? '');
  const lower = batch.toLowerCase();
  const script = lower.endsWith('.bat') || lower.endsWith('.cmd') || lower.endsWith('.ps1') ? batch : null;
  return { ...NOTHING, script, inline: script === null ? command.join(' ') : null, interactive: false };
}

/** Options of PowerShell may be cut to any length that is still clear: `-f`, `-File`, `-c`, `-Command`, `-e`, `-enc`. */
function powershellRuns(rest: readonly string[]): Running {
  for (const [i, word] of rest.entries()) {
    const option = word.toLowerCase().replace(/^[/]/, '-');
    if ((option.length > 1 && '-file'.startsWith(option)) || option === '-file') return scriptAt(rest[i + 1], false);
    if (
      option.length > 1 &&
      ('-command'.startsWith(option) || '-encodedcommand'.startsWith(option) || option === '-ec')
    ) {
      const inline = rest.slice(i + 1).join(' ');
      const called = unquoted(rest[i + 1] === '&' || rest[i + 1] === '.' ? (rest[i + 2] ?? '') : (rest[i + 1] ?? ''));
      return { ...NOTHING, script: called.toLowerCase().endsWith('.ps1') ? called : null, inline, interactive: false };
    }
    if (word.toLowerCase().endsWith('.ps1')) return scriptAt(unquoted(word), false);
  }
  return { ...NOTHING, interactive: true };
}

function unquoted(word: string): string {
  // `. 'x.ps1'` and `& "x.ps1"`: the operators that run a file stand before its name.
  return word.replace(/^(?:["'&\s]|\.\s)+/, '').replace(/["']$/, '');
}

function isOption(word: string): boolean {
  return word.length > 1 && (word.startsWith('-') || word.startsWith('+'));
}

function hasOneOf(letters: string, known: string): boolean {
  for (const letter of known) if (letters.includes(letter)) return true;
  return false;
}
