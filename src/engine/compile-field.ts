import type { FieldValue, Scalar } from '../event/json.ts';
import type { FieldTest, RuleValue, ValueTest } from '../sigma/field-test.ts';
import { cutValue } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import type { EventSchema } from './event-view.ts';
import { fold } from './fold.ts';
import { scalarText } from './scalar-text.ts';
import { compileValueTest, isList, scalars } from './value-test.ts';
import type { ScalarTest } from './value-test.ts';

/** A part of a compiled rule. `test` decides; `collect` says why, and is asked only of what held. */
export interface Node<Event> {
  test(event: Event): boolean;
  collect(event: Event, selection: string, into: Evidence[]): void;
}

/** Plain values of one field from this many on are looked up in a set. */
const WORTH_A_SET = 4;

export function compileField<Event>(test: FieldTest, schema: EventSchema<Event>): Node<Event> {
  if (test.field === null) return keywordNode(test, schema);
  const read = schema.field(test.field) ?? (() => undefined);
  const values = test.values.map((value) => compileRuleValue(value, schema));
  const set = test.all ? undefined : equalsSet(test);
  const holds = (field: FieldValue, event: Event): boolean => {
    if (set) return scalars(field).some((value) => inSet(set, value));
    return test.all ? values.every((value) => value.holds(field, event)) : values.some((value) => value.holds(field, event));
  };
  return {
    test: (event) => holds(read(event), event) !== test.negated,
    collect(event, selection, into) {
      const field = read(event);
      if (test.negated) {
        into.push({ selection, field: test.field, value: shown(field), pattern: pattern(test, test.values.map(({ text }) => text).join(', ')) });
        return;
      }
      for (const value of values) {
        if (!value.holds(field, event)) continue;
        into.push({ selection, field: test.field, value: value.matched(field, event), pattern: pattern(test, value.text) });
        if (!test.all) return;
      }
    },
  };
}

interface CompiledValue<Event> {
  readonly text: string;
  holds(field: FieldValue, event: Event): boolean;
  /** The value of the event that passed, as text. */
  matched(field: FieldValue, event: Event): string | null;
}

function compileRuleValue<Event>({ text, tests }: RuleValue, schema: EventSchema<Event>): CompiledValue<Event> {
  const onField = tests.map(fieldLevel).find((test) => test !== undefined);
  if (onField) return { text, holds: (field) => onField(field), matched: shown };
  const compiled: readonly ScalarTest<Event>[] = tests.map((test) => compileValueTest(test, schema));
  const [only] = compiled;
  const passes: ScalarTest<Event> =
    compiled.length === 1 && only ? only : (value, event) => compiled.some((test) => test(value, event));
  return {
    text,
    holds(field, event) {
      if (field === undefined) return false;
      return isList(field) ? field.some((value) => passes(value, event)) : passes(field, event);
    },
    matched(field, event) {
      const value = scalars(field).find((one) => passes(one, event));
      const found = value === undefined ? undefined : scalarText(value);
      return found === undefined ? null : cutValue(found);
    },
  };
}

/** Tests that absence can pass. */
function fieldLevel(test: ValueTest): ((field: FieldValue) => boolean) | undefined {
  if (test.kind === 'null') return (field) => field === undefined || field === null || (isList(field) && field.every((value) => value === null));
  if (test.kind === 'exists') return (field) => (field !== undefined) === test.expected;
  return undefined;
}

/** The folded texts of a list of plain values, where it is long enough to be worth a set. */
function equalsSet(test: FieldTest): ReadonlySet<string> | undefined {
  if (test.values.length < WORTH_A_SET) return undefined;
  const texts = new Set<string>();
  for (const { tests } of test.values) {
    const [only] = tests;
    if (tests.length !== 1 || only?.kind !== 'pattern' || only.cased || only.parts.length > 1) return undefined;
    const [part] = only.parts;
    if (part !== undefined && part.kind !== 'text') return undefined;
    texts.add(fold(part?.text ?? ''));
  }
  return texts;
}

function inSet(set: ReadonlySet<string>, value: Scalar): boolean {
  const text = scalarText(value);
  return text !== undefined && set.has(fold(text));
}

/** Keywords are looked for anywhere inside every value of the event. */
function keywordNode<Event>(test: FieldTest, schema: EventSchema<Event>): Node<Event> {
  const words = test.values.map(({ text, tests }) => ({
    text,
    tests: tests.map((one) => compileValueTest(anywhere(one), schema)),
  }));
  const find = (tests: readonly ScalarTest<Event>[], event: Event): Scalar | undefined => {
    for (const value of schema.keywords(event)) if (tests.some((one) => one(value, event))) return value;
    return undefined;
  };
  const holds = (event: Event): boolean =>
    test.all ? words.every(({ tests }) => find(tests, event) !== undefined) : words.some(({ tests }) => find(tests, event) !== undefined);
  return {
    test: (event) => holds(event) !== test.negated,
    collect(event, selection, into) {
      for (const { text, tests } of words) {
        const value = find(tests, event);
        if (value === undefined) continue;
        into.push({ selection, field: null, value: cutValue(scalarText(value) ?? 'null'), pattern: pattern(test, text) });
        if (!test.all) return;
      }
    },
  };
}

function anywhere(test: ValueTest): ValueTest {
  if (test.kind === 'pattern') return { ...test, parts: [{ kind: 'any-run' }, ...test.parts, { kind: 'any-run' }] };
  if (test.kind === 'number') return { kind: 'pattern', cased: false, parts: [{ kind: 'any-run' }, { kind: 'text', text: test.text }, { kind: 'any-run' }] };
  return test;
}

function pattern(test: FieldTest, text: string): string {
  return test.modifiers.length === 0 ? text : `${test.modifiers.join('|')}: ${text}`;
}

function shown(field: FieldValue): string | null {
  if (field === undefined) return null;
  const texts = scalars(field).map((value) => scalarText(value) ?? 'null');
  return texts.length === 0 ? null : cutValue(texts.slice(0, 64).join(' '));
}
