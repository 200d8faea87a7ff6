/** A parsed record. Integers beyond 2^53 arrive as `bigint`, so that ids keep every digit. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export type Scalar = null | boolean | number | bigint | string;

/**
 * What a field holds: one value, several, or `undefined` where the event does not have it.
 * `null` is a value: Sigma's `exists` says yes to it, a plain `null` in a rule matches both.
 */
export type FieldValue = Scalar | readonly Scalar[] | undefined;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
