import { assertNever } from '../base/invariant.ts';
import { inNetwork, parseNetwork } from '../sigma/cidr.ts';
import type { CompareOperator, ValueTest } from '../sigma/field-test.ts';
import type { EventFrame, FieldSlot } from './event-frame.ts';
import { compilePattern } from './pattern.ts';
import { compileRegexTest } from './regex-test.ts';
import type { RegexTest } from './regex-test.ts';
import { scalarNumber } from './scalar-text.ts';
import { timePart } from './time-part.ts';

/** Does value number `i` of the slot pass? */
export type ValueCheck = (i: number) => boolean;

/** Compiles one test of a rule value. `null` and `exists` are decided on the field as a whole, and numbers in a set, in `SlotTest`. */
export function compileValueTest<Event>(test: ValueTest, slot: FieldSlot, frame: EventFrame<Event>): ValueCheck {
  switch (test.kind) {
    case 'pattern': {
      const { cased } = test;
      const matches = compilePattern(test.parts, cased);
      return (i) => {
        const text = cased ? slot.text(i) : slot.folded(i);
        return text !== undefined && matches(text);
      };
    }
    case 'boolean': {
      const word = String(test.value);
      return (i) => slot.folded(i) === word;
    }
    case 'number':
    case 'null':
    case 'exists':
      // `SlotTest` keeps these itself.
      return () => false;
    case 'regex': {
      // Compiled when a value comes to it: most rules with an expression never get so far, and hundreds of them take long.
      let found: RegexTest | undefined;
      return (i) => {
        const text = slot.text(i);
        if (text === undefined) return false;
        found ??= compileRegexTest(test);
        return found(text, slot.folded(i) ?? text);
      };
    }
    case 'cidr': {
      const network = parseNetwork(test.network);
      return (i) => {
        const address = slot.address(i);
        return network !== undefined && address !== undefined && inNetwork(address, network);
      };
    }
    case 'compare': {
      const { operator, value: limit } = test;
      return (i) => {
        const value = slot.values[i];
        const number = value === undefined ? undefined : scalarNumber(value);
        return number !== undefined && compare(operator, number, limit);
      };
    }
    case 'fieldref':
      return compileFieldReference(test, slot, frame.field(test.field));
    case 'time-part': {
      const { part, operator, value: limit } = test;
      return (i) => {
        const text = slot.values[i];
        const found = typeof text === 'string' ? timePart(text, part) : undefined;
        return found !== undefined && (operator === 'equals' ? found == limit : compare(operator, found, limit));
      };
    }
    default:
      return assertNever(test);
  }
}

/** Mixed numbers and bigints compare exactly in ECMAScript. */
function compare(operator: CompareOperator, a: number | bigint, b: number | bigint): boolean {
  switch (operator) {
    case 'lt':
      return a < b;
    case 'lte':
      return a <= b;
    case 'gt':
      return a > b;
    case 'gte':
      return a >= b;
    default:
      return assertNever(operator);
  }
}

/** Some value of the field against some value of the other: at most as many comparisons as both have values. */
function compileFieldReference(
  { how, cased }: ValueTest & { readonly kind: 'fieldref' },
  slot: FieldSlot,
  other: FieldSlot,
): ValueCheck {
  const holds = { equals, contains, startswith, endswith }[how];
  return (i) => {
    const text = cased ? slot.text(i) : slot.folded(i);
    if (text === undefined) return false;
    for (let j = 0; j < other.values.length; j++) {
      const sought = cased ? other.text(j) : other.folded(j);
      if (sought !== undefined && holds(text, sought)) return true;
    }
    return false;
  };
}

const equals = (a: string, b: string): boolean => a === b;
const contains = (a: string, b: string): boolean => a.includes(b);
const startswith = (a: string, b: string): boolean => a.startsWith(b);
const endswith = (a: string, b: string): boolean => a.endsWith(b);
