import type { FieldTest, ValueTest } from '../sigma/field-test.ts';
import type { Condition, Detection, SigmaRule } from '../sigma/rule.ts';

/** Longer lists are not worth a key. */
const MOST_VALUES = 64;

/** A field test without which the rule does not hold, where its condition names one plainly: the first in it. */
export function neededTest({ condition, identifiers }: SigmaRule): FieldTest | undefined {
  const inDetection = (detection: Detection): FieldTest | undefined => {
    switch (detection.kind) {
      case 'field':
        return hasKey(detection.test) ? detection.test : undefined;
      case 'all':
        return firstOf(detection.items, inDetection);
      case 'any':
        return undefined;
    }
  };
  const inIdentifier = (name: string): FieldTest | undefined => {
    const found = identifiers.find((one) => one.name === name);
    return found && inDetection(found.detection);
  };
  const inCondition = (one: Condition): FieldTest | undefined => {
    switch (one.kind) {
      case 'identifier':
        return inIdentifier(one.name);
      case 'and':
        return firstOf(one.items, inCondition);
      case 'of':
        return one.atLeast === null ? firstOf(one.names, inIdentifier) : undefined;
      default:
        return undefined;
    }
  };
  return inCondition(condition);
}

function firstOf<T>(items: readonly T[], find: (item: T) => FieldTest | undefined): FieldTest | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Patterns, and numbers that JSON can write: they are plain data, and most tests. */
function hasKey({ values }: FieldTest): boolean {
  return values.length > 0 && values.length <= MOST_VALUES && values.every(({ tests }) => tests.every(isPlain));
}

function isPlain(test: ValueTest): boolean {
  return (
    test.kind === 'pattern' || test.kind === 'boolean' || (test.kind === 'number' && typeof test.value === 'number')
  );
}

/** The same text for tests that have the same outcome for every event. */
export function testKey({ field, all, negated, values }: FieldTest): string {
  return JSON.stringify([field, all, negated, values.map(({ tests }) => tests)]);
}
