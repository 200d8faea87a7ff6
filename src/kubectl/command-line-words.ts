/** The words of one process's command line, as an EDR gives it in one string. */
export interface CommandLineWords {
  readonly words: readonly string[];
  readonly notes: readonly string[];
}

const LONGEST = 200_000;
const MOST_WORDS = 10_000;

/**
 * Splits a command line of a POSIX system. It was an argument vector once, mostly joined by blanks with or without quotes
 * added, so operators are plain characters, and JSON (`{"a":…}`) keeps its quotes when it balances.
 */
export function posixCommandLine(given: string): CommandLineWords {
  const text = given.slice(0, LONGEST);
  const notes: string[] =
    given.length > LONGEST ? [`the command line has ${given.length} characters; the first ${LONGEST} were read`] : [];
  const words: string[] = [];
  let word = '';
  let inWord = false;
  let at = 0;
  while (at < text.length && words.length < MOST_WORDS) {
    const unit = text[at] ?? '';
    if (unit === ' ' || unit === '\t' || unit === '\n' || unit === '\r') {
      if (inWord) words.push(word);
      word = '';
      inWord = false;
      at++;
      continue;
    }
    inWord = true;
    if (unit === "'" || unit === '"') {
      const end = closing(text, at, unit);
      if (end === -1) {
        notes.push(`unbalanced ${unit}`);
        // A quote that nothing closes was data, or the line is cut: the rest is one word either way.
        word += text.slice(at + 1);
        at = text.length;
      } else {
        const inner = text.slice(at + 1, end);
        word += unit === '"' ? inner.replace(/\\(["\\$`])/g, '$1') : inner;
        at = end + 1;
      }
    } else if (unit === '\\') {
      const next = text[at + 1];
      const escapes = next !== undefined && /[\s"'\\$`&|;()<>*?!#~{}[\]]/.test(next);
      word += escapes ? next : unit;
      at += escapes ? 2 : 1;
    } else if ((unit === '{' || unit === '[') && (word === '' || word.endsWith('='))) {
      const end = balancedJson(text, at);
      word += text.slice(at, end === -1 ? at + 1 : end);
      at = end === -1 ? at + 1 : end;
    } else {
      const end = plainEnd(text, at + 1);
      word = word === '' ? text.slice(at, end) : word + text.slice(at, end);
      at = end;
    }
  }
  if (inWord) words.push(word);
  return { words, notes };
}

/** Where the first character from `at` on stands that may mean something. */
function plainEnd(text: string, at: number): number {
  let end = at;
  for (; end < text.length; end++) {
    const unit = text.charCodeAt(end);
    // Blanks, quotes, a backslash, `{` and `[`.
    if (unit <= 0x27 ? unit <= 0x20 || unit === 0x22 || unit === 0x27 : unit >= 0x5b && (unit <= 0x5c || unit === 0x7b))
      break;
  }
  return end;
}

/** Splits a command line as `CommandLineToArgvW` does (Microsoft C runtime's rules for backslashes and quotes). */
export function windowsCommandLine(given: string): CommandLineWords {
  const text = given.slice(0, LONGEST);
  const notes: string[] =
    given.length > LONGEST ? [`the command line has ${given.length} characters; the first ${LONGEST} were read`] : [];
  const words: string[] = [];
  let word = '';
  let inWord = false;
  let quoted = false;
  for (let at = 0; at < text.length && words.length < MOST_WORDS;) {
    const unit = text[at] ?? '';
    if (!quoted && (unit === ' ' || unit === '\t')) {
      if (inWord) words.push(word);
      word = '';
      inWord = false;
      at++;
      continue;
    }
    inWord = true;
    if (unit === '\\') {
      let end = at;
      while (text[end] === '\\') end++;
      const count = end - at;
      if (text[end] === '"') {
        word += '\\'.repeat(count >> 1);
        if (count % 2 === 1) {
          word += '"';
          end++;
        }
      } else {
        word += '\\'.repeat(count);
      }
      at = end;
    } else if (unit === '"') {
      if (quoted && text[at + 1] === '"') {
        word += '"';
        at += 2;
      } else {
        quoted = !quoted;
        at++;
      }
    } else {
      word += unit;
      at++;
    }
  }
  if (inWord) words.push(word);
  if (quoted) notes.push('unbalanced "');
  return { words, notes };
}

function closing(text: string, at: number, quote: string): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\' && quote === '"') i++;
    else if (text[i] === quote) return i;
  }
  return -1;
}

/** Where the JSON value that begins at `at` ends, quotes and all; -1 where it does not balance or is no JSON. */
function balancedJson(text: string, at: number): number {
  let depth = 0;
  let inString = false;
  for (let i = at; i < text.length && i - at < 20_000; i++) {
    const unit = text[i];
    if (inString) {
      if (unit === '\\') i++;
      else if (unit === '"') inString = false;
    } else if (unit === '"') inString = true;
    else if (unit === '{' || unit === '[') depth++;
    else if (unit === '}' || unit === ']') {
      depth--;
      if (depth === 0) {
        try {
          JSON.parse(text.slice(at, i + 1));
          return i + 1;
        } catch {
          return -1;
        }
      }
    }
  }
  return -1;
}
