import type { JsonObject } from '../event/json.ts';

/** `derive`, with its result for the record that was asked last: many ask one record the same before the next one comes. */
export function rememberLast<T>(derive: (record: JsonObject) => T): (record: JsonObject) => T {
  let last: { readonly record: JsonObject; readonly value: T } | undefined;
  return (record) => {
    if (last === undefined || last.record !== record) last = { record, value: derive(record) };
    return last.value;
  };
}
