import { RE2JS } from 're2js';

/** Longer expressions are refused: their compiled form would be out of proportion. */
const LONGEST = 10_000;

/**
 * What of an expression cannot run in linear time, by name, or what is wrong with it; `undefined` where it can run.
 * Sigma 2.1 asks for PCRE without look-around, back-references and possessive or atomic groups, which is what RE2 has.
 */
export function regexProblem(
  expression: string,
): { readonly code: 'regex-unsupported' | 'regex-invalid'; readonly message: string } | undefined {
  const construct = unsupportedConstruct(expression);
  if (construct !== undefined) {
    return { code: 'regex-unsupported', message: `the expression uses ${construct}, which cannot run in linear time` };
  }
  if (expression.length > LONGEST) {
    return { code: 'regex-unsupported', message: `the expression has ${expression.length} characters; expected at most ${LONGEST}` };
  }
  try {
    RE2JS.compile(expression);
  } catch (error) {
    return { code: 'regex-invalid', message: `not a valid expression: ${error instanceof Error ? error.message : String(error)}` };
  }
  return undefined;
}

function unsupportedConstruct(expression: string): string | undefined {
  let inClass = false;
  for (let i = 0; i < expression.length; i++) {
    const unit = expression[i];
    if (unit === '\\') {
      const next = expression[i + 1] ?? '';
      if (!inClass && next >= '1' && next <= '9') return `a back-reference (\\${next})`;
      if (!inClass && (next === 'k' || next === 'g')) return `a back-reference (\\${next})`;
      i++;
    } else if (inClass) {
      if (unit === ']') inClass = false;
    } else if (unit === '[') {
      inClass = true;
      if (expression[i + 1] === '^') i++;
      if (expression[i + 1] === ']') i++;
    } else if (unit === '(' && expression[i + 1] === '?') {
      const after = expression.slice(i + 2, i + 4);
      if (after.startsWith('=') || after.startsWith('!')) return `look-ahead ((?${after[0] ?? ''}…))`;
      if (after === '<=' || after === '<!') return `look-behind ((?${after}…))`;
      if (after.startsWith('>')) return 'an atomic group ((?>…))';
      if (after.startsWith('(')) return 'a conditional group ((?(…)…))';
    } else if ((unit === '*' || unit === '+' || unit === '?' || unit === '}') && expression[i + 1] === '+') {
      return `a possessive quantifier (${unit}+)`;
    }
  }
  return undefined;
}
