/** JSON text of a value that we made: one line, well-formed Unicode, absent members left out, a `bigint` as text. */
export function jsonText(value: unknown): string {
  const text: string | undefined = JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'bigint' ? String(member) : member,
  );
  return text ?? 'null';
}
