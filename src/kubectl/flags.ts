/**
 * How a flag takes its value (pflag): `value` the next word or after `=`; `bool` only after `=`; `optional` likewise,
 * with `fallback` when there is none; `list` values split at commas and appended; `array` values appended whole.
 */
export type FlagKind = 'value' | 'bool' | 'optional' | 'list' | 'array';

export interface FlagSpec {
  readonly name: string;
  readonly short?: string;
  readonly kind: FlagKind;
  /** What `optional` means without a value. */
  readonly fallback?: string;
}

/** Reads `name/n:kind` words: a table of flags in the space that a person can check against `kubectl options`. */
export function flagTable(kind: FlagKind, names: string, fallback?: string): readonly FlagSpec[] {
  return names
    .split(/\s+/)
    .filter((name) => name !== '')
    .map((entry) => {
      const [name = '', short] = entry.split('/');
      return { name, kind, ...(short === undefined ? {} : { short }), ...(fallback === undefined ? {} : { fallback }) };
    });
}

/** Flags by long name and by letter. */
export class FlagSet {
  readonly #long = new Map<string, FlagSpec>();
  readonly #short = new Map<string, FlagSpec>();

  constructor(...tables: readonly (readonly FlagSpec[])[]) {
    for (const flag of tables.flat()) {
      if (!this.#long.has(flag.name)) this.#long.set(flag.name, flag);
      if (flag.short !== undefined && !this.#short.has(flag.short)) this.#short.set(flag.short, flag);
    }
  }

  /** Underscores are folded to dashes, as kubectl does. */
  long(name: string): FlagSpec | undefined {
    return this.#long.get(name) ?? (name.includes('_') ? this.#long.get(name.replaceAll('_', '-')) : undefined);
  }

  short(letter: string): FlagSpec | undefined {
    return this.#short.get(letter);
  }
}

/** Sets by their tables: made once for each combination that our readers ask for. */
const made = new WeakMap<readonly FlagSpec[], { readonly tables: readonly (readonly FlagSpec[])[]; set: FlagSet }[]>();

/** `new FlagSet(...tables)`, made once for tables that stay the same. */
export function flagSet(...tables: readonly [readonly FlagSpec[], ...(readonly FlagSpec[])[]]): FlagSet {
  const [first] = tables;
  let known = made.get(first);
  if (known === undefined) made.set(first, (known = []));
  for (const one of known) if (isSame(one.tables, tables)) return one.set;
  const set = new FlagSet(...tables);
  known.push({ tables, set });
  return set;
}

function isSame(a: readonly (readonly FlagSpec[])[], b: readonly (readonly FlagSpec[])[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export interface ParsedFlags {
  /** Values of each flag in the order given; a boolean is `true` or `false`. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly positionals: readonly string[];
  /** Index among the positionals at which `--` stood, or `null`. */
  readonly dashAt: number | null;
  readonly unknown: readonly string[];
  /** What makes pflag stop: a flag without its value, a boolean with none of its words. */
  readonly errors: readonly string[];
}

const TRUE_WORDS = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const FALSE_WORDS = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

/** Parses words as pflag does: flags and positionals interspersed, the first `--` ends flags, a lone `-` is a positional. */
export function parseFlags(words: readonly string[], flags: FlagSet, interspersed = true): ParsedFlags {
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  const unknown: string[] = [];
  const errors: string[] = [];
  let dashAt: number | null = null;

  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === '--') {
      dashAt = positionals.length;
      positionals.push(...words.slice(i + 1));
      break;
    }
    if (word.length < 2 || !word.startsWith('-')) {
      if (!interspersed) {
        positionals.push(...words.slice(i));
        break;
      }
      positionals.push(word);
      continue;
    }
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const name = equals === -1 ? word.slice(2) : word.slice(2, equals);
      const flag = flags.long(name);
      if (flag === undefined) {
        unknown.push(`--${name}`);
      } else if (equals !== -1) {
        give(values, errors, flag, word.slice(equals + 1));
      } else {
        const without = bare(flag);
        const next = words[i + 1];
        if (without !== undefined) give(values, errors, flag, without);
        else if (next === undefined) errors.push(`--${name} needs a value`);
        else {
          give(values, errors, flag, next);
          i++;
        }
      }
      continue;
    }
    for (let letters = word.slice(1); letters !== '';) {
      const letter = letters[0] ?? '';
      const rest = letters.slice(1);
      const flag = flags.short(letter);
      if (flag === undefined) {
        unknown.push(`-${letter}`);
        break;
      }
      const without = bare(flag);
      if (rest.startsWith('=')) {
        give(values, errors, flag, rest.slice(1));
        break;
      }
      if (without !== undefined) {
        give(values, errors, flag, without);
        letters = rest;
        continue;
      }
      if (rest !== '') give(values, errors, flag, rest);
      else {
        const next = words[i + 1];
        if (next === undefined) errors.push(`-${letter} needs a value`);
        else {
          give(values, errors, flag, next);
          i++;
        }
      }
      break;
    }
  }
  return { values, positionals, dashAt, unknown, errors };
}

/** Adds a flag's value to those given before. */
function give(values: Map<string, string[]>, errors: string[], flag: FlagSpec, value: string): void {
  let given = values.get(flag.name);
  if (given === undefined) values.set(flag.name, (given = []));
  if (flag.kind === 'bool') {
    if (TRUE_WORDS.has(value)) given.push('true');
    else if (FALSE_WORDS.has(value)) given.push('false');
    else errors.push(`--${flag.name} takes true or false, not ${JSON.stringify(value)}`);
  } else if (flag.kind === 'list') {
    given.push(...value.split(','));
  } else {
    given.push(value);
  }
}

/** What a flag means without a value; `undefined` where it must have one. */
function bare({ kind, fallback }: FlagSpec): string | undefined {
  return kind === 'bool' ? 'true' : kind === 'optional' ? (fallback ?? '') : undefined;
}

/** The value that counts: the last. */
export function last(flags: ParsedFlags, name: string): string | undefined {
  return flags.values.get(name)?.at(-1);
}

export function isSet(flags: ParsedFlags, name: string): boolean {
  return last(flags, name) === 'true';
}
