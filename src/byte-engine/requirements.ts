import { assertNever } from '../base/invariant.ts';
import { requiredLiterals } from '../engine/regex-literals.ts';
import type { FieldTest, PatternPart, ValueTest } from '../sigma/field-test.ts';
import type { Condition, Detection, SigmaRule } from '../sigma/rule.ts';
import type { FieldPlaces } from '../event/field-places.ts';
import { textWitness } from './witness.ts';
import type { TextPlace, Witness } from './witness.ts';

/**
 * What a record must hold for a rule to match: a witness, all of some requirements, or any of some. Any of none: no record can
 * match. `undefined` in place of one: nothing is known.
 */
export type Requirement =
  | Witness
  | { readonly kind: 'all'; readonly of: readonly Requirement[] }
  | { readonly kind: 'any'; readonly of: readonly Requirement[] };

/** No record can match. */
export const IMPOSSIBLE: Requirement = { kind: 'any', of: [] };

/** Witnesses of one disjunction; of a larger one nothing is made. */
const MOST_ALTERNATIVES = 10_000;

/** `places`: where a field's values stand; `undefined` where that is not known. */
export function requirementOf(rule: SigmaRule, places: Places): Requirement | undefined {
  return new Reader(rule, places).condition(rule.condition, true);
}

type Places = (field: string) => FieldPlaces | undefined;

/** Reads a rule for what must be there when it holds, and for what must be there when a part of it does not (`holds` false). */
class Reader {
  readonly #identifiers: ReadonlyMap<string, Detection>;
  readonly #known = new Map<string, { readonly made: Requirement | undefined }>();
  readonly #places: Places;

  constructor(rule: SigmaRule, places: Places) {
    this.#identifiers = new Map(rule.identifiers.map(({ name, detection }) => [name, detection]));
    this.#places = places;
  }

  condition(condition: Condition, holds: boolean): Requirement | undefined {
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
        if (atLeast <= 0) return undefined;
        return holds ? any(parts) : atLeast === 1 ? all(parts) : undefined;
      }
      default:
        return assertNever(condition);
    }
  }

  #identifier(name: string, holds: boolean): Requirement | undefined {
    const key = `${String(holds)} ${name}`;
    let found = this.#known.get(key);
    if (found === undefined) {
      const detection = this.#identifiers.get(name);
      this.#known.set(key, (found = { made: detection && this.#detection(detection, holds) }));
    }
    return found.made;
  }

  #detection(detection: Detection, holds: boolean): Requirement | undefined {
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

  #field(test: FieldTest, holds: boolean): Requirement | undefined {
    // The kernel must know every field that the rule reads.
    for (const { tests } of test.values) for (const one of tests) if (one.kind === 'fieldref') this.#places(one.field);
    const at: FieldPlaces | undefined = test.field === null ? { kind: 'texts', paths: [] } : this.#places(test.field);
    if (at === undefined) return undefined;
    const where = test.field === null ? null : at;
    const values = test.values.map(({ tests }) =>
      holds ? any(tests.map((one) => ofValue(one, where))) : all(tests.map((one) => ofOtherValue(one, where))),
    );
    return test.all === holds ? all(values) : any(values);
  }
}

/** What must be there for a value not to pass: where absence would, the field itself. */
function ofOtherValue(test: ValueTest, at: FieldPlaces | null): Requirement | undefined {
  if (at === null || (test.kind !== 'null' && !(test.kind === 'exists' && !test.expected))) return undefined;
  return any(pathsOf(at).map(presentAt));
}

function pathsOf(at: FieldPlaces): readonly string[] {
  return at.kind === 'absent' ? [] : at.kind === 'own' ? [at.key] : at.paths;
}

/** Each must hold. */
function all(parts: readonly (Requirement | undefined)[]): Requirement | undefined {
  const known = parts.filter((part) => part !== undefined).flatMap((part) => (part.kind === 'all' ? part.of : [part]));
  if (known.some((part) => part.kind === 'any' && part.of.length === 0)) return IMPOSSIBLE;
  return known.length < 2 ? known[0] : { kind: 'all', of: known };
}

