import { printable } from '../base/print-diagnostic.ts';
import { lengthOf, unitAt } from '../base/text-units.ts';
import type { Alert } from './alert.ts';
import { guideValue, isKnownPath, isOfOrder } from './guide-values.ts';
import type { GuideValue } from './guide-values.ts';

/** Longest value filled in. */
const LONGEST = 400;
const ABSENT = '(not in this event)';
/** Before a command that lacks a value. */
const LACKING = '# not in this event: ';
const PLACEHOLDER = /\{\{\s{0,4}([a-z][\w.]{0,80})(\|sh)?\s{0,4}\}\}/g;

/** Begins and ends a code block of Markdown. */
const FENCE = /^\s{0,3}(?:```|~~~)/;

/** What an alert fills in. */
export interface GuideValuePart {
  /** What stands in its place. */
  fill(alert: Alert): string;
}

/** One `{{path}}` of a guide. */
class Placeholder implements GuideValuePart {
  readonly #value: GuideValue;
  readonly #isForShell: boolean;

  constructor(path: string, isForShell: boolean) {
    this.#value = guideValue(path);
    this.#isForShell = isForShell;
  }

  fill(alert: Alert): string {
    const value = this.#value(alert);
    if (value === undefined) return this.#isForShell ? "''" : ABSENT;
    const cut = value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
    return this.#isForShell ? inShell(cut) : inText(cut);
  }
}

/** Where a command begins: one that lacks a value is nothing to run as it is, in whatever namespace one happens to be. */
class CommandStart implements GuideValuePart {
  readonly #values: readonly GuideValue[];

  constructor(paths: readonly string[]) {
    this.#values = paths.map(guideValue);
  }

  fill(alert: Alert): string {
    return this.#values.every((value) => value(alert) !== undefined) ? '' : LACKING;
  }
}

/**
 * A guide as its author wrote it, taken apart once. Its placeholders stand for the alert's values: `{{path}}` in text,
 * `{{path|sh}}` inside commands. Values come from an attacker: in text Markdown and HTML lose their meaning, in commands a
 * value is one quoted word of a POSIX shell. A command in a code block becomes a comment where the
 * alert lacks one of its values.
 */
export class GuideTemplate {
  /** In the order of the text; what stands in several places is the same part in each. */
  readonly parts: readonly (string | GuideValuePart)[];
  /** It asks for something that only who has seen all alerts before this one knows. */
  readonly needsOrder: boolean;

  constructor(text: string) {
    const parts = new Parts();
    let isCode = false;
    for (const line of text.split(/(?<=\n)/)) {
      if (FENCE.test(line)) isCode = !isCode;
      parts.add(line, isCode);
    }
    this.parts = parts.all;
    this.needsOrder = Array.from(text.matchAll(PLACEHOLDER)).some(([, path = '']) => isOfOrder(path));
  }

  render(alert: Alert): string {
    return this.parts.map((part) => (typeof part === 'string' ? part : part.fill(alert))).join('');
  }
}

/** Gathers the parts of a guide, line by line. */
class Parts {
  readonly all: (string | GuideValuePart)[] = [];
  readonly #known = new Map<string, GuideValuePart>();

  add(line: string, isCode: boolean): void {
    const found = Array.from(line.matchAll(PLACEHOLDER), ({ 0: whole, 1: path = '', 2: forShell = '', index }) => ({
      path,
      isForShell: forShell !== '',
      start: index,
      end: index + whole.length,
    }));
    const needed = isCode ? found.filter(({ isForShell }) => isForShell).map(({ path }) => path) : [];
    if (needed.length > 0) this.#put(`start ${needed.join(' ')}`, () => new CommandStart(needed));
    let from = 0;
    for (const { path, isForShell, start, end } of found) {
      this.#text(line.slice(from, start));
      this.#put(`${path}|${isForShell}`, () => new Placeholder(path, isForShell));
      from = end;
    }
    this.#text(line.slice(from));
  }

  #put(key: string, make: () => GuideValuePart): void {
    const part = this.#known.get(key) ?? make();
    this.#known.set(key, part);
    this.all.push(part);
  }

  #text(text: string): void {
    const last = this.all.at(-1);
    if (text === '') return;
    if (typeof last === 'string') this.all[this.all.length - 1] = last + text;
    else this.all.push(text);
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
