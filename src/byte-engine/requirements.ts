import { assertNever } from '../base/invariant.ts';
import { requiredLiterals } from '../engine/regex-literals.ts';
import type { FieldTest, PatternPart, ValueTest } from '../sigma/field-test.ts';
import type { Condition, Detection, SigmaRule } from '../sigma/rule.ts';
import { textWitnesses } from './witness.ts';
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

/**
 * What a rule needs, before it is known where the values of its fields stand: the same for every shape, so it is found once, and
 * kept with the rule (need-code.ts).
 */
export type Need =
  | { readonly kind: 'all'; readonly of: readonly Need[] }
  | { readonly kind: 'any'; readonly of: readonly Need[] }
  | { readonly kind: 'unknown' }
  | ValueNeed;

/** What must stand in one of the places of a field. */
export interface ValueNeed {
  readonly kind: 'value';
  /** `null`: keywords, which look at every value. */
  readonly field: string | null;
  /** In a place that holds the whole value; its witnesses have the path ''. `undefined`: nothing is known. */
  readonly whole: Requirement | undefined;
  /** In places that hold words of it. */
  readonly words: Requirement | undefined;
}

const UNKNOWN: Need = { kind: 'unknown' };

export function needOf(rule: Pick<SigmaRule, 'identifiers' | 'condition'>): Need {
  return new Reader(rule).condition(rule.condition, true);
}

/** Every field that the rule reads, be it for what it needs or not. */
export function fieldsOf({ identifiers }: Pick<SigmaRule, 'identifiers'>): ReadonlySet<string> {
  const fields = new Set<string>();
  const read = (detection: Detection): void => {
    if (detection.kind !== 'field') {
      detection.items.forEach(read);
      return;
    }
    const { field, values } = detection.test;
    if (field !== null) fields.add(field);
    for (const { tests } of values) for (const test of tests) if (test.kind === 'fieldref') fields.add(test.field);
  };
  for (const { detection } of identifiers) read(detection);
  return fields;
}

/** Reads a rule for what must be there when it holds, and for what must be there when a part of it does not (`holds` false). */
class Reader {
  readonly #identifiers: ReadonlyMap<string, Detection>;
  readonly #known = new Map<string, Need>();

  constructor(rule: Pick<SigmaRule, 'identifiers'>) {
    this.#identifiers = new Map(rule.identifiers.map(({ name, detection }) => [name, detection]));
  }

  condition(condition: Condition, holds: boolean): Need {
    switch (condition.kind) {
      case 'and':
      case 'or': {
        const of = condition.items.map((item) => this.condition(item, holds));
        return { kind: (condition.kind === 'and') === holds ? 'all' : 'any', of };
      }
      case 'not':
        return this.condition(condition.item, !holds);
      case 'identifier':
        return this.#identifier(condition.name, holds);
      case 'of': {
        const { atLeast, names } = condition;
        const of = names.map((name) => this.#identifier(name, holds));
        if (atLeast === null) return { kind: holds ? 'all' : 'any', of };
        if (atLeast <= 0) return UNKNOWN;
        if (holds) return { kind: 'any', of };
        return atLeast === 1 ? { kind: 'all', of } : UNKNOWN;
      }
      default:
        return assertNever(condition);
    }
  }

  #identifier(name: string, holds: boolean): Need {
    const key = `${String(holds)} ${name}`;
    let found = this.#known.get(key);
    if (found === undefined) {
      const detection = this.#identifiers.get(name);
      this.#known.set(key, (found = detection ? this.#detection(detection, holds) : UNKNOWN));
    }
    return found;
  }

  #detection(detection: Detection, holds: boolean): Need {
    switch (detection.kind) {
      case 'field':
        return ofField(detection.test, detection.test.negated !== holds);
      case 'all':
      case 'any': {
        const of = detection.items.map((item) => this.#detection(item, holds));
        return { kind: (detection.kind === 'all') === holds ? 'all' : 'any', of };
      }
      default:
        return assertNever(detection);
    }
  }
}

