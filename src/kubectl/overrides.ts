/** JSON of a person's making: `--overrides`, `-p`. Bounded; `undefined` where it is no JSON object or list. */
const LONGEST = 100_000;

export function parseInline(text: string | undefined): unknown {
  if (text === undefined || text.length > LONGEST) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What stands at a path of an inline document. */
export function member(value: unknown, ...path: readonly string[]): unknown {
  let found: unknown = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = Object.entries(found).find(([name]) => name === key)?.[1];
  }
  return found;
}

export function textMember(value: unknown, ...path: readonly string[]): string | undefined {
  const found = member(value, ...path);
  return typeof found === 'string' ? found : undefined;
}
