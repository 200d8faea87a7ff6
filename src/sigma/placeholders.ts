export interface Expanded {
  /** The text with `\%` made `%`. */
  readonly text: string;
  /** Names between percent signs that are not escaped. */
  readonly placeholders: readonly string[];
}

/** Finds placeholders in a value under `expand`: `%name%`; `\%` is a plain percent sign. Sigma 2.1, "Placeholders". */
export function readPlaceholders(value: string): Expanded {
  const placeholders: string[] = [];
  let text = '';
  for (let i = 0; i < value.length; i++) {
    if (value[i] === '\\' && value[i + 1] === '%') {
      text += '%';
      i++;
      continue;
    }
    const end = value[i] === '%' ? nameEnd(value, i + 1) : -1;
    if (end > i + 1) {
      placeholders.push(value.slice(i + 1, end));
      text += value.slice(i, end + 1);
      i = end;
    } else {
      text += value[i];
    }
  }
  return { text, placeholders };
}

/** Longest name of a placeholder; it also bounds the search. */
const LONGEST_NAME = 256;

/** The place of the percent sign that ends a name, or -1: names have no blanks and no backslash. */
function nameEnd(value: string, from: number): number {
  for (let i = from; i < value.length && i - from <= LONGEST_NAME; i++) {
    const unit = value[i] ?? '';
    if (unit === '%') return i;
    if (unit === '\\' || /\s/.test(unit)) return -1;
  }
  return -1;
}

/** The values of a placeholder, or undefined where it has none. */
export type ResolvePlaceholder = (name: string) => readonly string[] | undefined;

/** Values that one value with placeholders may come to. */
const MOST_EXPANDED = 10_000;

/**
 * Every text that a value under `expand` stands for: each placeholder takes each of its values. `undefined` of `texts`: a
 * placeholder has none, or there would be too many.
 */
export function expandPlaceholders(
  value: string,
  resolve: ResolvePlaceholder,
): { readonly texts?: readonly string[]; readonly unresolved?: string } {
  let texts = [''];
  for (const piece of pieces(value)) {
    if ('text' in piece) {
      texts = texts.map((text) => text + piece.text);
      continue;
    }
    const values = resolve(piece.name);
    if (values === undefined) return { unresolved: piece.name };
    if (texts.length * values.length > MOST_EXPANDED) return {};
    texts = texts.flatMap((text) => values.map((one) => text + one));
  }
  return { texts };
}

function pieces(value: string): readonly ({ readonly text: string } | { readonly name: string })[] {
  const found: ({ readonly text: string } | { readonly name: string })[] = [];
  let text = '';
  for (let i = 0; i < value.length; i++) {
    if (value[i] === '\\' && value[i + 1] === '%') {
      text += '%';
      i++;
      continue;
    }
    const end = value[i] === '%' ? nameEnd(value, i + 1) : -1;
    if (end > i + 1) {
      found.push({ text }, { name: value.slice(i + 1, end) });
      text = '';
      i = end;
    } else text += value[i];
  }
  return [...found, { text }];
}
