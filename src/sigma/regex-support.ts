import { RE2JS } from 're2js';

import type { RegexFlags } from './field-test.ts';

/** Longer expressions are refused: their compiled form would be out of proportion. */
const LONGEST = 10_000;

export interface RegexProblem {
  readonly code: 'regex-unsupported' | 'regex-invalid';
  readonly message: string;
  /** Where in the expression. */
  readonly start: number;
  readonly end: number;
}

/**
 * What of an expression cannot run in linear time, by name, or what is wrong with it; `undefined` where it can run.
 * Sigma 2.1 asks for a part of PCRE, which RE2 has; look-around, back-references and their like it has not.
 */
export function regexProblem(expression: string, flags: RegexFlags): RegexProblem | undefined {
  if (expression.length > LONGEST) {
    const message = `the expression has ${expression.length} characters; expected at most ${LONGEST}`;
    return { code: 'regex-unsupported', message, start: 0, end: 80 };
  }
  const found = unsupportedConstruct(expression);
  if (found) {
    const message = `the expression uses ${found.name}, which cannot run in linear time or is not of RE2`;
    return { code: 'regex-unsupported', message, start: found.at, end: found.at + found.length };
  }
  try {
    compileRegex(expression, flags);
  } catch (error) {
    const message = `not a valid expression: ${error instanceof Error ? error.message : String(error)}`;
    return { code: 'regex-invalid', message, start: 0, end: expression.length };
  }
  return undefined;
}

/** The one way in which expressions are compiled: what passed `regexProblem` compiles. */
export function compileRegex(expression: string, { i, m, s }: RegexFlags): RE2JS {
  const flags = (i ? RE2JS.CASE_INSENSITIVE : 0) | (m ? RE2JS.MULTILINE : 0) | (s ? RE2JS.DOTALL : 0);
  return RE2JS.compile(expression, flags);
}

/** What may follow `(?` without being plain grouping or flags. */
const GROUPS: readonly (readonly [RegExp, string])[] = [
  [/^\(\?[=!]/, 'look-ahead'],
  [/^\(\?<[=!]/, 'look-behind'],
  [/^\(\?>/, 'an atomic group'],
  [/^\(\?\(/, 'a conditional group'],
  [/^\(\?\|/, 'a branch reset'],
  [/^\(\?#/, 'a comment'],
  [/^\(\?P?=/, 'a back-reference'],
  [/^\(\?(R|[+-]?\d|&|P>)/, 'recursion'],
  [/^\(\*[A-Z]/, 'a control verb'],
];

/** Escapes of PCRE that RE2 does not know or reads as something else, by letter. */
const ESCAPES: Readonly<Record<string, string>> = {
  k: 'a back-reference',
  g: 'a back-reference',
  G: 'the anchor \\G',
  K: 'the match reset \\K',
  R: 'the line break \\R',
  X: 'the grapheme \\X',
  Z: 'the anchor \\Z',
  h: 'the blank \\h',
  H: 'the blank \\H',
  N: 'the character class \\N',
  // Any vertical space there, the vertical tab alone here.
  v: 'the vertical space \\v',
};

interface Construct {
  readonly name: string;
  readonly at: number;
  readonly length: number;
}

function unsupportedConstruct(expression: string): Construct | undefined {
  for (let i = 0; i < expression.length; i++) {
    const unit = expression[i];
    if (unit === '\\') {
      const next = expression[i + 1] ?? '';
      if (next === 'Q') {
        const end = expression.indexOf('\\E', i + 2);
        i = end === -1 ? expression.length : end + 1;
        continue;
      }
      const name =
        next >= '1' && next <= '9' ? 'a back-reference' : Object.hasOwn(ESCAPES, next) ? ESCAPES[next] : undefined;
      if (name !== undefined) return { name: `${name} (\\${next})`, at: i, length: 2 };
      i++;
      // \p{…} and \x{…} end in a brace that is no quantifier.
      if (/[pPx]/.test(next) && expression[i + 1] === '{') i = closing(expression, '}', i + 1);
    } else if (unit === '[') {
      const end = endOfClass(expression, i);
      const vertical = /^(?:\\[^v]|[^\\])*\\v/.exec(expression.slice(i, end))?.[0];
      if (vertical !== undefined)
        return { name: `${ESCAPES['v'] ?? ''} (\\v)`, at: i + vertical.length - 2, length: 2 };
      i = end;
    } else if (unit === '(') {
      const head = expression.slice(i, i + 6);
      const group = GROUPS.find(([shape]) => shape.test(head));
      if (group) return { name: `${group[1]} (${head.slice(0, 4)}…)`, at: i, length: Math.min(4, head.length) };
    } else if (unit === '*' || unit === '+' || unit === '?' || (unit === '}' && isRepeat(expression, i))) {
      if (expression[i + 1] === '+') return { name: `a possessive quantifier (${unit}+)`, at: i, length: 2 };
      // A lazy quantifier: its ? is no quantifier itself.
      if (expression[i + 1] === '?') i++;
    }
  }
  return undefined;
}

/** Does the brace at `at` end a quantifier such as `{2,5}`? Looks back a few characters only. */
function isRepeat(expression: string, at: number): boolean {
  return /\{\d+(,\d*)?$/.test(expression.slice(Math.max(0, at - 16), at));
}

function closing(expression: string, mark: string, from: number): number {
  const end = expression.indexOf(mark, from);
  return end === -1 ? expression.length : end;
}

/** The place of the `]` that ends the class which begins at `from`: a leading `]` and those of `[:alpha:]` do not. */
function endOfClass(expression: string, from: number): number {
  let i = from + 1;
  if (expression[i] === '^') i++;
  if (expression[i] === ']') i++;
  for (; i < expression.length; i++) {
    if (expression[i] === '\\') i++;
    else if (expression[i] === ']') return i;
    else if (expression.startsWith('[:', i)) {
      const end = expression.indexOf(':]', i + 2);
      if (end !== -1) i = end + 1;
    }
  }
  return i;
}
