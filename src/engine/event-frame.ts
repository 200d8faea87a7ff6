import type { FieldValue, Scalar } from '../event/json.ts';
import { parseAddress } from '../sigma/cidr.ts';
import type { EventSchema } from './event-view.ts';
import { foldOnce, forgetLongTexts } from './long-text.ts';
import { scalarText } from './scalar-text.ts';

/**
 * The event that rules look at now, as they share it: each field is read at most once for an event, and folded at most
 * once, however many rules ask. `begin` makes everything of the event before stale.
 */
export class EventFrame<Event> {
  readonly schema: EventSchema<Event>;
  readonly #slots = new Map<string, FieldSlot>();
  #keywords: FieldSlot | undefined;
  #event: Event | undefined;
  /** Counts the events that were begun. */
  readonly clock: Clock = { generation: 0 };

  constructor(schema: EventSchema<Event>) {
    this.schema = schema;
  }

  begin(event: Event): void {
    this.#event = event;
    this.clock.generation++;
    forgetLongTexts();
  }

  /** The field's slot; where no event of the shape carries the field, one that is always absent. */
  field(name: string): FieldSlot {
    let slot = this.#slots.get(name);
    if (slot === undefined) {
      const read = this.schema.field(name);
      slot = read === undefined ? ABSENT : this.#slot(read);
      this.#slots.set(name, slot);
    }
    return slot;
  }

  /** All values of the event, as if they were those of one field. */
  keywords(): FieldSlot {
    this.#keywords ??= this.#slot((event) => [...this.schema.keywords(event)]);
    return this.#keywords;
  }

  #slot(read: (event: Event) => FieldValue): FieldSlot {
    return new FieldSlot(this.clock, () => (this.#event === undefined ? undefined : read(this.#event)));
  }
}

/** Which event it is that the frame holds: what was read of another is stale. */
export interface Clock {
  generation: number;
}

/** One field of the event in the frame. */
export class FieldSlot {
  readonly #clock: Clock;
  readonly #read: () => FieldValue;
  #seen = -1;
  #isPresent = false;
  /** The one value of a field that is no list; kept, so that reading allocates nothing. */
  readonly #single: Scalar[] = [null];
  #values: readonly Scalar[] = [];
  #firstFolded: string | undefined;
  /** Of the values behind the first, which most fields do not have. */
  #folded: (string | undefined)[] = [];
  #address: { readonly of: Scalar | undefined; readonly bytes: readonly number[] | undefined } | undefined;

  constructor(clock: Clock, read: () => FieldValue) {
    this.#clock = clock;
    this.#read = read;
  }

  /** The field is there, be it null or an empty list. */
  get isPresent(): boolean {
    this.#load();
    return this.#isPresent;
  }

  /** None where the field is absent. */
  get values(): readonly Scalar[] {
    this.#load();
    return this.#values;
  }

  /** Value number `i` as text; `undefined` for null. */
  text(i: number): string | undefined {
    const value = this.#values[i];
    return value === undefined ? undefined : scalarText(value);
  }

  folded(i: number): string | undefined {
    const known = i === 0 ? this.#firstFolded : this.#folded[i];
    if (known !== undefined) return known;
    const text = this.text(i);
    if (text === undefined) return undefined;
    const folded = foldOnce(text);
    if (i === 0) this.#firstFolded = folded;
    else this.#folded[i] = folded;
    return folded;
  }

  /** Value number `i` as an address, where it is one: read once, for many networks. */
  address(i: number): readonly number[] | undefined {
    const value = this.#values[i];
    if (typeof value !== 'string') return undefined;
    if (this.#address?.of !== value) this.#address = { of: value, bytes: parseAddress(value) };
    return this.#address.bytes;
  }

  #load(): void {
    const { generation } = this.#clock;
    if (this.#seen === generation) return;
    this.#seen = generation;
    this.#firstFolded = undefined;
    if (this.#folded.length > 0) this.#folded = [];
    const value = this.#read();
    this.#isPresent = value !== undefined;
    if (value === undefined) this.#values = NONE;
    else if (isList(value)) this.#values = value;
    else {
      this.#single[0] = value;
      this.#values = this.#single;
    }
  }
}

const NONE: readonly Scalar[] = [];

/** The slot of a field that no event of the shape has. */
export const ABSENT = new FieldSlot({ generation: 0 }, () => undefined);

function isList(value: FieldValue): value is readonly Scalar[] {
  return Array.isArray(value);
}
