import type { PatternPart } from './field-test.ts';

/**
 * Reads Sigma's wildcards. `*` and `?` are wildcards; `\*` and `\?` are the characters; `\\*` is a backslash and a
 * wildcard; `\\\*` a backslash and the character. Before anything else a lone backslash is itself, and so is a double
 * one; three or four are two. Sigma 2.1, "Escaping".
 */
export function readPattern(text: string): readonly PatternPart[] {
  const parts: PatternPart[] = [];
  let literal = '';
  const flush = (): void => {
    if (literal !== '') parts.push({ kind: 'text', text: literal });
    literal = '';
  };
  for (let i = 0; i < text.length;) {
    const unit = text[i];
    if (unit === '\\') {
      let end = i;
      while (text[end] === '\\') end++;
      const count = end - i;
      const next = text[end];
      if (next === '*' || next === '?') {
        literal += '\\'.repeat(count >> 1);
        if (count % 2 === 1) {
          literal += next;
          end++;
        }
      } else {
        literal += '\\'.repeat((count + 1) >> 1);
      }
      i = end;
    } else if (unit === '*' || unit === '?') {
      flush();
      if (unit === '?') parts.push({ kind: 'any-one' });
      else if (parts.at(-1)?.kind !== 'any-run') parts.push({ kind: 'any-run' });
      i++;
    } else {
      literal += unit;
      i++;
    }
  }
  flush();
  return parts;
}

/** The text of a pattern that holds no wildcard, or `undefined`. */
export function plainText(parts: readonly PatternPart[]): string | undefined {
  if (parts.length === 0) return '';
  const [only] = parts;
  return parts.length === 1 && only?.kind === 'text' ? only.text : undefined;
}
