import type { FieldTest } from '../sigma/field-test.ts';
import { ABSENT } from './event-frame.ts';
import type { EventFrame, FieldSlot } from './event-frame.ts';
import { cutValue } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import { scalarText } from './scalar-text.ts';
import { LiteralTest, SlotTest } from './slot-test.ts';

/** A part of a compiled rule, about the event that its frame holds. `collect` says why, and is asked only of what held. */
export interface Node {
  /** The outcome where it is the same for every event of the shape. */
  readonly constant: boolean | undefined;
  test(): boolean;
  collect(selection: string, into: Evidence[]): void;
}

export function compileField<Event>(test: FieldTest, frame: EventFrame<Event>): Node {
  const slot = test.field === null ? frame.keywords() : frame.field(test.field);
  return test.all && test.values.length > 1 ? new AllValues(test, slot, frame) : new AnyValue(test, slot, frame);
}

/** One value of a rule by itself, to say which it was. */
type OneValue<Event> = SlotTest<Event> | LiteralTest;

/** Tests of values that are more than a literal are kept for lists up to this long; of longer ones they are made anew for each match. */
const MOST_KEPT = 32;

/** One of the values must hold. */
class AnyValue<Event> implements Node {
  readonly constant: boolean | undefined;
  readonly #test: FieldTest;
  readonly #slot: FieldSlot;
  readonly #frame: EventFrame<Event>;
  readonly #any: SlotTest<Event>;
  readonly #kept: OneValue<Event>[] = [];

  constructor(test: FieldTest, slot: FieldSlot, frame: EventFrame<Event>) {
    this.#test = test;
    this.#slot = slot;
    this.#frame = frame;
    this.#any = new SlotTest(
      test.values.flatMap(({ tests }) => tests),
      slot,
      frame,
    );
    this.constant = slot === ABSENT ? this.test() : undefined;
  }

  test(): boolean {
    return this.#any.holds() !== this.#test.negated;
  }

  /** Which of the values it was is asked anew: matches are rare. */
  collect(selection: string, into: Evidence[]): void {
    if (this.#test.negated) {
      into.push(negatedEvidence(selection, this.#test, this.#slot));
      return;
    }
    const { values } = this.#test;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value === undefined) return;
      let one = this.#kept[i];
      if (one === undefined) {
        const literal = LiteralTest.of(value.tests, this.#slot);
        one = literal ?? new SlotTest(value.tests, this.#slot, this.#frame);
        if (literal !== undefined || values.length <= MOST_KEPT) this.#kept[i] = one;
      }
      const found = one.find();
      // Absence, and null, pass without a value that does.
      if (found === -1 && (one instanceof LiteralTest || !one.holds())) continue;
      into.push(evidence(selection, this.#test, value.text, this.#slot, found));
      return;
    }
  }
}

/** Each of the values must hold, be it for different values of the event. */
class AllValues<Event> implements Node {
  readonly constant: boolean | undefined;
  readonly #test: FieldTest;
  readonly #slot: FieldSlot;
  readonly #each: readonly SlotTest<Event>[];

  constructor(test: FieldTest, slot: FieldSlot, frame: EventFrame<Event>) {
    this.#test = test;
    this.#slot = slot;
    this.#each = test.values.map(({ tests }) => new SlotTest(tests, slot, frame));
    this.constant = slot === ABSENT ? this.test() : undefined;
  }

  test(): boolean {
    for (const one of this.#each) if (!one.holds()) return this.#test.negated;
    return !this.#test.negated;
  }

  collect(selection: string, into: Evidence[]): void {
    if (this.#test.negated) into.push(negatedEvidence(selection, this.#test, this.#slot));
    else
      this.#each.forEach((one, i) =>
        into.push(evidence(selection, this.#test, this.#test.values[i]?.text ?? '', this.#slot, one.find())),
      );
  }
}

/** `found`: which value of the event it was; -1: absence. */
function evidence(selection: string, test: FieldTest, text: string, slot: FieldSlot, found: number): Evidence {
  const value = found === -1 ? shown(slot) : slot.text(found);
  return {
    selection,
    field: test.field,
    value: value === null || value === undefined ? null : cutValue(value),
    pattern: patternText(test, text),
  };
}

function negatedEvidence(selection: string, test: FieldTest, slot: FieldSlot): Evidence {
  const text = test.values
    .slice(0, MOST_SHOWN)
    .map((value) => value.text)
    .join(', ');
  return { selection, field: test.field, value: shown(slot), pattern: patternText(test, text) };
}

/** Longest pattern that evidence shows, and most values of a list. */
const LONGEST_PATTERN = 512;
const MOST_SHOWN = 64;

function patternText({ modifiers }: FieldTest, text: string): string {
  const shown = text.length > LONGEST_PATTERN ? `${text.slice(0, LONGEST_PATTERN - 1)}…` : text;
  return modifiers.length === 0 ? shown : `${modifiers.join('|')}: ${shown}`;
}

function shown(slot: FieldSlot): string | null {
  const texts = slot.values.slice(0, MOST_SHOWN).map((value) => scalarText(value) ?? 'null');
  return texts.length === 0 || (texts.length === 1 && slot.values[0] === null) ? null : cutValue(texts.join(' '));
}
