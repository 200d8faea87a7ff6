import { RE2JS } from 're2js';

import { assertNever } from '../base/invariant.ts';
import type { FieldValue, Scalar } from '../event/json.ts';
import { inNetwork, parseAddress, parseNetwork } from '../sigma/cidr.ts';
import type { ValueTest } from '../sigma/field-test.ts';
import type { EventSchema } from './event-view.ts';
import { fold } from './fold.ts';
import { compilePattern } from './pattern.ts';
import { scalarNumber, scalarText } from './scalar-text.ts';
import { timePart } from './time-part.ts';

/** Does one value of an event pass? `value` is never `undefined`: absence is for the field to judge. */
export type ScalarTest<Event> = (value: Scalar, event: Event) => boolean;

/** Longest value an expression is run over; what lies behind is not looked at. */
const LONGEST_FOR_REGEX = 1_000_000;

/** Compiles one test of a rule value. `null` and `exists` are decided on the field, not here. */
export function compileValueTest<Event>(test: ValueTest, schema: EventSchema<Event>): ScalarTest<Event> {
  switch (test.kind) {
    case 'pattern': {
      const matches = compilePattern(test.parts, test.cased);
      return (value) => {
        const text = scalarText(value);
        return text !== undefined && matches(text);
      };
    }
    case 'number': {
      const { value: expected, text: written } = test;
      return (value) => (typeof value === 'number' ? value === expected : String(value) === written || scalarNumber(value) === expected);
    }
    case 'boolean': {
      const word = String(test.value);
      return (value) => value === test.value || (typeof value === 'string' && fold(value) === word);
    }
    case 'null':
      return (value) => value === null;
    case 'exists':
      return () => test.expected;
    case 'regex': {
      const { i, m, s } = test.flags;
      const expression = RE2JS.compile(
        test.expression,
        (i ? RE2JS.CASE_INSENSITIVE : 0) | (m ? RE2JS.MULTILINE : 0) | (s ? RE2JS.DOTALL : 0),
      );
      return (value) => {
        const text = scalarText(value);
        return text !== undefined && expression.matcher(text.length > LONGEST_FOR_REGEX ? text.slice(0, LONGEST_FOR_REGEX) : text).find();
      };
    }
    case 'cidr': {
      const network = parseNetwork(test.network);
      return (value) => {
        const address = typeof value === 'string' ? parseAddress(value) : undefined;
        return network !== undefined && address !== undefined && inNetwork(address, network);
      };
    }
    case 'compare': {
      const compare = { lt: less, lte: lessOrEqual, gt: greater, gte: greaterOrEqual }[test.operator];
      return (value) => {
        const number = scalarNumber(value);
        return number !== undefined && compare(number, test.value);
      };
    }
    case 'fieldref': {
      const read = schema.field(test.field);
      if (read === undefined) return () => false;
      const shape = test.cased ? (text: string): string => text : fold;
      const matches = { equals, contains, startswith, endswith }[test.how];
      return (value, event) => {
        const text = scalarText(value);
        return text !== undefined && scalars(read(event)).some((other) => {
          const with_ = scalarText(other);
          return with_ !== undefined && matches(shape(text), shape(with_));
        });
      };
    }
    case 'time-part':
      return (value) => (typeof value === 'string' || typeof value === 'number') && timePart(value, test.part) === test.value;
    default:
      return assertNever(test);
  }
}

/** The values of a field, one by one; an absent field has none. */
export function scalars(value: FieldValue): readonly Scalar[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

export function isList(value: FieldValue): value is readonly Scalar[] {
  return Array.isArray(value);
}

const less = (a: number, b: number): boolean => a < b;
const lessOrEqual = (a: number, b: number): boolean => a <= b;
const greater = (a: number, b: number): boolean => a > b;
const greaterOrEqual = (a: number, b: number): boolean => a >= b;
const equals = (a: string, b: string): boolean => a === b;
const contains = (a: string, b: string): boolean => a.includes(b);
const startswith = (a: string, b: string): boolean => a.startsWith(b);
const endswith = (a: string, b: string): boolean => a.endsWith(b);
