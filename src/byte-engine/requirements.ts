import { assertNever } from '../base/invariant.ts';
import type { FieldTest, PatternPart, ValueTest } from '../sigma/field-test.ts';
import type { Condition, Detection, SigmaRule } from '../sigma/rule.ts';
import type { FieldPlaces } from '../event/field-places.ts';
import { regexLiterals } from './regex-literals.ts';
import { expectedRate, textWitness } from './witness.ts';
import type { Witness } from './witness.ts';

/**
 * What a record must hold for a rule to match: of each option, at least one witness. No option: nothing is known. An
 * option without a witness: no record can match.
 */
export type Requirements = readonly Option[];
type Option = readonly Witness[];

/** Options that are kept of a rule, the rarest first as far as can be told; larger ones than this are not. */
const MOST_OPTIONS = 6;
const MOST_WITNESSES = 1_000;

/** `places`: where a field's values stand; `undefined` where that is not known. */
export function requirementsOf(rule: SigmaRule, places: (field: string) => FieldPlaces | undefined): Requirements {
  const identifiers = new Map(rule.identifiers.map(({ name, detection }) => [name, detection]));
  const known = new Map<string, Requirements>();
  const identifier = (name: string): Requirements => {
    const found = known.get(name);
    if (found) return found;
    const detection = identifiers.get(name);
    const made = detection === undefined ? [] : ofDetection(detection, places);
    known.set(name, made);
    return made;
  };
  return ofCondition(rule.condition, identifier);
}

function ofCondition(condition: Condition, identifier: (name: string) => Requirements): Requirements {
  switch (condition.kind) {
    case 'and':
      return all(condition.items.map((item) => ofCondition(item, identifier)));
    case 'or':
      return any(condition.items.map((item) => ofCondition(item, identifier)));
    case 'not':
      return [];
    case 'identifier':
      return identifier(condition.name);
    case 'of': {
      const parts = condition.names.map(identifier);
      if (condition.atLeast === null) return all(parts);
      return condition.atLeast <= 0 ? [] : any(parts);
    }
    default:
      return assertNever(condition);
  }
}

function ofDetection(detection: Detection, places: (field: string) => FieldPlaces | undefined): Requirements {
  switch (detection.kind) {
    case 'field':
      return ofField(detection.test, places);
    case 'all':
      return all(detection.items.map((item) => ofDetection(item, places)));
    case 'any':
      return any(detection.items.map((item) => ofDetection(item, places)));
    default:
      return assertNever(detection);
  }
}

/** Each must hold: every option of each is one. */
function all(parts: readonly Requirements[]): Requirements {
  return rarest(parts.flat());
}

/** One must hold: the best options of all, together. */
function any(parts: readonly Requirements[]): Requirements {
  const union: Witness[] = [];
  for (const part of parts) {
    const [best] = rarest(part);
    if (best === undefined) return [];
    union.push(...best);
    if (union.length > MOST_WITNESSES) return [];
  }
  return [union];
}

function rarest(options: readonly Option[]): Requirements {
  if (options.length < 2) return options;
  const rated = options.map((option) => ({ option, rate: option.reduce((sum, one) => sum + expectedRate(one), 0) }));
  return rated
    .sort((a, b) => a.rate - b.rate)
    .slice(0, MOST_OPTIONS)
    .map(({ option }) => option);
}

function ofField(test: FieldTest, places: (field: string) => FieldPlaces | undefined): Requirements {
  if (test.negated) return [];
  const at: FieldPlaces | undefined = test.field === null ? { kind: 'texts', paths: [] } : places(test.field);
  if (at === undefined) return [];
  const values = test.values.map(({ tests }) => any(tests.map((one) => ofValue(one, test.field === null ? null : at))));
  return test.all ? all(values) : any(values);
}

/** `at` null: keywords, which look at every value. */
function ofValue(test: ValueTest, at: FieldPlaces | null): Requirements {
  if (test.kind === 'null') return [];
  if (test.kind === 'exists' && !test.expected) return [];
  if (at !== null && at.kind === 'absent') return [[]];
  const paths = at === null ? [null] : at.kind === 'own' ? [at.key] : at.paths;
  // Words may be pieces of a value: how the whole begins and ends is not known.
  const isWhole = at === null || at.kind !== 'words';
  const somewhere = (make: (path: string | null) => Requirements): Requirements => any(paths.map(make));
  const present: Requirements = [paths.map((path) => ({ path, where: 'present', literal: '' }))];
  switch (test.kind) {
    case 'pattern':
      return somewhere((path) => ofPattern(test.parts, path, isWhole));
    case 'regex':
      return somewhere((path) => ofRegex(test.expression, path, isWhole));
    case 'number': {
      const { value } = test;
      if (!isWhole || at === null || !Number.isSafeInteger(Number(value))) return present;
      const texts = new Set([String(value), test.text.toLowerCase()]);
      return somewhere((path) => {
        const whole = [...texts].map((text) => textWitness(path, 'whole', text));
        if (whole.some((one) => one === undefined)) return presentAt(path);
        return [[...whole.filter((one) => one !== undefined), { path, where: 'odd-number', literal: '' }]];
      });
    }
    case 'boolean':
      return isWhole
        ? somewhere((path) => witnesses([textWitness(path, 'whole', String(test.value))], path))
        : present;
    case 'cidr':
    case 'compare':
    case 'exists':
    case 'fieldref':
    case 'time-part':
      return present;
    default:
      return assertNever(test);
  }
}

function presentAt(path: string | null): Requirements {
  return [[{ path, where: 'present', literal: '' }]];
}

/** Every one of these must be there; where none can be looked for, the value must. */
function witnesses(all: readonly (Witness | undefined)[], path: string | null): Requirements {
  const found = all.filter((one) => one !== undefined);
  return found.length === 0 ? presentAt(path) : found.map((one) => [one]);
}

function ofPattern(parts: readonly PatternPart[], path: string | null, isWhole: boolean): Requirements {
  const found = parts.flatMap((part, i): (Witness | undefined)[] => {
    if (part.kind !== 'text') return [];
    if (!isWhole) return wordsOf(part.text).map((word) => textWitness(path, 'within', word));
    const begins = i === 0;
    const ends = i === parts.length - 1;
    return [textWitness(path, begins ? (ends ? 'whole' : 'beginning') : ends ? 'end' : 'within', part.text)];
  });
  if (parts.length === 0) return isWhole && path !== null ? presentAt(path) : [];
  return witnesses(found, path);
}

function ofRegex(expression: string, path: string | null, isWhole: boolean): Requirements {
  const choices = regexLiterals(expression);
  const found = choices.flatMap((choice): Requirements => {
    const each = choice.map((text) =>
      isWhole ? [textWitness(path, 'within', text)] : wordsOf(text).map((word) => textWitness(path, 'within', word)),
    );
    const best = each.map((some) => some.filter((one) => one !== undefined).toSorted(byRate)[0]);
    return best.every((one) => one !== undefined) ? [best] : [];
  });
  // An expression may match the empty text, so that even a value that is empty is one.
  return found.length === 0 ? presentAt(path) : found;
}

function byRate(a: Witness, b: Witness): number {
  return expectedRate(a) - expectedRate(b);
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[^A-Za-z0-9]+/).filter((word) => word.length >= 4);
}
