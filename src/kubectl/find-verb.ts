import type { FlagSet } from './flags.ts';

export interface FoundVerb {
  /** The subcommand's word, or `null` where none is found. */
  readonly verb: string | null;
  /** Everything but that word, in order: what the subcommand parses. */
  readonly rest: readonly string[];
  /** A flag stood before the verb: a plugin then fails. */
  readonly flagsBefore: boolean;
}

/**
 * Finds the subcommand as cobra does (`Find`, `stripFlags`): before flags are parsed, knowing only `flags`, those of the
 * command it stands on. An unknown `--flag` or `-x` swallows the next word; a group of letters does not.
 */
export function findVerb(words: readonly string[], flags: FlagSet): FoundVerb {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === '--') break;
    if (word.startsWith('--')) {
      if (!word.includes('=') && takesNext(flags.long(word.slice(2))?.kind)) i++;
    } else if (word.startsWith('-')) {
      if (word.length === 2 && takesNext(flags.short(word.slice(1))?.kind)) i++;
    } else if (word !== '') {
      return { verb: word, rest: words.toSpliced(i, 1), flagsBefore: i > 0 };
    }
  }
  return { verb: null, rest: words, flagsBefore: false };
}

/** A lone `-` is no flag to pflag, but cobra's search skips it like one. */
function takesNext(kind: string | undefined): boolean {
  return kind !== 'bool' && kind !== 'optional';
}
