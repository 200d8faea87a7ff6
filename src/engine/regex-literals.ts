/** Texts in lower case, one of which stands in every text (without regard to case) that an expression is found in. */
export type LiteralClause = readonly string[];

/** What a part of an expression matches: a few texts exactly, or texts that hold one of each clause. */
interface Info {
  readonly exact: readonly string[] | undefined;
  readonly clauses: readonly LiteralClause[];
}

/** Bounds of what is kept: alternatives of a clause, characters of a literal, clauses of an expression. */
const MOST_TEXTS = 16;
const LONGEST = 64;
const MOST_CLAUSES = 4;

/** As RE2 reads it: `{01}` is text. */
const QUANTIFIER = /^(?:[*+?]|\{(?:0|[1-9]\d{0,3})(?:,(?:0|[1-9]\d{0,3})?)?\})/;

const ANY: Info = { exact: undefined, clauses: [] };
const NOTHING: Info = { exact: [''], clauses: [] };

/** Something that this reader does not know: then nothing is said of the expression. */
class Unknown extends Error {}

/**
 * What a text must hold for an expression to be found in it, so that most texts need not be searched: each clause must
 * hold, by one of its texts. Case is left out of account, so texts are compared with the folded text. None where nothing
 * is known. For expressions that RE2 accepts; only printable ASCII counts as literal.
 */
export function requiredLiterals(expression: string): readonly LiteralClause[] {
  try {
    const info = new LiteralReader(expression).whole();
    return [...asClauses(info)].sort((a, b) => worth(b) - worth(a)).slice(0, MOST_CLAUSES);
  } catch (error) {
    if (error instanceof Unknown) return [];
    throw error;
  }
}

/** Longer literals are rarer. */
function worth(clause: LiteralClause): number {
  return Math.min(...clause.map(({ length }) => length)) - clause.length / 100;
}

function asClauses({ exact, clauses }: Info): readonly LiteralClause[] {
  if (exact === undefined) return clauses;
  return exact.length > 0 && exact.every((text) => text !== '') ? [exact] : [];
}

function isLiteral(unit: string): boolean {
  return unit >= ' ' && unit <= '~';
}

class LiteralReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Info {
    const info = this.#alternation();
    if (this.#at < this.#text.length) throw new Unknown();
    return info;
  }

  #alternation(): Info {
    const branches = [this.#sequence()];
    while (this.#text[this.#at] === '|') {
      this.#at++;
      branches.push(this.#sequence());
    }
    const [only] = branches;
    if (branches.length === 1 && only) return only;
    const texts = [...new Set(branches.flatMap(({ exact }) => exact ?? []))];
    if (branches.every(({ exact }) => exact !== undefined) && texts.length <= MOST_TEXTS)
      return { exact: texts, clauses: [] };
    // Of each branch its best clause: one of them all must hold.
    const best = branches.map((branch) => [...asClauses(branch)].sort((a, b) => worth(b) - worth(a))[0]);
    if (best.some((clause) => clause === undefined)) return ANY;
    const joined = [...new Set(best.flatMap((clause) => clause ?? []))];
    return joined.length <= MOST_TEXTS ? { exact: undefined, clauses: [joined] } : ANY;
  }

  /** Neighbours that match exactly are put together; whatever else stands between ends the literal. */
  #sequence(): Info {
    const clauses: LiteralClause[] = [];
    let run: readonly string[] = [''];
    let isExact = true;
    const flush = (): void => {
      clauses.push(...asClauses({ exact: run, clauses: [] }));
      run = [''];
    };
    while (this.#at < this.#text.length && this.#text[this.#at] !== '|' && this.#text[this.#at] !== ')') {
      const piece = this.#quantified();
      if (piece.exact === undefined) {
        flush();
        clauses.push(...piece.clauses);
        isExact = false;
        continue;
      }
      const { exact } = piece;
      const joined = run.length * exact.length <= MOST_TEXTS ? run.flatMap((a) => exact.map((b) => a + b)) : undefined;
      if (joined?.every(({ length }) => length <= LONGEST)) run = joined;
      else {
        flush();
        run = exact;
        isExact = false;
      }
    }
    if (isExact) return { exact: [...new Set(run)], clauses: [] };
    flush();
    return { exact: undefined, clauses };
  }

  #quantified(): Info {
    const atom = this.#atom();
    const found = QUANTIFIER.exec(this.#text.slice(this.#at, this.#at + 16))?.[0];
    if (found === undefined) return atom;
    this.#at += found.length;
    if (this.#text[this.#at] === '?') this.#at++;
    if (found === '{1}') return atom;
    if (found === '*' || found === '?' || /^\{0+[,}]/.test(found)) return ANY;
    return { exact: undefined, clauses: asClauses(atom) };
  }

  #atom(): Info {
    const unit = this.#text[this.#at] ?? '';
    this.#at++;
    switch (unit) {
      case '(':
        return this.#group();
      case '[':
        return this.#class();
      case '\\':
        return this.#escape();
      case '.':
        return ANY;
      case '^':
      case '$':
        return NOTHING;
      default:
        return isLiteral(unit) ? { exact: [unit.toLowerCase()], clauses: [] } : ANY;
    }
  }

  #group(): Info {
    const head = /^\?(?:P?<[^>]*>|[a-zA-Z-]*[:)])/.exec(this.#text.slice(this.#at))?.[0];
    if (head === undefined && this.#text[this.#at] === '?') throw new Unknown();
    this.#at += head?.length ?? 0;
    // Flags for what follows: none of them makes a text hold less.
    if (head?.endsWith(')') === true) {
      // A quantifier behind them is for what stands before them.
      if (/[*+?{]/.test(this.#text[this.#at] ?? '')) throw new Unknown();
      return NOTHING;
    }
    const inner = this.#alternation();
    if (this.#text[this.#at] !== ')') throw new Unknown();
    this.#at++;
    return inner;
  }

  /** A class of few characters is as good as alternatives. */
  #class(): Info {
    const found = /^\^?\]?(?:\[:\^?[a-z]+:\]|\\[^Qx]|[^\\\]])*\]/.exec(this.#text.slice(this.#at))?.[0];
    if (found === undefined) throw new Unknown();
    this.#at += found.length;
    const members = found.slice(0, -1);
    if (members.startsWith('^') || members.includes('[') || members.slice(1, -1).includes('-')) return ANY;
    const units = new Set<string>();
    for (let i = 0; i < members.length; i++) {
      if (members[i] === '\\') i++;
      const unit = members[i] ?? '';
      const isEscape = members[i - 1] === '\\' && /[a-zA-Z0-9]/.test(unit);
      if (!isLiteral(unit) || isEscape) return ANY;
      units.add(unit.toLowerCase());
    }
    return units.size === 0 || units.size > MOST_TEXTS ? ANY : { exact: [...units], clauses: [] };
  }

  #escape(): Info {
    const unit = this.#text[this.#at] ?? '';
    this.#at++;
    if (/[bBAz]/.test(unit)) return NOTHING;
    if (/[dDwWsStnrfva]/.test(unit)) return ANY;
    if (unit === 'p' || unit === 'P') {
      const name = /^(?:\{[^}]*\}|[A-Z])/.exec(this.#text.slice(this.#at))?.[0];
      if (name === undefined) throw new Unknown();
      this.#at += name.length;
      return ANY;
    }
    if (!isLiteral(unit) || /[a-zA-Z0-9]/.test(unit)) throw new Unknown();
    return { exact: [unit], clauses: [] };
  }
}
