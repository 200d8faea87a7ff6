import type { Scalar } from '../event/json.ts';
import { readDecimal } from '../sigma/decimal.ts';

/** A value as text: what patterns are compared with. `null` has none. */
export function scalarText(value: Scalar): string | undefined {
  if (value === null) return undefined;
  return typeof value === 'string' ? value : String(value);
}

/** A value as a number, where it is one or is the decimal text of one. */
export function scalarNumber(value: Scalar): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return typeof value === 'string' ? readDecimal(value) : undefined;
}

/** The same text for equal numbers, whatever their type. */
export function numberKey(value: number | bigint): string {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
    ? String(BigInt(value))
    : String(value);
}
