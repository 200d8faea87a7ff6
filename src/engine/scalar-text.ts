import type { Scalar } from '../event/json.ts';

/** A value as text: what patterns are compared with. `null` has none. */
export function scalarText(value: Scalar): string | undefined {
  if (value === null) return undefined;
  return typeof value === 'string' ? value : String(value);
}

/** A value as a number, where it is one or is the text of one. */
export function scalarNumber(value: Scalar): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || value === '' || value.length > 400) return undefined;
  return /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(value) ? Number(value) : undefined;
}