/** One must hold. */
function any(parts: readonly (Requirement | undefined)[]): Requirement | undefined {
  const known: Requirement[] = [];
  for (const part of parts) {
    if (part === undefined) return undefined;
    if (part.kind === 'any') known.push(...part.of);
    else known.push(part);
  }
  if (known.length > MOST_ALTERNATIVES) return undefined;
  return known.length === 1 ? known[0] : { kind: 'any', of: known };
}

/** `at` null: keywords, which look at every value. */
function ofValue(test: ValueTest, at: FieldPlaces | null): Requirement | undefined {
  if (test.kind === 'null') return undefined;
  if (test.kind === 'exists' && !test.expected) return undefined;
  const paths = at === null ? [null] : pathsOf(at);
  // Words may be pieces of a value: how the whole begins and ends is not known.
  const isWhole = at === null || at.kind !== 'words';
  return any(paths.map((path) => ofValueAt(test, path, isWhole)));
}

function ofValueAt(test: ValueTest, path: string | null, isWhole: boolean): Requirement | undefined {
  switch (test.kind) {
    case 'pattern':
      return ofPattern(test.parts, path, isWhole);
    case 'regex':
      return ofRegex(test.expression, path, isWhole);
    case 'number':
      return isWhole ? ofNumber(test, path) : presentAt(path);
    case 'boolean':
      return isWhole ? ofText(path, path === null ? 'within' : 'whole', String(test.value)) : presentAt(path);
    case 'cidr':
    case 'compare':
    case 'exists':
    case 'fieldref':
    case 'time-part':
      return presentAt(path);
    case 'null':
      return undefined;
    default:
      return assertNever(test);
  }
}

function presentAt(path: string | null): Requirement {
  return { kind: 'witness', path, where: 'present', literal: '' };
}

/** The text in the value; where it cannot be looked for, the value. */
function ofText(path: string | null, where: TextPlace, text: string): Requirement {
  return textWitness(path, where, text) ?? presentAt(path);
}

/** The number's text, the rule's own, or some text that may be the same number. */
function ofNumber(test: ValueTest & { readonly kind: 'number' }, path: string | null): Requirement | undefined {
  if (path === null || !Number.isSafeInteger(Number(test.value))) return presentAt(path);
  const texts = new Set([String(test.value), test.text.toLowerCase()]);
  return any([
    ...[...texts].map((text) => ofText(path, 'whole', text)),
    { kind: 'witness', path, where: 'odd-number', literal: '' },
  ]);
}

function ofPattern(parts: readonly PatternPart[], path: string | null, isWhole: boolean): Requirement | undefined {
  if (parts.length === 0) return isWhole && path !== null ? presentAt(path) : undefined;
  const found = parts.flatMap((part, i): (Witness | undefined)[] => {
    if (part.kind !== 'text') return [];
    if (!isWhole) return wordsOf(part.text).map((word) => textWitness(path, 'within', word));
    // Keywords are looked for within values.
    if (path === null) return [textWitness(path, 'within', part.text)];
    const begins = i === 0;
    const ends = i === parts.length - 1;
    return [textWitness(path, begins ? (ends ? 'whole' : 'beginning') : ends ? 'end' : 'within', part.text)];
  });
  return all(found) ?? presentAt(path);
}

function ofRegex(expression: string, path: string | null, isWhole: boolean): Requirement {
  const clauses = requiredLiterals(expression).map((clause) =>
    any(
      clause.map((text) => {
        const texts = isWhole ? [text] : wordsOf(text);
        return all(texts.map((each) => textWitness(path, 'within', each)));
      }),
    ),
  );
  return all(clauses) ?? presentAt(path);
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[^A-Za-z0-9]+/).filter((word) => word.length >= 4);
}
