import type { FieldValue, Scalar } from '../../src/event/json.ts';
import type { LogSource } from '../../src/event/log-source.ts';
import type { EventSchema } from '../../src/engine/event-view.ts';

/** Events for tests: fields by name, and where they come from. */
export type FlatEvent = Readonly<Record<string, FieldValue>>;

/** Reads flat events; of every field, or of those given only. */
export function flatSchema(logSource: LogSource = {}, fields?: readonly string[]): EventSchema<FlatEvent> {
  return {
    name: 'flat',
    field: (name) =>
      fields === undefined || fields.includes(name)
        ? (event) => (Object.hasOwn(event, name) ? event[name] : undefined)
        : undefined,
    *keywords(event): Generator<Scalar> {
      for (const value of Object.values(event)) {
        if (isList(value)) yield* value;
        else if (value !== undefined) yield value;
      }
    },
    logSource: () => logSource,
  };
}

function isList(value: FieldValue): value is readonly Scalar[] {
  return Array.isArray(value);
}
