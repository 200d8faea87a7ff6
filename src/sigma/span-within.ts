import type { Span } from '../base/source.ts';

/** Where in the document a stretch of a scalar's text stands. */
export type SpanOf = (start: number, end: number) => Span;

/**
 * Maps offsets in the text of a scalar at `span` to the source. A folded or escaped scalar has no such map: then it is
 * the whole scalar.
 */
export function spanWithin(text: string, span: Span): SpanOf {
  const { source } = span;
  const quote = source.text[span.start] === "'" || source.text[span.start] === '"' ? 1 : 0;
  if (!source.text.startsWith(text, span.start + quote)) return () => span;
  const from = span.start + quote;
  const last = from + text.length;
  return (start, end) => {
    const at = Math.min(from + start, last);
    return { source, start: at, end: Math.max(Math.min(from + end, last), at + 1) };
  };
}
