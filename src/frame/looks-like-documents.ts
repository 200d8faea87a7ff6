const LINE_FEED = 10;

/**
 * Does this input hold JSON documents that span lines, rather than a record a line? Told from its head: an array
 * opens it, or its first line opens an object and stops where no whole record could (`{`, or a line that ends in
 * `{`, `[` or `,`). A record that is merely cut off in mid-line stays a line, so that it cannot swallow the next.
 */
export function looksLikeDocuments(head: Uint8Array): boolean {
  let first = 0;
  while (first < head.length && isWhite(head[first])) first++;
  if (head[first] === 0x5b) return true;
  if (head[first] !== 0x7b) return false;
  const lineEnd = head.indexOf(LINE_FEED, first);
  if (lineEnd === -1) return false;
  let last = lineEnd - 1;
  while (last > first && isWhite(head[last])) last--;
  const closing = head[last];
  return closing === 0x7b || closing === 0x5b || closing === 0x2c;
}

function isWhite(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === LINE_FEED;
}
