import { printable } from '../base/print-diagnostic.ts';
import { lengthOf, unitAt } from '../base/text-units.ts';
import type { Alert } from './alert.ts';
import { guideValue, isKnownPath } from './guide-values.ts';
import type { GuideValue } from './guide-values.ts';

/** Longest value filled in. */
const LONGEST = 400;
const ABSENT = '(not in this event)';
const PLACEHOLDER = /\{\{\s{0,4}([a-z][\w.]{0,80})(\|sh)?\s{0,4}\}\}/g;

/** One `{{path}}` of a guide. */
export class Placeholder {
  readonly #value: GuideValue;
  readonly #isForShell: boolean;

  constructor(path: string, isForShell: boolean) {
    this.#value = guideValue(path);
    this.#isForShell = isForShell;
  }

  /** What stands in its place. */
  fill(alert: Alert): string {
    const value = this.#value(alert);
    if (value === undefined) return this.#isForShell ? "''" : ABSENT;
    const cut = value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
    return this.#isForShell ? inShell(cut) : inText(cut);
  }
}

/**
 * A guide as its author wrote it, taken apart once. Its placeholders stand for the alert's values: `{{path}}` in text,
 * `{{path|sh}}` inside commands. Values come from an attacker: in text Markdown and HTML lose their meaning, in commands a
 * value is one quoted word of a POSIX shell.
 */
export class GuideTemplate {
  /** In the order of the text; what stands in several places is the same placeholder in each. */
  readonly parts: readonly (string | Placeholder)[];

  constructor(text: string) {
    const parts: (string | Placeholder)[] = [];
    const known = new Map<string, Placeholder>();
    let from = 0;
    for (const { 0: whole, 1: path = '', 2: forShell = '', index } of text.matchAll(PLACEHOLDER)) {
      if (index > from) parts.push(text.slice(from, index));
      const key = path + forShell;
      const placeholder = known.get(key) ?? new Placeholder(path, forShell !== '');
      known.set(key, placeholder);
      parts.push(placeholder);
      from = index + whole.length;
    }
    if (from < text.length) parts.push(text.slice(from));
    this.parts = parts;
  }

  render(alert: Alert): string {
    return this.parts.map((part) => (typeof part === 'string' ? part : part.fill(alert))).join('');
  }
}

/** Placeholders of a template that name nothing an alert can have, with their offsets. */
export function unknownPlaceholders(template: string): readonly { readonly path: string; readonly offset: number }[] {
  return Array.from(template.matchAll(PLACEHOLDER))
    .filter(([, path = '']) => !isKnownPath(path))
    .map((match) => ({ path: match[1] ?? '', offset: match.index }));
}

/** One word of a POSIX shell, whatever is in it. */
export function shellQuote(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) && !value.startsWith('-') ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

/** Text that Markdown and HTML renderers show as it is. */
export function markdownText(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/([\\`*_{}[\]()#+!|~])/g, '\\$1');
}

const inTextPlainly = (value: string): string => markdownText(printable(value));
/** What each character of ASCII becomes; empty where it stays. Nothing depends on what stands beside it. */
const IN_TEXT = Array.from({ length: 128 }, (_, code) => {
  const one = String.fromCharCode(code);
  const shown = inTextPlainly(one);
  return shown === one ? '' : shown;
});
/** Characters of ASCII that need no quotes; a hyphen needs them where it comes first. */
const NEEDS_NO_QUOTES = Array.from({ length: 128 }, (_, code) => {
  const one = String.fromCharCode(code);
  return one === '-' || shellQuote(one) === one;
});
const HYPHEN = 45;

/** The same as `inTextPlainly`. Most values hold little or nothing that has to be changed. */
function inText(value: string): string {
  let text = '';
  let from = 0;
  const length = lengthOf(value);
  for (let i = 0; i < length; i++) {
    const shown = IN_TEXT[unitAt(value, i)];
    if (shown === undefined) return inTextPlainly(value);
    if (shown === '') continue;
    text += value.slice(from, i) + shown;
    from = i + 1;
  }
  return from === 0 ? value : text + value.slice(from);
}

function inShell(value: string): string {
  const length = lengthOf(value);
  if (length > 0 && unitAt(value, 0) === HYPHEN) return shellQuote(printable(value));
  for (let i = 0; i < length; i++) if (NEEDS_NO_QUOTES[unitAt(value, i)] !== true) return shellQuote(printable(value));
  return value;
}
