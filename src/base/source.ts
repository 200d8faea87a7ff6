/** A text with a name, such as a rule file: what a `Span` points into. */
export interface Source {
  /** A path, or a name in angle brackets such as `<stdin>`. */
  readonly name: string;
  readonly text: string;
}

/** A stretch of a source: UTF-16 offsets, `end` exclusive. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** Both 1-based; `column` counts UTF-16 units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The line and column of an offset; an offset past the end is the end. Line ends are LF, CRLF or CR. */
export function positionAt(source: Source, offset: number): Position {
  const upTo = Math.min(Math.max(offset, 0), source.text.length);
  let line = 1;
  let lineStart = 0;
  for (let i = 0; i < upTo; i++) {
    const unit = source.text.charCodeAt(i);
    const endsLine = unit === 10 || (unit === 13 && source.text.charCodeAt(i + 1) !== 10);
    if (endsLine) {
      line++;
      lineStart = i + 1;
    }
  }
  return { line, column: upTo - lineStart + 1 };
}

/** The text of the line that holds `offset`, without its line end. */
export function lineAt(source: Source, offset: number): string {
  const { text } = source;
  const isEnd = (i: number): boolean => text.charCodeAt(i) === 10 || text.charCodeAt(i) === 13;
  let start = Math.min(Math.max(offset, 0), text.length);
  while (start > 0 && !isEnd(start - 1)) start--;
  let end = start;
  while (end < text.length && !isEnd(end)) end++;
  return text.slice(start, end);
}
