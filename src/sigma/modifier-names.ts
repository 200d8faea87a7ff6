/** Sigma 2.1, modifier appendix. */
export const modifierNames = [
  'contains',
  'startswith',
  'endswith',
  'all',
  'cased',
  'exists',
  're',
  'i',
  'm',
  's',
  'cidr',
  'lt',
  'lte',
  'gt',
  'gte',
  'neq',
  'fieldref',
  'base64',
  'base64offset',
  'utf16',
  'utf16le',
  'utf16be',
  'wide',
  'windash',
  'expand',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'year',
] as const;

export type Modifier = (typeof modifierNames)[number];

export function isModifier(name: string): name is Modifier {
  return modifierNames.some((known) => known === name);
}

export const PLACES = ['contains', 'startswith', 'endswith'] as const satisfies readonly Modifier[];
export const COMPARISONS = ['lt', 'lte', 'gt', 'gte'] as const satisfies readonly Modifier[];
export const TIME_PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const satisfies readonly Modifier[];
export const WIDE_ENCODINGS = ['utf16', 'utf16le', 'utf16be', 'wide'] as const satisfies readonly Modifier[];
export const BASE64_ENCODINGS = ['base64', 'base64offset'] as const satisfies readonly Modifier[];
/** Each of these decides alone what kind of test a value is. Without any, it is a pattern or a plain value. */
export const KINDS = ['re', 'cidr', 'fieldref', 'exists'] as const satisfies readonly Modifier[];
