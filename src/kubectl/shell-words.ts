/** A command of a shell string: its words, quotes and assignments gone, and the environment set for it. */
export interface SimpleCommand {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface ShellReading {
  readonly commands: readonly SimpleCommand[];
  readonly notes: readonly string[];
}

/** How quotes are read: POSIX shells, or Windows command interpreters (a backslash is only itself). */
export type Quoting = 'posix' | 'windows';

const LONGEST = 200_000;
const MOST_COMMANDS = 200;
const MOST_WORDS = 10_000;
const DEEPEST = 8;
/** Reserved words that may stand before a command. */
const RESERVED = new Set([
  'if',
  'then',
  'elif',
  'else',
  'fi',
  'while',
  'until',
  'do',
  'done',
  '{',
  '}',
  '!',
  'time',
  'case',
  'esac',
  'function',
  'coproc',
]);

/**
 * Reads a shell string into its commands, in order: lists, pipes, groups, loops, and the commands inside `$(…)` and
 * backquotes. Best effort: what is cut or unbalanced is read as far as it goes, and said.
 */
export function shellCommands(text: string, quoting: Quoting = 'posix', depth = 0): ShellReading {
  const notes: string[] = [];
  if (text.length > LONGEST)
    notes.push(`the shell string has ${text.length} characters; the first ${LONGEST} were read`);
  const scanner = new Scanner(text.slice(0, LONGEST), quoting, depth, notes);
  const commands = scanner.commands();
  if (commands.length > MOST_COMMANDS) notes.push(`${commands.length} commands; the first ${MOST_COMMANDS} were read`);
  return { commands: commands.slice(0, MOST_COMMANDS), notes };
}

class Scanner {
  readonly #text: string;
  readonly #quoting: Quoting;
  readonly #depth: number;
  readonly #notes: string[];
  #at = 0;
  #words: string[] = [];
  #word = '';
  #inWord = false;
  /** The next word is the target of a redirection. */
  #redirect = false;
  readonly #made: SimpleCommand[] = [];

  constructor(text: string, quoting: Quoting, depth: number, notes: string[]) {
    this.#text = text;
    this.#quoting = quoting;
    this.#depth = depth;
    this.#notes = notes;
  }

  commands(): SimpleCommand[] {
    while (this.#at < this.#text.length && this.#made.length <= MOST_COMMANDS) this.#step();
    this.#endCommand();
    return this.#made;
  }

  #step(): void {
    const unit = this.#text[this.#at] ?? '';
    const next = this.#text[this.#at + 1];
    switch (unit) {
      case ' ':
      case '\t':
      case '\r':
        this.#endWord();
        this.#at++;
        break;
      case '\n':
      case ';':
      case '&':
      case '|':
      case '(':
      case ')':
        if (unit === '&' && next === '>') {
          this.#endWord();
          this.#redirect = true;
          this.#at += 2;
        } else if (unit === '(' && this.#inWord && this.#word.endsWith('=')) {
          this.#add(unit);
        } else {
          this.#endCommand();
          this.#at++;
        }
        break;
      case '>':
      case '<':
        this.#redirection(unit);
        break;
      case '#':
        if (this.#inWord) this.#add(unit);
        else this.#at = this.#indexOr(this.#text.indexOf('\n', this.#at));
        break;
      case "'":
        this.#single();
        break;
      case '"':
        this.#double();
        break;
      case '`':
        this.#backquote();
        break;
      case '\\':
        if (this.#quoting === 'windows') this.#add(unit);
        else this.#escape(next);
        break;
      case '^':
        // cmd.exe's escape.
        if (this.#quoting === 'windows' && next !== undefined) {
          this.#at++;
          this.#add(next);
        } else this.#add(unit);
        break;
      case '$':
        if (next === '(' && this.#quoting === 'posix') this.#substitution();
        else if (next === "'" && this.#quoting === 'posix') {
          this.#at++;
          this.#single();
        } else this.#add(unit);
        break;
      default:
        this.#add(unit);
    }
  }

  #add(unit: string): void {
    this.#word += unit;
    this.#inWord = true;
    this.#at++;
  }

  #escape(next: string | undefined): void {
    this.#at++;
    if (next === undefined) return;
    if (next === '\n') this.#at++;
    else this.#add(next);
  }

  #single(): void {
    const end = this.#text.indexOf("'", this.#at + 1);
    if (end === -1) this.#unbalanced("'");
    this.#word += this.#text.slice(this.#at + 1, this.#indexOr(end));
    this.#inWord = true;
    this.#at = this.#indexOr(end) + 1;
  }

