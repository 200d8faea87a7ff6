/** JSON text of a value that we made: one line, well-formed Unicode, absent members left out, a `bigint` as text. */
export function jsonText(value: unknown): string {
  try {
    return plainText(value);
  } catch (error) {
    // A `bigint` is rare; to look for one in everything makes all of it several times slower.
    if (error instanceof TypeError) return plainText(value, bigintAsText);
    throw error;
  }
}

function plainText(value: unknown, replacer?: (key: string, member: unknown) => unknown): string {
  const text: string | undefined = JSON.stringify(value, replacer);
  return text ?? 'null';
}

function bigintAsText(_key: string, member: unknown): unknown {
  return typeof member === 'bigint' ? String(member) : member;
}
