import type { RegexFlags } from '../sigma/field-test.ts';

/** An expression that asks for nothing but so many characters of a kind, one behind the other. */
interface RunLength {
  readonly least: number;
  /** Units that end a run. */
  readonly stops: string;
  /** The run must stand at the end of the text. */
  readonly atEnd: boolean;
}

/** `.{1000,}`, `(.){200,}`, `[^/]{100,}$`. */
const SHAPE =
  /^(?:(\.|\[\^[^\\\][^-]+\])|\((\.|\[\^[^\\\][^-]+\])\))\{(0|[1-9]\d{0,3})(?:,(?:0|[1-9]\d{0,3})?)?\}(\$?)$/;

/** Reads an expression of this kind; an automaton would need a state for each character, and counting needs none. */
export function readRunLength(expression: string, { i, m, s }: RegexFlags): RunLength | undefined {
  const found = SHAPE.exec(expression);
  if (!found) return undefined;
  const [, bare, grouped, count, end] = found;
  const kind = bare ?? grouped ?? '';
  const stops = kind === '.' ? (s ? '' : '\n') : kind.slice(2, -1);
  // With i the class would be folded, with m the end be that of a line, and half a character stops nothing.
  if ((kind !== '.' && (i || /[^ -~]/.test(stops))) || (m && end === '$')) return undefined;
  return { least: Number(count), stops, atEnd: end === '$' };
}

/** Does the text hold such a run? A surrogate pair is one character. */
export function hasRun(text: string, { least, stops, atEnd }: RunLength): boolean {
  if (text.length < least) return false;
  let run = 0;
  if (atEnd) {
    for (let i = text.length - 1; i >= 0 && run < least; i--, run++) {
      if (stops.includes(text[i] ?? '')) return false;
      if (isLow(text.charCodeAt(i)) && isHigh(text.charCodeAt(i - 1))) i--;
    }
    return run >= least;
  }
  for (let i = 0; i < text.length && run < least; i++) {
    run = stops.includes(text[i] ?? '') ? 0 : run + 1;
    if (isHigh(text.charCodeAt(i)) && isLow(text.charCodeAt(i + 1))) i++;
  }
  return run >= least;
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}
