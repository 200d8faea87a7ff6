// V8 keeps strings in many forms (literal, cut out, joined, found in JSON, wider than a byte), each of its own hidden class. Where more
// than four come to one place, as in all that reads events, `text.length` and `text.charCodeAt(i)` are looked up anew each
// time, six times as slow. These two ask for nothing but that it is a string.

// eslint-disable-next-line typescript/unbound-method -- it is called with a text as `this`
const charCodeAt = String.prototype.charCodeAt;

/** Its units of UTF-16. For texts of events, in code that runs for each of them. */
export function lengthOf(text: string): number {
  // eslint-disable-next-line typescript/no-unnecessary-type-conversion -- what is joined is known to be a string
  return ('' + text).length;
}

/** The unit at a place inside the text, as `charCodeAt` gives it. */
export function unitAt(text: string, at: number): number {
  return charCodeAt.call(text, at);
}
