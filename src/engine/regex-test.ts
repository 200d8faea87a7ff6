import type { ValueTest } from '../sigma/field-test.ts';
import { compileRegex } from '../sigma/regex-support.ts';
import { includesLiteral } from './long-text.ts';
import { requiredLiterals } from './regex-literals.ts';
import { compileSearch } from './regex/search.ts';
import { hasRun, readRunLength } from './run-length.ts';

/** Longest value an expression is run over; what lies behind is not looked at. */
const LONGEST = 1_000_000;

/** Is the expression found in a text? `folded` is the text as `fold` gives it. */
export type RegexTest = (text: string, folded: string) => boolean;

/**
 * Compiles an expression. Most texts lack a literal that it needs, and are not searched: so an event pays for the
 * expressions that it could match, not for all of them. Where our own search has no answer, RE2 has.
 */
export function compileRegexTest({ expression, flags }: ValueTest & { readonly kind: 'regex' }): RegexTest {
  const runLength = readRunLength(expression, flags);
  const whole = (text: string): string => (text.length > LONGEST ? text.slice(0, LONGEST) : text);
  if (runLength) return (text) => hasRun(whole(text), runLength);
  const clauses = requiredLiterals(expression);
  // Compiled when a text comes that it could be found in: most expressions never see one.
  let search: { readonly made: ReturnType<typeof compileSearch> } | undefined;
  let compiled: ReturnType<typeof compileRegex> | undefined;
  return (text, folded) => {
    for (const clause of clauses) if (!holdsOne(folded, clause)) return false;
    search ??= { made: compileSearch(expression, flags) };
    if (text.length < (search.made?.shortest ?? 0)) return false;
    const found = search.made?.found(text, Math.min(text.length, LONGEST));
    if (found !== undefined) return found;
    compiled ??= compileRegex(expression, flags);
    return compiled.test(whole(text));
  };
}

function holdsOne(text: string, literals: readonly string[]): boolean {
  for (const literal of literals) if (includesLiteral(text, literal)) return true;
  return false;
}
