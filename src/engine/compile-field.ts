import type { FieldTest, RuleValue, ValueTest } from '../sigma/field-test.ts';
import type { EventFrame, FieldSlot } from './event-frame.ts';
import { ABSENT } from './event-frame.ts';
import { cutValue } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import { fold } from './fold.ts';
import { literalOf } from './pattern.ts';
import { numberKey, scalarNumber, scalarText } from './scalar-text.ts';
import { compileValueTest } from './value-test.ts';

/** A part of a compiled rule, about the event that its frame holds. `collect` says why, and is asked only of what held. */
export interface Node {
  /** The outcome where it is the same for every event of the shape. */
  readonly constant: boolean | undefined;
  test(): boolean;
  collect(selection: string, into: Evidence[]): void;
}

export function compileField<Event>(test: FieldTest, frame: EventFrame<Event>): Node {
  const slot = test.field === null ? frame.keywords() : frame.field(test.field);
  const values = test.values.map((value) => compileRuleValue(value, slot, frame));
  const holds = test.all ? () => values.every((value) => value.holds()) : anyOf(test, values, slot);
  const node = { test: (): boolean => holds() !== test.negated };
  return {
    ...node,
    constant: slot === ABSENT ? node.test() : undefined,
    collect(selection, into) {
      if (test.negated) {
        const text = test.values.map((value) => value.text).join(', ');
        into.push({ selection, field: test.field, value: shown(slot), pattern: patternText(test, text) });
        return;
      }
      for (const value of values) {
        if (!value.holds()) continue;
        into.push({ selection, field: test.field, value: value.matched(), pattern: patternText(test, value.text) });
        if (!test.all) return;
      }
    },
  };
}

interface CompiledValue {
  readonly text: string;
  holds(): boolean;
  /** The value of the event that passed, as text. */
  matched(): string | null;
}

function compileRuleValue<Event>({ text, tests }: RuleValue, slot: FieldSlot, frame: EventFrame<Event>): CompiledValue {
  const [only] = tests;
  if (only?.kind === 'null')
    return { text, holds: () => slot.values.every((value) => value === null), matched: () => null };
  if (only?.kind === 'exists')
    return { text, holds: () => slot.isPresent === only.expected, matched: () => shown(slot) };
  const checks = tests.map((test) => compileValueTest(test, slot, frame));
  const find = (): number => {
    for (let i = 0; i < slot.values.length; i++) for (const check of checks) if (check(i)) return i;
    return -1;
  };
  return {
    text,
    holds: () => find() !== -1,
    matched() {
      const value = slot.text(find());
      return value === undefined ? null : cutValue(value);
    },
  };
}

/** Plain values are looked up in a set, all at once; what is left is tried one by one, in the order of the rule. */
function anyOf(test: FieldTest, values: readonly CompiledValue[], slot: FieldSlot): () => boolean {
  const texts = new Set<string>();
  const numbers = new Set<string>();
  const others: CompiledValue[] = [];
  test.values.forEach(({ tests }, i) => {
    const [only] = tests;
    const value = values[i];
    if (only === undefined || value === undefined) return;
    const literal = tests.length === 1 ? plainLiteral(only) : undefined;
    if (literal !== undefined) texts.add(literal);
    else if (only.kind === 'number') {
      texts.add(fold(only.text));
      numbers.add(numberKey(only.value));
    } else others.push(value);
  });
  if (texts.size === 0) return () => others.some((value) => value.holds());
  const inSets = (i: number): boolean => {
    const value = slot.values[i];
    const folded = slot.folded(i);
    if (value === undefined || folded === undefined) return false;
    // A number of the event is compared as such with a rule's numbers, and as text with its texts.
    if (texts.has(folded)) return true;
    const number = numbers.size > 0 ? scalarNumber(value) : undefined;
    return number !== undefined && numbers.has(numberKey(number));
  };
  return () => {
    for (let i = 0; i < slot.values.length; i++) if (inSets(i)) return true;
    return others.some((value) => value.holds());
  };
}

function plainLiteral(test: ValueTest): string | undefined {
  const literal = test.kind === 'pattern' && !test.cased ? literalOf(test.parts) : undefined;
  return literal === undefined ? undefined : fold(literal);
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
