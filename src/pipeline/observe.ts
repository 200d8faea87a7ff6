import type { Observation } from '../correlate/observation.ts';
import type { CorrelationPlan } from '../correlate/plan.ts';
import { scalarText } from '../engine/scalar-text.ts';
import type { FieldValue, Scalar } from '../event/json.ts';
import type { RecordPlace } from '../base/diagnostic.ts';
import type { Shape } from '../shapes/shape.ts';
import { schemaOf } from './event-schema.ts';
import type { MatchedEvent, ScanEvent } from './scan-event.ts';

/** Values of one field that a correlation looks at, and the longest of them. */
const MOST_VALUES = 64;
const LONGEST_VALUE = 1024;

type Reader = (event: ScanEvent) => FieldValue;

/** Takes from events what correlations need of them. */
export class Observer {
  readonly #plan: CorrelationPlan;
  readonly #readers = new Map<Shape, Map<string, Reader>>();

  constructor(plan: CorrelationPlan) {
    this.#plan = plan;
  }

  /** Undefined where none of the rules matched is part of a correlation. */
  observe(
    found: MatchedEvent,
    matched: readonly number[],
    place: RecordPlace,
    nth: number,
  ): Observation | 'no-time' | undefined {
    const { fieldsOf } = this.#plan;
    const rules = matched.filter((number) => fieldsOf.has(number));
    if (rules.length === 0) return undefined;
    const event = found.whole;
    const time = Date.parse(event.time ?? event.start?.time ?? '');
    if (Number.isNaN(time)) return 'no-time';
    const fields: [string, readonly string[]][] = [];
    for (const field of new Set(rules.flatMap((number) => fieldsOf.get(number) ?? []))) {
      const values = texts(this.#reader(event.shape, field)(event));
      if (values.length > 0) fields.push([field, values]);
    }
    const { file, line, byte } = place;
    return {
      id: `${file}:${byte}:${nth}`,
      time,
      rules,
      fields: Object.fromEntries(fields),
      place: { file, line, byte },
    };
  }

  #reader(shape: Shape, field: string): Reader {
    let readers = this.#readers.get(shape);
    if (readers === undefined) this.#readers.set(shape, (readers = new Map()));
    let reader = readers.get(field);
    if (reader === undefined) readers.set(field, (reader = schemaOf(shape).field(field) ?? (() => undefined)));
    return reader;
  }
}

function texts(value: FieldValue): readonly string[] {
  const values = value === undefined ? [] : isList(value) ? value : [value];
  return values
    .slice(0, MOST_VALUES)
    .flatMap((one) => scalarText(one) ?? [])
    .map((text) => (text.length > LONGEST_VALUE ? text.slice(0, LONGEST_VALUE) : text));
}

function isList(value: Scalar | readonly Scalar[]): value is readonly Scalar[] {
  return Array.isArray(value);
}