  #double(): void {
    this.#inWord = true;
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const unit = this.#text[this.#at] ?? '';
      const next = this.#text[this.#at + 1] ?? '';
      if (unit === '"') {
        this.#at++;
        return;
      }
      if (unit === '\\' && (this.#quoting === 'windows' ? next === '"' : '"\\$`'.includes(next) && next !== '')) {
        this.#word += next;
        this.#at++;
      } else if (unit === '\\' && next === '\n' && this.#quoting === 'posix') {
        this.#at++;
      } else if (unit === '$' && next === '(' && this.#quoting === 'posix') {
        this.#substitution();
        this.#at--;
      } else {
        this.#word += unit;
      }
    }
    this.#unbalanced('"');
  }

  #backquote(): void {
    const end = this.#text.indexOf('`', this.#at + 1);
    if (end === -1) this.#unbalanced('`');
    this.#inside(this.#text.slice(this.#at + 1, this.#indexOr(end)));
    this.#word += '`…`';
    this.#inWord = true;
    this.#at = this.#indexOr(end) + 1;
  }

  /** `$(…)`: its commands run too; its output stands in the word unread. */
  #substitution(): void {
    let open = 0;
    let end = this.#at + 1;
    for (; end < this.#text.length; end++) {
      const unit = this.#text[end];
      if (unit === '(') open++;
      else if (unit === ')' && --open === 0) break;
    }
    if (open > 0) this.#unbalanced('$(');
    const inner = this.#text.slice(this.#at + 2, end);
    if (!inner.startsWith('(')) this.#inside(inner);
    this.#word += '$(…)';
    this.#inWord = true;
    this.#at = end + 1;
  }

  #inside(text: string): void {
    if (this.#depth >= DEEPEST) return;
    const { commands, notes } = shellCommands(text, this.#quoting, this.#depth + 1);
    this.#made.push(...commands);
    this.#notes.push(...notes);
  }

  /** A number before it belongs to it; what follows is a file, not an argument. */
  #redirection(unit: string): void {
    if (/^\d+$/.test(this.#word)) {
      this.#word = '';
      this.#inWord = false;
    }
    this.#endWord();
    this.#at++;
    while (this.#text[this.#at] === unit || this.#text[this.#at] === '&' || this.#text[this.#at] === '-') this.#at++;
    this.#redirect = true;
  }

  #endWord(): void {
    if (!this.#inWord) return;
    if (!this.#redirect && this.#words.length < MOST_WORDS) this.#words.push(this.#word);
    this.#redirect = false;
    this.#word = '';
    this.#inWord = false;
  }

  #endCommand(): void {
    this.#endWord();
    this.#redirect = false;
    const words = this.#words;
    this.#words = [];
    let first = 0;
    while (RESERVED.has(words[first] ?? '')) first++;
    if (words[first] === 'for' || words[first] === 'select') return;
    const env: Record<string, string> = Object.create(null);
    for (; first < words.length; first++) {
      const [, name, value] = /^([A-Za-z_]\w{0,200})=(.*)$/s.exec(words[first] ?? '') ?? [];
      if (name === undefined) break;
      env[name] = value ?? '';
    }
    if (first < words.length) this.#made.push({ words: words.slice(first), env });
  }

  #indexOr(found: number): number {
    return found === -1 ? this.#text.length : found;
  }

  #unbalanced(what: string): void {
    this.#notes.push(`unbalanced ${what}`);
  }
}
