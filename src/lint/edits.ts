import type { Span } from '../base/source.ts';
import type { RuleNode, ScalarNode } from '../sigma/yaml-reader.ts';
import type { TextEdit } from './check.ts';
import { rawText } from './lint-document.ts';

export function replaceSpan({ start, end }: Span, text: string): TextEdit {
  return { start, end, text };
}

/** Puts another text in the place of a scalar, in quotes where it had some or needs some; nothing for block scalars. */
export function replaceScalar(node: ScalarNode, text: string): readonly TextEdit[] | undefined {
  const raw = rawText(node.span);
  const isQuoted = raw.startsWith("'") || raw.startsWith('"');
  if ((!isQuoted && raw !== node.text) || raw.includes('\n') || /[\u0000-\u001f\u007f]/.test(text)) return undefined;
  return [replaceSpan(node.span, isQuoted || !isPlain(text) ? singleQuoted(text) : text)];
}

export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Does a text mean itself without quotes, wherever it stands? Strict: more is quoted than must be. */
function isPlain(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text);
}

/** Takes an item out of a list: its line in a block list, itself and a comma in a flow list. Nothing if it is the only one. */
export function removeItem(list: RuleNode & { readonly kind: 'list' }, at: number): readonly TextEdit[] | undefined {
  const [item, before, after] = [list.items[at], list.items[at - 1], list.items[at + 1]];
  if (item === undefined || list.items.length < 2) return undefined;
  const { text } = list.span.source;
  if (text[list.span.start] === '[') {
    if (before && before.span.end < item.span.start) return [{ start: before.span.end, end: item.span.end, text: '' }];
    return after && [{ start: item.span.start, end: after.span.start, text: '' }];
  }
  const lineStart = text.lastIndexOf('\n', item.span.start - 1) + 1;
  const newline = text.indexOf('\n', item.span.end);
  const lineEnd = newline === -1 ? text.length : newline + 1;
  const isAlone = /^[ \t]*- *$/.test(text.slice(lineStart, item.span.start));
  const endsLine = /^[ \t]*(#[^\r\n]*)?\r?\n?$/.test(text.slice(item.span.end, lineEnd));
  return isAlone && endsLine ? [{ start: lineStart, end: lineEnd, text: '' }] : undefined;
}

/**
 * A text after edits, those that overlap an earlier one left out. All edits of a fix are made, or none. `made` are the
 * places of the fixes that were made, in their order.
 */
export function applyFixes(
  text: string,
  fixes: readonly (readonly TextEdit[])[],
): { readonly text: string; readonly made: readonly number[] } {
  const taken: TextEdit[] = [];
  const made: number[] = [];
  const order = fixes.map((_, i) => i).sort((a, b) => startOf(fixes[a]) - startOf(fixes[b]));
  let end = -1;
  for (const i of order) {
    const edits = (fixes[i] ?? []).toSorted((a, b) => a.start - b.start);
    const last = edits.at(-1);
    // Fixes are taken from left to right, each behind all of the one before it.
    if (last === undefined || startOf(edits) <= end || edits.some((edit, k) => edit.start < (edits[k - 1]?.end ?? 0)))
      continue;
    taken.push(...edits);
    made.push(i);
    end = last.end;
  }
  let out = '';
  let at = 0;
  for (const edit of taken) {
    out += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return { text: out + text.slice(at), made: made.sort((a, b) => a - b) };
}

function startOf(edits: readonly TextEdit[] | undefined): number {
  return edits?.reduce((least, { start }) => Math.min(least, start), Infinity) ?? Infinity;
}
