/** Texts one of which is in every text that the expression finds (regardless of case); each list is another such choice. */
export type LiteralChoices = readonly (readonly string[])[];

const MOST_ALTERNATIVES = 64;
const LONGEST = 4_000;

/**
 * What a text must hold for an expression (RE2 syntax) to be found in it. Understands little and says so by giving less:
 * an expression that it cannot read has no choices.
 */
export function regexLiterals(expression: string): LiteralChoices {
  if (expression.length > LONGEST) return [];
  const reader = new Reader(expression);
  const choices = reader.alternatives(0);
  return choices === undefined || !reader.atEnd ? [] : choices;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** `a|b|c`: one choice is a literal of each; without `|` the choices of the one. `undefined`: not understood. */
  alternatives(depth: number): LiteralChoices | undefined {
    if (depth > 32) return undefined;
    const all: LiteralChoices[] = [];
    do {
      const one = this.#sequence(depth);
      if (one === undefined || all.length > MOST_ALTERNATIVES) return undefined;
      all.push(one);
    } while (this.#take('|'));
    const [first, ...others] = all;
    if (first === undefined || others.length === 0) return first;
    const union: string[] = [];
    for (const choices of all) {
      const best = strongest(choices);
      if (best === undefined) return [];
      union.push(...best);
    }
    return union.length > MOST_ALTERNATIVES ? [] : [union];
  }

  #sequence(depth: number): LiteralChoices | undefined {
    const choices: (readonly string[])[] = [];
    let run = '';
    const endRun = (): void => {
      if (run !== '') choices.push([run]);
      run = '';
    };
    while (!this.atEnd && this.#text[this.#at] !== '|' && this.#text[this.#at] !== ')') {
      const piece = this.#piece(depth);
      if (piece === undefined) return undefined;
      const repeat = this.#quantifier();
      if (repeat === undefined) return undefined;
      if (typeof piece === 'string' && piece !== '') {
        if (repeat.least === 0) endRun();
        else {
          run += piece;
          if (!repeat.once) endRun();
        }
      } else if (piece !== '') {
        endRun();
        if (repeat.least > 0) choices.push(...piece);
      }
    }
    endRun();
    return choices;
  }

  /** One character that must be there, choices of a group, `[]` for anything else that takes up room, `''` for what does not. */
  #piece(depth: number): string | LiteralChoices | undefined {
    const unit = this.#text[this.#at++] ?? '';
    switch (unit) {
      case '^':
      case '$':
        return '';
      case '.':
        return [];
      case '[':
        return this.#skipClass() ? [] : undefined;
      case '(':
        return this.#group(depth);
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
      case '{':
      case ')':
        return undefined;
      default:
        return unit;
    }
  }

  #escape(): string | LiteralChoices | undefined {
    const unit = this.#text[this.#at++] ?? '';
    if (/[bBAz]/.test(unit)) return '';
    if (/[dDsSwW]/.test(unit)) return [];
    if (unit === '' || /[A-Za-z0-9]/.test(unit)) return undefined;
    return unit;
  }

  #group(depth: number): LiteralChoices | undefined {
    if (this.#take('?')) {
      const rest = /^(?::|P?<[A-Za-z_]\w*>|[ims]*(?:-[ims]+)?[:)])/.exec(this.#text.slice(this.#at, this.#at + 64))?.[0];
      if (rest === undefined) return undefined;
      this.#at += rest.length;
      // Flags that hold from here on: none of them changes what must be there.
      if (rest.endsWith(')')) return [];
    }
    const choices = this.alternatives(depth + 1);
    return this.#take(')') ? choices : undefined;
  }

  #skipClass(): boolean {
    this.#take('^');
    this.#take(']');
    while (!this.atEnd) {
      const unit = this.#text[this.#at++];
      if (unit === '\\') this.#at++;
      else if (unit === '[' && this.#text[this.#at] === ':') {
        const end = this.#text.indexOf(':]', this.#at);
        if (end === -1) return false;
        this.#at = end + 2;
      } else if (unit === ']') return true;
    }
    return false;
  }

  #quantifier(): { readonly least: number; readonly once: boolean } | undefined {
    let least = 1;
    let once = true;
    if (this.#take('*') || this.#take('?')) {
      least = 0;
      once = false;
    } else if (this.#take('+')) once = false;
    else if (this.#text[this.#at] === '{') {
      const found = /^\{(\d{1,4})(,\d{0,4})?\}/.exec(this.#text.slice(this.#at, this.#at + 16));
      if (found === null) return undefined;
      this.#at += found[0].length;
      least = Number(found[1]);
      once = false;
    }
    if (!once) {
      this.#take('?');
      if (/^[*+?{]/.test(this.#text.slice(this.#at, this.#at + 1))) return undefined;
    }
    return { least, once };
  }

  #take(unit: string): boolean {
    if (this.#text[this.#at] !== unit) return false;
    this.#at++;
    return true;
  }
}

/** The choice whose shortest text is longest. */
export function strongest(choices: LiteralChoices): readonly string[] | undefined {
  let best: readonly string[] | undefined;
  let length = 0;
  for (const choice of choices) {
    const shortest = Math.min(...choice.map((text) => text.length));
    if (shortest > length) {
      best = choice;
      length = shortest;
    }
  }
  return best;
}
