import type { Span } from '../base/source.ts';
import type { SigmaDiagnostic, SigmaDiagnosticCode } from './diagnostic-codes.ts';
import type { Condition } from './rule.ts';
import type { SpanOf } from './span-within.ts';

/** Longest condition read, and deepest nesting: a rule is written by a person. */
const LONGEST = 20_000;
const DEEPEST = 100;

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a condition: `not` binds tighter than `and`, `and` tighter than `or`; `1 of`, `all of` and `N of` take `them` or a
 * name with any number of `*`. `them` leaves out names that begin with `_`. Keywords in any case. Sigma 2.1, "Condition".
 */
export function parseCondition(
  text: string,
  names: readonly string[],
  spanOf: SpanOf,
  report: (diagnostic: SigmaDiagnostic) => void,
): Condition | undefined {
  if (text.length > LONGEST) {
    report({
      code: 'condition-too-long',
      severity: 'error',
      message: `the condition has ${text.length} characters; expected at most ${LONGEST}`,
      span: spanOf(0, Math.min(80, text.length)),
    });
    return undefined;
  }
  const parser = new ConditionParser(text, names, spanOf, report);
  return parser.parse();
}

class ConditionError extends Error {}

class ConditionParser {
  readonly #tokens: readonly Token[];
  readonly #text: string;
  readonly #names: readonly string[];
  readonly #spanOf: SpanOf;
  readonly #report: (diagnostic: SigmaDiagnostic) => void;
  #at = 0;
  #failed = false;

  constructor(text: string, names: readonly string[], spanOf: SpanOf, report: (diagnostic: SigmaDiagnostic) => void) {
    this.#text = text;
    this.#names = names;
    this.#spanOf = spanOf;
    this.#report = report;
    this.#tokens = Array.from(text.matchAll(/[()|]|[^\s()|]+/g), (match) => ({
      text: match[0],
      start: match.index,
      end: match.index + match[0].length,
    }));
  }

  parse(): Condition | undefined {
    try {
      const condition = this.#or(0);
      const rest = this.#tokens[this.#at];
      if (rest?.text === '|')
        this.#fail(
          'condition-aggregation',
          'aggregations after | are no part of Sigma 2; a correlation rule takes their place',
          rest,
        );
      if (rest)
        this.#fail(
          'condition-syntax',
          `found ${JSON.stringify(rest.text)}; expected and, or, or the end of the condition`,
          rest,
        );
      return this.#failed ? undefined : condition;
    } catch (error) {
      if (error instanceof ConditionError) return undefined;
      throw error;
    }
  }

  #or(depth: number): Condition {
    const items = [this.#and(depth)];
    while (this.#take('or')) items.push(this.#and(depth));
    const [only] = items;
    return items.length === 1 && only ? only : { kind: 'or', items };
  }

  #and(depth: number): Condition {
    const items = [this.#not(depth)];
    while (this.#take('and')) items.push(this.#not(depth));
    const [only] = items;
    return items.length === 1 && only ? only : { kind: 'and', items };
  }

  #not(depth: number): Condition {
    if (depth > DEEPEST)
      this.#fail('condition-syntax', `the condition is nested more than ${DEEPEST} deep`, this.#tokens[this.#at]);
    return this.#take('not') ? { kind: 'not', item: this.#not(depth + 1) } : this.#primary(depth);
  }

  #primary(depth: number): Condition {
    const token = this.#tokens[this.#at];
    if (token === undefined)
      this.#fail('condition-syntax', 'the condition ends early; expected a search identifier', undefined);
    this.#at++;
    if (token.text === '(') {
      const inner = this.#or(depth + 1);
      const close = this.#tokens[this.#at];
      if (close?.text !== ')')
        this.#fail('condition-syntax', `expected ) to match ( at character ${token.start + 1}`, close ?? token);
      this.#at++;
      return inner;
    }
    if (this.#tokens[this.#at]?.text.toLowerCase() === 'of' && /^(\d{1,6}|all|any)$/i.test(token.text))
      return this.#of(token);
    if (/^(and|or|of|them)$/i.test(token.text) || token.text === ')' || token.text === '|') {
      this.#fail(
        'condition-syntax',
        `found ${JSON.stringify(token.text)}; expected a search identifier, not, ( or a quantifier`,
        token,
      );
    }
    const span = this.#spanOf(token.start, token.end);
    if (!this.#names.includes(token.text)) this.#unknown(token.text, span, 'no search identifier has this name');
    return { kind: 'identifier', name: token.text, span };
  }

  #of(count: Token): Condition {
    this.#at++;
    const target = this.#tokens[this.#at];
    if (target === undefined || /^(and|or|not|of)$|^[()|]$/i.test(target.text)) {
      this.#fail('condition-syntax', 'expected them, or a name with *, after of', target ?? count);
    }
    this.#at++;
    const span = this.#spanOf(count.start, target.end);
    const names =
      target.text.toLowerCase() === 'them'
        ? this.#names.filter((name) => !name.startsWith('_'))
        : this.#names.filter((name) => isMeant(name, target.text));
    if (names.length === 0)
      this.#unknown(target.text, this.#spanOf(target.start, target.end), 'no search identifier matches');
    const quantity = count.text.toLowerCase();
    const atLeast = quantity === 'all' ? null : quantity === 'any' ? 1 : Number(quantity);
    if (atLeast === 0) this.#fail('condition-count', '0 of always holds; expected 1, a higher number, or all', count);
    if (atLeast !== null && atLeast > names.length && names.length > 0) {
      const message = `${atLeast} of ${names.length} search identifiers: this never holds`;
      this.#report({ code: 'condition-count', severity: 'warning', message, span });
    }
    return { kind: 'of', atLeast, names, span };
  }

  #take(keyword: string): boolean {
    if (this.#tokens[this.#at]?.text.toLowerCase() !== keyword) return false;
    this.#at++;
    return true;
  }

  #unknown(name: string, span: Span, why: string): void {
    this.#failed = true;
    const known = this.#names.length === 0 ? 'there are none' : `there are ${this.#names.slice(0, 20).join(', ')}`;
    this.#report({
      code: 'condition-unknown-identifier',
      severity: 'error',
      message: `${JSON.stringify(name)}: ${why}; ${known}`,
      span,
    });
  }

  #fail(code: SigmaDiagnosticCode, message: string, token: Token | undefined): never {
    const [start, end] = token ? [token.start, token.end] : [Math.max(0, this.#text.length - 1), this.#text.length];
    this.#report({ code, severity: 'error', message, span: this.#spanOf(start, end) });
    throw new ConditionError(message);
  }
}

/** A pattern is "the same as them, but restricted": names with `_` only where the pattern begins with `_` itself. */
function isMeant(name: string, pattern: string): boolean {
  return (!name.startsWith('_') || pattern.startsWith('_')) && matchesGlob(name, pattern);
}

/** `*` stands for any run of characters; everything else for itself, case included. Linear: pieces are found left to right. */
export function matchesGlob(name: string, glob: string): boolean {
  const pieces = glob.split('*');
  const [first = '', ...others] = pieces;
  const last = others.pop();
  if (last === undefined) return name === glob;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  const end = name.length - last.length;
  for (const piece of others) {
    const found = name.indexOf(piece, at);
    if (found === -1 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
