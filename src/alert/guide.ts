import { printable } from '../base/print-diagnostic.ts';
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
    if (this.#isForShell ? isPlain(value, IN_SHELL) && value.charCodeAt(0) !== HYPHEN : isPlain(value, IN_TEXT))
      return value;
    const cut = printable(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value);
    return this.#isForShell ? shellQuote(cut) : markdownText(cut);
  }
}

/**
 * A guide as its author wrote it, taken apart once. Its placeholders stand for the alert's values: `{{path}}` in text,
 * `{{path|sh}}` inside commands. Values come from an attacker: in text Markdown and HTML lose their meaning, in commands a
 * value is one quoted word of a POSIX shell.
 */
export class GuideTemplate {
  /** In the order of the text. */
  readonly parts: readonly (string | Placeholder)[];

  constructor(text: string) {
    const parts: (string | Placeholder)[] = [];
    let from = 0;
    for (const { 0: whole, 1: path = '', 2: forShell, index } of text.matchAll(PLACEHOLDER)) {
      if (index > from) parts.push(text.slice(from, index));
      parts.push(new Placeholder(path, forShell !== undefined));
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

/** Characters of ASCII that need no care. */
const IN_TEXT = plainCharacters((one) => printable(one) === one && markdownText(one) === one);
/** A hyphen is, unless a value begins with it. */
const IN_SHELL = plainCharacters((one) => one === '-' || shellQuote(one) === one);
const HYPHEN = 45;

function plainCharacters(isPlainOne: (character: string) => boolean): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => (isPlainOne(String.fromCharCode(code)) ? 1 : 0));
}

/** Most values are of such characters alone. What is not plain takes the long way, which must give the same where both could. */
function isPlain(value: string, plain: Uint8Array): boolean {
  if (value.length > LONGEST) return false;
  for (let i = 0; i < value.length; i++) if (plain[value.charCodeAt(i)] !== 1) return false;
  return true;
}