function ofField({ field, values, all: isAll }: FieldTest, holds: boolean): Need {
  const of = values.map(({ tests }): Need => {
    // What no test decides never passes, wherever the field may be.
    if (tests.length === 0) return holds ? never(field) : UNKNOWN;
    return holds
      ? { kind: 'any', of: different(tests.map((one) => ofValue(one, field))) }
      : { kind: 'all', of: tests.map((one) => ofOtherValue(one, field)) };
  });
  // A list of nothing never passes (engine/compile-field.ts), so its denial always does.
  if (of.length === 0) return holds && !isAll ? never(field) : UNKNOWN;
  return { kind: isAll === holds ? 'all' : 'any', of: different(of) };
}

/** Lists that are longer are worth it: of a thousand emoji the first bytes are some dozens. */
const LONG_LIST = 64;

/** Of equal needs one is enough. */
function different(needs: readonly Need[]): readonly Need[] {
  if (needs.length <= LONG_LIST) return needs;
  return [...new Map(needs.map((need) => [JSON.stringify(need), need])).values()];
}

function never(field: string | null): Need {
  return { kind: 'value', field, whole: IMPOSSIBLE, words: IMPOSSIBLE };
}

/** What must be there for a value not to pass: where absence would, the field itself. */
function ofOtherValue(test: ValueTest, field: string | null): Need {
  if (field === null || (test.kind !== 'null' && !(test.kind === 'exists' && !test.expected))) return UNKNOWN;
  return { kind: 'value', field, whole: presentAt(''), words: presentAt('') };
}

/** Each must hold. */
export function all(parts: readonly (Requirement | undefined)[]): Requirement | undefined {
  let known: Requirement[] | undefined;
  let first: Requirement | undefined;
  for (const part of parts) {
    if (part === undefined) continue;
    if (part.kind === 'any' && part.of.length === 0) return IMPOSSIBLE;
    if (first === undefined) first = part;
    else {
      known ??= first.kind === 'all' ? [...first.of] : [first];
      if (part.kind === 'all') for (const one of part.of) known.push(one);
      else known.push(part);
    }
  }
  return known === undefined ? first : { kind: 'all', of: known };
}

/** One must hold. */
export function any(parts: readonly (Requirement | undefined)[]): Requirement | undefined {
  const known: Requirement[] = [];
  for (const part of parts) {
    if (part === undefined) return undefined;
    if (part.kind === 'any') for (const one of part.of) known.push(one);
    else known.push(part);
  }
  if (known.length > MOST_ALTERNATIVES) return undefined;
  if (known.length === 0) return IMPOSSIBLE;
  return known.length === 1 ? known[0] : { kind: 'any', of: known };
}

function ofValue(test: ValueTest, field: string | null): Need {
  if (test.kind === 'null' || (test.kind === 'exists' && !test.expected)) return UNKNOWN;
  const path = field === null ? null : '';
  const whole = ofValueAt(test, path, true);
  return { kind: 'value', field, whole, words: field === null ? whole : ofValueAt(test, path, false) };
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
  return textIn(path, where, text) ?? presentAt(path);
}

function textIn(path: string | null, where: TextPlace, text: string): Requirement | undefined {
  const witnesses = textWitnesses(path, where, text);
  return witnesses && any(witnesses);
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
  const found = parts.flatMap((part, i): (Requirement | undefined)[] => {
    if (part.kind !== 'text') return [];
    if (!isWhole) return wordsOf(part.text).map((word) => textIn(path, 'within', word));
    // Keywords are looked for within values.
    if (path === null) return [textIn(path, 'within', part.text)];
    const begins = i === 0;
    const ends = i === parts.length - 1;
    return [textIn(path, begins ? (ends ? 'whole' : 'beginning') : ends ? 'end' : 'within', part.text)];
  });
  return all(found) ?? presentAt(path);
}

function ofRegex(expression: string, path: string | null, isWhole: boolean): Requirement {
  const clauses = requiredLiterals(expression).map((clause) =>
    any(
      clause.map((text) => {
        const texts = isWhole ? [text] : wordsOf(text);
        return all(texts.map((each) => textIn(path, 'within', each)));
      }),
    ),
  );
  return all(clauses) ?? presentAt(path);
}

/** Names of digests may be put before values that stand without them. */
function wordsOf(text: string): readonly string[] {
  return text.split(/[^A-Za-z0-9]+/).filter((word) => word.length >= 4 && !/^sha(?:1|256)$/i.test(word));
}
