import { assertNever } from '../base/invariant.ts';
import { requiredLiterals } from '../engine/regex-literals.ts';
import type { FieldTest, PatternPart, ValueTest } from '../sigma/field-test.ts';
import type { Condition, Detection, SigmaRule } from '../sigma/rule.ts';
import type { FieldPlaces } from '../event/field-places.ts';
import { expectedRate, textWitness } from './witness.ts';
import type { Witness } from './witness.ts';

/**
 * What a record must hold for a rule to match: of each option, at least one witness. No option: nothing is known. An
 * option without a witness: no record can match.
 */
export type Requirements = readonly Option[];
type Option = readonly Witness[];

/** Options that are kept of a rule, the rarest first as far as can be told; larger ones than this are not. */
const MOST_OPTIONS = 4;
const MOST_WITNESSES = 10_000;

/** `places`: where a field's values stand; `undefined` where that is not known. */
export function requirementsOf(rule: SigmaRule, places: Places): Requirements {
  return new Reader(rule, places).condition(rule.condition, true);
}

type Places = (field: string) => FieldPlaces | undefined;

/** Reads a rule for what must be there when it holds, and for what must be there when a part of it does not (`holds` false). */
class Reader {
  readonly #identifiers: ReadonlyMap<string, Detection>;
  readonly #known = new Map<string, Requirements>();
  readonly #places: Places;

  constructor(rule: SigmaRule, places: Places) {
    this.#identifiers = new Map(rule.identifiers.map(({ name, detection }) => [name, detection]));
    this.#places = places;
  }

  condition(condition: Condition, holds: boolean): Requirements {
    switch (condition.kind) {
      case 'and':
      case 'or': {
        const parts = condition.items.map((item) => this.condition(item, holds));
        return (condition.kind === 'and') === holds ? all(parts) : any(parts);
      }
      case 'not':
        return this.condition(condition.item, !holds);
      case 'identifier':
        return this.#identifier(condition.name, holds);
      case 'of': {
        const { atLeast, names } = condition;
        const parts = names.map((name) => this.#identifier(name, holds));
        if (atLeast === null) return holds ? all(parts) : any(parts);
        if (atLeast <= 0) return [];
        return holds ? any(parts) : atLeast === 1 ? all(parts) : [];
      }
      default:
        return assertNever(condition);
    }
  }

  #identifier(name: string, holds: boolean): Requirements {
    const key = `${String(holds)} ${name}`;
    let found = this.#known.get(key);
    if (found === undefined) {
      const detection = this.#identifiers.get(name);
      this.#known.set(key, (found = detection === undefined ? [] : this.#detection(detection, holds)));
    }
    return found;
  }

  #detection(detection: Detection, holds: boolean): Requirements {
    switch (detection.kind) {
      case 'field':
        return this.#field(detection.test, detection.test.negated !== holds);
      case 'all':
      case 'any': {
        const parts = detection.items.map((item) => this.#detection(item, holds));
        return (detection.kind === 'all') === holds ? all(parts) : any(parts);
      }
      default:
        return assertNever(detection);
    }
  }

  #field(test: FieldTest, holds: boolean): Requirements {
    const at: FieldPlaces | undefined = test.field === null ? { kind: 'texts', paths: [] } : this.#places(test.field);
    if (at === undefined) return [];
    const where = test.field === null ? null : at;
    const values = test.values.map(({ tests }) =>
      holds ? any(tests.map((one) => ofValue(one, where))) : all(tests.map((one) => ofOtherValue(one, where))),
    );
    return test.all === holds ? all(values) : any(values);
  }
}

/** What must be there for a value not to pass: where absence would, the field itself. */
function ofOtherValue(test: ValueTest, at: FieldPlaces | null): Requirements {
  if (at === null || (test.kind !== 'null' && !(test.kind === 'exists' && !test.expected))) return [];
  const paths = at.kind === 'absent' ? [] : at.kind === 'own' ? [at.key] : at.paths;
  return [paths.map((path) => ({ path, where: 'present', literal: '' }))];
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
  const found = requiredLiterals(expression).flatMap((choice): Requirements => {
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
