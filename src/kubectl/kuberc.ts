import { member } from './overrides.ts';

/** A kuberc file: kubectl `pkg/config/v1beta1/types.go`. */
export interface Kuberc {
  readonly file: string | null;
  readonly aliases: readonly KubercAlias[];
  readonly defaults: readonly { readonly command: string; readonly options: readonly KubercOption[] }[];
}

interface KubercAlias {
  readonly name: string;
  readonly command: string;
  readonly prependArgs: readonly string[];
  readonly appendArgs: readonly string[];
  readonly options: readonly KubercOption[];
}

interface KubercOption {
  readonly name: string;
  readonly value: string;
}

const MOST_ENTRIES = 1000;

/** Reads the content of a kuberc file; whatever has another form is left out. */
export function readKuberc(value: unknown): Kuberc | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return {
    file: text(member(value, 'path')) ?? null,
    aliases: list(member(value, 'aliases')).flatMap((alias) => {
      const name = text(member(alias, 'name'));
      const command = text(member(alias, 'command'));
      if (name === undefined || command === undefined || !/^[a-zA-Z]{1,100}$/.test(name)) return [];
      return [
        {
          name,
          command,
          prependArgs: list(member(alias, 'prependArgs')).flatMap((one) => text(one) ?? []),
          appendArgs: list(member(alias, 'appendArgs')).flatMap((one) => text(one) ?? []),
          options: options(member(alias, 'options')),
        },
      ];
    }),
    defaults: list(member(value, 'defaults')).flatMap((entry) => {
      const command = text(member(entry, 'command'));
      return command === undefined ? [] : [{ command, options: options(member(entry, 'options')) }];
    }),
  };
}

/**
 * The command line with an alias of the file put in its place, or with the defaults of a plain command. An alias must be the
 * first word without a dash and nothing but `--flag=value` may stand before it; a flag on the command line wins over a default.
 */
export function applyKuberc(
  words: readonly string[],
  kuberc: Kuberc,
  isBuiltin: (word: string) => boolean,
  verb: string | null,
): { readonly words: readonly string[]; readonly alias: string | null; readonly defaults: boolean } {
  const at = words.findIndex((word) => !word.startsWith('-'));
  const first = words[at];
  const alias = first === undefined || isBuiltin(first) ? undefined : kuberc.aliases.find(({ name }) => name === first);
  if (alias) {
    const rest = words.slice(at + 1);
    const made = [
      ...words.slice(0, at),
      ...alias.command.split(' '),
      ...alias.prependArgs,
      ...rest,
      ...missing(alias.options, rest),
      ...alias.appendArgs,
    ];
    return { words: made, alias: alias.name, defaults: false };
  }
  const found = verb === null ? undefined : kuberc.defaults.find(({ command }) => command === verb);
  const added = found === undefined ? [] : missing(found.options, words);
  return { words: [...words, ...added], alias: null, defaults: added.length > 0 };
}

function missing(options_: readonly KubercOption[], words: readonly string[]): readonly string[] {
  return options_
    .filter(({ name }) => !words.some((word) => word === `--${name}` || word.startsWith(`--${name}=`)))
    .map(({ name, value }) => `--${name}=${value}`);
}

function options(value: unknown): readonly KubercOption[] {
  return list(value).flatMap((option) => {
    const name = text(member(option, 'name'));
    const given = text(member(option, 'default'));
    return name === undefined || given === undefined ? [] : [{ name, value: given }];
  });
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, MOST_ENTRIES) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= 10_000 ? value : undefined;
}
