import type { RegexFlags } from '../../sigma/field-test.ts';
import { perlClass, posixClass } from './named-classes.ts';
import { complement, EMPTY, range, union } from './symbols.ts';
import type { SymbolSet } from './symbols.ts';
import type { Assertion, Regex } from './syntax.ts';

/** Groups within groups; deeper expressions are left to RE2. */
const DEEPEST = 100;

/** Something that this reader leaves to RE2. */
class Unknown extends Error {}

/**
 * Reads an expression that RE2 accepts (https://github.com/google/re2/wiki/Syntax); `undefined` where it has what is not
 * read here: classes of Unicode, octal escapes.
 */
export function parseRegex(expression: string, flags: RegexFlags): Regex | undefined {
  try {
    return new RegexReader(expression, flags).whole();
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

const QUANTIFIER = /[*+?]|\{(?<least>0|[1-9]\d{0,3})(?<open>,(?<most>0|[1-9]\d{0,3})?)?\}/y;
const NAMED_GROUP = /\?P?<\w+>/y;
const FLAG_GROUP = /\?(?<on>[imsU]*)(?<off>-[imsU]+)?(?<end>[:)])/y;
const HEX = /x(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/y;
const POSIX_CLASS = /\[:(\^?[a-z]+):\]/y;

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: 'text-start',
  z: 'text-end',
  b: 'word-edge',
  B: 'no-word-edge',
};

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

class RegexReader {
  readonly #text: string;
  #flags: RegexFlags;
  #at = 0;
  #depth = 0;

  constructor(text: string, flags: RegexFlags) {
    this.#text = text;
    this.#flags = flags;
  }

  whole(): Regex {
    const read = this.#alternation();
    if (this.#at < this.#text.length) throw new Unknown();
    return read;
  }

  #match(shape: RegExp): RegExpExecArray | undefined {
    shape.lastIndex = this.#at;
    const found = shape.exec(this.#text);
    if (!found) return undefined;
    this.#at += found[0].length;
    return found;
  }

  #skip(mark: string): boolean {
    if (!this.#text.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }

  #alternation(): Regex {
    if (++this.#depth > DEEPEST) throw new Unknown();
    const first = this.#sequence();
    const branches = [first];
    while (this.#skip('|')) branches.push(this.#sequence());
    this.#depth--;
    return branches.length === 1 ? first : { kind: 'choice', branches };
  }

  #sequence(): Regex {
    const parts: Regex[] = [];
    while (this.#at < this.#text.length && this.#text[this.#at] !== '|' && this.#text[this.#at] !== ')') {
      const atoms = this.#atoms();
      const quantifier = this.#match(QUANTIFIER);
      if (quantifier) {
        this.#skip('?');
        // Of a quotation it concerns the last character; behind flags RE2 takes it for what stands before them.
        const body = atoms.pop();
        if (!body) throw new Unknown();
        atoms.push({ kind: 'repeat', body, ...bounds(quantifier) });
      }
      parts.push(...atoms);
    }
    return { kind: 'sequence', parts };
  }

  /** What a quantifier can follow: one part, the characters of a quotation, or none for flags. */
  #atoms(): Regex[] {
    if (this.#skip('\\Q')) return this.#quotation();
    if (this.#skip('(')) return this.#group();
    return [this.#atom()];
  }

  #atom(): Regex {
    const code = this.#next();
    const { m, s } = this.#flags;
    switch (String.fromCodePoint(code)) {
      case '[':
        return { kind: 'set', set: this.#class() };
      case '\\':
        return this.#escape();
      case '.':
        return { kind: 'set', set: complement(s ? EMPTY : range(10, 10)) };
      case '^':
        return { kind: 'assertion', holds: m ? 'line-start' : 'text-start' };
      case '$':
        return { kind: 'assertion', holds: m ? 'line-end' : 'text-end' };
      case '*':
      case '+':
      case '?':
        throw new Unknown();
      default:
        return this.#literal(code);
    }
  }

  #next(): number {
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) throw new Unknown();
    this.#at += code > 0xffff ? 2 : 1;
    return code;
  }

  #literal(code: number): Regex {
    return { kind: 'set', set: range(code, code, this.#flags.i) };
  }

  #group(): Regex[] {
    const outer = this.#flags;
    if (this.#text[this.#at] === '?' && !this.#match(NAMED_GROUP)) {
      const groups = this.#match(FLAG_GROUP)?.groups;
      if (!groups) throw new Unknown();
      const { on = '', off = '', end } = groups;
      const holds = (flag: 'i' | 'm' | 's'): boolean => !off.includes(flag) && (on.includes(flag) || outer[flag]);
      this.#flags = { i: holds('i'), m: holds('m'), s: holds('s') };
      // Flags hold to the end of the group in which they stand, over `|` too.
      if (end === ')') return [];
    }
    const inner = this.#alternation();
    if (!this.#skip(')')) throw new Unknown();
    this.#flags = outer;
    return [inner];
  }

  #escape(): Regex {
    const letter = this.#text[this.#at] ?? '';
    const holds = Object.hasOwn(ASSERTIONS, letter) ? ASSERTIONS[letter] : undefined;
    const set = perlClass(letter, this.#flags.i);
    if (!holds && !set) return this.#literal(this.#escaped());
    this.#at++;
    return holds ? { kind: 'assertion', holds } : { kind: 'set', set: set ?? EMPTY };
  }

  /** To `\E` or the end. */
  #quotation(): Regex[] {
    const end = this.#text.indexOf('\\E', this.#at);
    const quoted = this.#text.slice(this.#at, end === -1 ? undefined : end);
    this.#at = end === -1 ? this.#text.length : end + 2;
    return Array.from(quoted, (character) => this.#literal(character.codePointAt(0) ?? 0));
  }

  /** The character that an escape stands for; the backslash is read. */
  #escaped(): number {
    const hex = this.#match(HEX);
    if (hex) return parseInt(hex[1] ?? hex[2] ?? '', 16);
    const code = this.#next();
    const letter = String.fromCodePoint(code);
    const control = Object.hasOwn(CONTROLS, letter) ? CONTROLS[letter] : undefined;
    if (control !== undefined) return control;
    if (code > 0x7f || /[a-zA-Z0-9]/.test(letter)) throw new Unknown();
    return code;
  }

  #class(): SymbolSet {
    const negated = this.#skip('^');
    let set = EMPTY;
    for (let isFirst = true; isFirst || this.#text[this.#at] !== ']'; isFirst = false)
      set = union(set, this.#classItem());
    this.#at++;
    return negated ? complement(set) : set;
  }

  #classItem(): SymbolSet {
    const { i } = this.#flags;
    const posix = this.#match(POSIX_CLASS);
    if (posix) {
      const named = posixClass(posix[1] ?? '', i);
      if (!named) throw new Unknown();
      return named;
    }
    const perl = this.#text[this.#at] === '\\' ? perlClass(this.#text[this.#at + 1] ?? '', i) : undefined;
    if (perl) {
      this.#at += 2;
      return perl;
    }
    const from = this.#classCharacter();
    if (this.#text[this.#at] !== '-' || this.#text[this.#at + 1] === ']') return range(from, from, i);
    this.#at++;
    return range(from, this.#classCharacter(), i);
  }

  #classCharacter(): number {
    return this.#skip('\\') ? this.#escaped() : this.#next();
  }
}

function bounds({ 0: whole, groups }: RegExpExecArray): { readonly least: number; readonly most: number | undefined } {
  if (whole === '*') return { least: 0, most: undefined };
  if (whole === '+') return { least: 1, most: undefined };
  if (whole === '?') return { least: 0, most: 1 };
  const least = Number(groups?.['least']);
  const { open, most } = groups ?? {};
  return { least, most: open === undefined ? least : most === undefined ? undefined : Number(most) };
}
