/**
 * The same text with characters of its own. What is cut out of a longer text (`slice`, `split`, JSON.parse of a key, …) points into it and keeps all of
 * it in memory: whoever keeps a short text for longer than the record it came from keeps a copy. For short texts, of at most some
 * thousand UTF-16 units: each is an argument of a call.
 */
export function flatCopy(text: string): string {
  const units: number[] = [];
  for (let i = 0; i < text.length; i++) units.push(text.charCodeAt(i));
  return String.fromCharCode(...units);
}
