import type { FieldValue, Scalar } from '../event/json.ts';
import type { LogSource } from '../event/log-source.ts';

/**
 * How compiled rules see events of one shape. The engine knows nothing of vendors: whoever calls it says, once per
 * rule field, how that field is read from an `Event`, whatever that is.
 */
export interface EventSchema<Event> {
  /** Name of the shape, for diagnostics. */
  readonly name: string;
  /** The reader of a field, or `undefined` where no event of this shape carries it (it then reads as absent). Never throws. */
  field(name: string): ((event: Event) => FieldValue) | undefined;
  /** Every value of the event that keywords are looked for in; bounded by the shape. */
  keywords(event: Event): Iterable<Scalar>;
  /** Where the event comes from: a rule for another product, category or service never runs on it. */
  logSource(event: Event): LogSource;
}
