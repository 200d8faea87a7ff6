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
