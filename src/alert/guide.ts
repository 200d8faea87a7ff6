import { printable } from '../base/print-diagnostic.ts';
import type { Alert } from './alert.ts';
import { ecsProcess } from './ecs.ts';

/** Longest value filled in. */
const LONGEST = 400;
const ABSENT = '(not in this event)';
const PLACEHOLDER = /\{\{\s{0,4}([a-z][\w.]{0,80})(\|sh)?\s{0,4}\}\}/g;

/**
 * Fills a guide's placeholders with the alert's values: `{{path}}` in text, `{{path|sh}}` inside commands. Values come from
 * an attacker: in text Markdown and HTML lose their meaning, in commands a value is one quoted word of a POSIX shell.
 */
export function renderGuide(template: string, alert: Alert): string {
  const values = guideValues(alert);
  return template.replace(PLACEHOLDER, (_, path: string, forShell: string | undefined) => {
    const value = lookUp(values, path);
    if (value === undefined) return forShell ? "''" : ABSENT;
    const cut = printable(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value);
    return forShell ? shellQuote(cut) : markdownText(cut);
  });
}

/** Placeholders of a template that name nothing an alert can have, with their offsets. */
export function unknownPlaceholders(template: string): readonly { readonly path: string; readonly offset: number }[] {
  return Array.from(template.matchAll(PLACEHOLDER))
    .filter(([, path = '']) => !KNOWN_ROOTS.has(path.split('.')[0] ?? ''))
    .map((match) => ({ path: match[1] ?? '', offset: match.index }));
}

const KNOWN_ROOTS = new Set([
  'process',
  'user',
  'host',
  'container',
  'orchestrator',
  'kubectl',
  'origin',
  'event',
  'rule',
  'alert',
]);

function guideValues(alert: Alert): Readonly<Record<string, unknown>> {
  const [leading] = alert.rules;
  return {
    ...ecsProcess(alert.process),
    kubectl: alert.kubectl ?? {},
    origin: alert.origin ?? {},
    rule: { id: leading?.id, title: leading?.title, level: leading?.level },
    alert: { id: alert.id, severity: alert.severity, title: alert.title },
    event: {
      shape: alert.event.shape,
      file: alert.event.place.file,
      line: alert.event.place.line,
      time: alert.time ?? undefined,
    },
  };
}

function lookUp(values: unknown, path: string): string | undefined {
  let found: unknown = values;
  for (const key of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = Reflect.get(found, key);
  }
  return text(found);
}

function text(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (Array.isArray(value)) {
    const parts = value.map((item) =>
      typeof item === 'object' && item !== null ? Object.values(item).map(String).join(':') : String(item),
    );
    return parts.length === 0 ? undefined : parts.join(' ');
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
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
