import type { Diagnostic, RecordDiagnostic } from './diagnostic.ts';
import { lineAt, positionAt } from './source.ts';

const LONGEST_EXCERPT = 160;

/**
 * A diagnostic for a terminal: `file:line:column`, severity, code and message, then the source line with a caret
 * under the place, then the help.
 */
export function printDiagnostic(diagnostic: Diagnostic): string {
  const { span, severity, code, message, help } = diagnostic;
  const { line, column } = positionAt(span.source, span.start);
  const text = lineAt(span.source, span.start);
  // A long line is cut around the caret; tabs become one blank each, so that the caret stays under its place.
  const from = Math.max(0, Math.min(column - 1 - LONGEST_EXCERPT / 2, text.length - LONGEST_EXCERPT));
  const excerpt = printable(text.slice(from, from + LONGEST_EXCERPT));
  const caretAt = column - 1 - from;
  const width = Math.max(1, Math.min(span.end - span.start, excerpt.length - caretAt));
  const gutter = String(line);
  const blank = ' '.repeat(gutter.length);
  const lines = [
    `${printable(span.source.name)}:${line}:${column}: ${severity} ${code}: ${printable(message)}`,
    `${blank} |`,
    `${gutter} | ${excerpt}`,
    `${blank} | ${' '.repeat(caretAt)}${'^'.repeat(width)}`,
  ];
  if (help !== undefined) {
    // Help may show lines to write; they are indented, so that none looks like another diagnostic.
    const [first = '', ...others] = help.split('\n').map(printable);
    lines.push(`${blank} = help: ${first}`, ...others.map((one) => `${blank}   ${one}`));
  }
  return lines.join('\n');
}

/** One line: `file:line: severity code: message (at byte N)`. */
export function printRecordDiagnostic({ place, severity, code, message }: RecordDiagnostic): string {
  return `${printable(place.file)}:${place.line}: ${severity} ${code}: ${printable(message)} (at byte ${place.byte})`;
}

/**
 * Text from outside, made safe for a terminal: control characters and bidirectional overrides become visible
 * escapes, so that an event cannot move the cursor, recolour the screen or hide what it says.
 */
export function printable(text: string): string {
  return text.replace(
    // eslint-disable-next-line no-control-regex
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (unit) => (unit === '\t' ? ' ' : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
