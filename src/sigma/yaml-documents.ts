/** One document of a YAML file: its text, and where it begins in the file. */
export interface DocumentText {
  readonly text: string;
  readonly offset: number;
}

/**
 * Cuts a file where documents begin (`---`) or end (`...`). YAML forbids these marks at the start of a line anywhere
 * else, even inside quotes and block scalars (YAML 1.2, "c-forbidden"), so whatever is wrong with one document stays in
 * it. Directives (`%YAML`) stay with the document that they precede.
 */
export function splitDocuments(text: string): readonly DocumentText[] {
  const documents: DocumentText[] = [];
  let start = 0;
  const push = (end: number): void => {
    if (end > start) documents.push({ text: text.slice(start, end), offset: start });
    start = end;
  };
  for (const { 0: mark, index } of text.matchAll(/(?<![^\n\r])(?:---|\.\.\.)(?![^ \t\r\n])/g)) {
    if (mark === '...') push(index + mark.length);
    else if (!isDirectivesOnly(text.slice(start, index))) push(index);
  }
  push(text.length);
  return documents;
}

/** Only lines that begin with `%`, comments and blank lines, with at least one `%`. */
function isDirectivesOnly(text: string): boolean {
  return text.startsWith('%') && text.split(/\r\n|\n|\r/).every((line) => /^(%.*|\s*#.*|\s*)$/.test(line));
}
