import { assertNever, invariant } from '../base/invariant.ts';
import type { FieldPlaces } from '../event/field-places.ts';
import { pathsOf } from '../event/field-places.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import { all, any, fieldsOf, IMPOSSIBLE, needOf } from './requirements.ts';
import type { Need, Requirement, ValueNeed } from './requirements.ts';
import type { Witness } from './witness.ts';

/**
 * What rules need, in words of 32 bits: as objects the needs of SigmaHQ take tens of megabytes and a good part of a start. Trees
 * are written root first. A word is an operation, and what belongs to it in the bits above:
 *
 * - of a need: `ALL` and `ANY` of so many that follow, `UNKNOWN`, or `LEAF` with the number of a value;
 * - of a requirement, where a value says what must stand in a place: the same with `LEAF` for a witness, which is the number
 *   of its literal, and in the lowest four bits where that is to stand.
 *
 * Equal values are written once, equal literals too.
 */
export const ALL = 0;
export const ANY = 1;
export const UNKNOWN = 2;
export const LEAF = 3;
export const OPERATION_BITS = 2;
const MOST_OF_OPERATION = 2 ** 30 - 1;
export const WHERE_BITS = 4;

const WHERE_NUMBER: Readonly<Record<Witness['where'], number>> = {
  present: 0,
  'odd-number': 1,
  bytes: 2,
  whole: 3,
  beginning: 4,
  end: 5,
  within: 6,
};
export const WHERE: readonly (Witness['where'] | undefined)[] = [
  'present',
  'odd-number',
  'bytes',
  'whole',
  'beginning',
  'end',
  'within',
];

/** In place of a field's number above 0. */
export const KEYWORDS = 0;

/** All parts of the code, each in its own list. */
export interface NeedCode {
  /** For each rule how many fields it reads, their numbers, and its need. */
  readonly needs: readonly number[];
  /** For each rule where in `needs` it begins. */
  readonly rules: readonly number[];
  /** Values: the number of the field, where what is needed of words begins, counted from here, and what is needed of the whole value. */
  readonly values: readonly number[];
  /** For each value where it begins. */
  readonly valueStarts: readonly number[];
  /** For each literal where it ends in `text`. */
  readonly literalEnds: readonly number[];
  /** A character for each byte. */
  readonly text: string;
  readonly fields: readonly string[];
}

/** Writes the needs of rules, in their order. */
export class NeedWriter {
  readonly #needs: number[] = [];
  readonly #rules: number[] = [];
  readonly #values: number[] = [];
  readonly #valueStarts: number[] = [];
  readonly #valueNumbers = new Map<string, number>();
  readonly #literals = new Map<string, number>();
  readonly #fields = new Map<string, number>();

  add(rule: Pick<SigmaRule, 'identifiers' | 'condition'>): void {
    this.#rules.push(this.#needs.length);
    const fields = fieldsOf(rule);
    this.#needs.push(fields.size);
    for (const field of fields) this.#needs.push(numberIn(this.#fields, field));
    this.#need(needOf(rule));
  }

  end(): NeedCode {
    const literals = [...this.#literals.keys()];
    let length = 0;
    return {
      needs: this.#needs,
      rules: this.#rules,
      values: this.#values,
      valueStarts: this.#valueStarts,
      literalEnds: literals.map((literal) => (length += literal.length)),
      text: literals.join(''),
      fields: [...this.#fields.keys()],
    };
  }

  #need(need: Need): void {
    switch (need.kind) {
      case 'all':
      case 'any':
        this.#needs.push(word(need.kind === 'all' ? ALL : ANY, need.of.length));
        for (const part of need.of) this.#need(part);
        return;
      case 'unknown':
        this.#needs.push(UNKNOWN);
        return;
      case 'value':
        this.#needs.push(word(LEAF, this.#value(need)));
        return;
      default:
        assertNever(need);
    }
  }

  #value({ field, whole, words }: ValueNeed): number {
    const code: number[] = [];
    this.#requirement(whole, code);
    const ofWords: number[] = [];
    this.#requirement(words, ofWords);
    const isSame = code.join() === ofWords.join();
    const fieldNumber = field === null ? KEYWORDS : numberIn(this.#fields, field) + 1;
    const all = [fieldNumber, isSame ? 2 : 2 + code.length, ...code, ...(isSame ? [] : ofWords)];
    const key = all.join();
    let number = this.#valueNumbers.get(key);
    if (number === undefined) {
      number = this.#valueNumbers.size;
      this.#valueNumbers.set(key, number);
      this.#valueStarts.push(this.#values.length);
      for (const one of all) this.#values.push(one);
    }
    return number;
  }

  #requirement(requirement: Requirement | undefined, into: number[]): void {
    switch (requirement?.kind) {
      case undefined:
        into.push(UNKNOWN);
        return;
      case 'all':
      case 'any':
        into.push(word(requirement.kind === 'all' ? ALL : ANY, requirement.of.length));
        for (const part of requirement.of) this.#requirement(part, into);
        return;
      case 'witness': {
        const { where, literal } = requirement;
        into.push(word(LEAF, numberIn(this.#literals, literal) * 2 ** WHERE_BITS + WHERE_NUMBER[where]));
        return;
      }
      default:
        assertNever(requirement);
    }
  }
}

function word(operation: number, of: number): number {
  invariant(of <= MOST_OF_OPERATION, 'rules need more than can be written');
  return of * 2 ** OPERATION_BITS + operation;
}

function numberIn(numbers: Map<string, number>, text: string): number {
  let number = numbers.get(text);
  if (number === undefined) numbers.set(text, (number = numbers.size));
  return number;
}

/** The code as it is kept: words, and a text of which parts are asked for. */
export interface StoredNeeds {
  readonly needs: Uint32Array;
  readonly rules: Uint32Array;
  readonly values: Uint32Array;
  readonly valueStarts: Uint32Array;
  readonly literalEnds: Uint32Array;
  readonly fields: readonly string[];
  text(from: number, to: number): string;
}

/**
 * Reads what rules require where fields stand at `places`; `undefined`: nothing is known. Equal witnesses are one object as
 * long as the reader is kept, which should not be for longer than it is needed.
 */
export class RequirementReader {
  readonly #stored: StoredNeeds;
  readonly #places: (field: string) => FieldPlaces | undefined;
  /** By number of the value; `null`: nothing is known. */
  readonly #values: (Requirement | null | undefined)[] = [];
  /** By number of the field; `null`: not known. */
  readonly #fields: (FieldPlaces | null | undefined)[] = [];
  readonly #literals: (string | undefined)[] = [];
  /** By path, and by the words that say them. */
  readonly #witnesses = new Map<string | null, Map<number, Witness>>();
  #at = 0;

  /** `places`: where a field's values stand; `undefined` where that is not known. */
  constructor(stored: StoredNeeds, places: (field: string) => FieldPlaces | undefined) {
    this.#stored = stored;
    this.#places = places;
  }

  /** What the rule at this place requires. Asks for the places of every field that the rule reads. */
  of(rule: number): Requirement | undefined {
    const { needs, rules } = this.#stored;
    const at = rules[rule];
    invariant(at !== undefined, `what rule ${rule} needs is not known`);
    const end = at + 1 + (needs[at] ?? 0);
    for (let i = at + 1; i < end; i++) this.#placesOf(needs[i] ?? 0);
    this.#at = end;
    return this.#need();
  }

  #need(): Requirement | undefined {
    const code = this.#stored.needs[this.#at++] ?? UNKNOWN;
    const of = code >>> OPERATION_BITS;
    switch (code & 3) {
      case ALL:
      case ANY: {
        const parts: (Requirement | undefined)[] = [];
        for (let i = 0; i < of; i++) parts.push(this.#need());
        return (code & 3) === ALL ? all(parts) : any(parts);
      }
      case LEAF:
        return this.#value(of);
      default:
        return undefined;
    }
  }

  #value(number: number): Requirement | undefined {
    let made = this.#values[number];
    if (made === undefined) {
      const at = this.#at;
      this.#values[number] = made = this.#readValue(this.#stored.valueStarts[number] ?? 0) ?? null;
      this.#at = at;
    }
    return made ?? undefined;
  }

  #readValue(at: number): Requirement | undefined {
    const { values } = this.#stored;
    const head = values[at] ?? 0;
    const words = at + (values[at + 1] ?? 0);
    if (head === KEYWORDS) return this.#requirementAt(at + 2, null);
    const places = this.#placesOf(head - 1);
    if (places === null) return undefined;
    // Words may be pieces of a value: how the whole begins and ends is not known.
    const from = places.kind === 'words' ? words : at + 2;
    if (places.kind === 'absent') return IMPOSSIBLE;
    if (places.kind === 'own') return this.#requirementAt(from, places.key);
    return any(pathsOf(places).map((path) => this.#requirementAt(from, path)));
  }

  #placesOf(field: number): FieldPlaces | null {
    let places = this.#fields[field];
    if (places === undefined) {
      const name = this.#stored.fields[field];
      invariant(name !== undefined, `no field ${field}`);
      this.#fields[field] = places = this.#places(name) ?? null;
    }
    return places;
  }

  #requirementAt(at: number, path: string | null): Requirement | undefined {
    this.#at = at;
    return this.#requirement(path);
  }

  #requirement(path: string | null): Requirement | undefined {
    const code = this.#stored.values[this.#at++] ?? UNKNOWN;
    const of = code >>> OPERATION_BITS;
    switch (code & 3) {
      case ALL:
      case ANY: {
        const parts: (Requirement | undefined)[] = [];
        for (let i = 0; i < of; i++) parts.push(this.#requirement(path));
        return (code & 3) === ALL ? all(parts) : any(parts);
      }
      case LEAF: {
        return this.#witness(of, path);
      }
      default:
        return undefined;
    }
  }

  #witness(of: number, path: string | null): Witness {
    let known = this.#witnesses.get(path);
    if (known === undefined) this.#witnesses.set(path, (known = new Map()));
    let witness = known.get(of);
    if (witness === undefined) {
      const where = WHERE[of % 2 ** WHERE_BITS];
      invariant(where, `no witness is of the kind ${of}`);
      witness = { kind: 'witness', path, where, literal: this.#literal(of >>> WHERE_BITS) };
      known.set(of, witness);
    }
    return witness;
  }

  #literal(number: number): string {
    const { literalEnds } = this.#stored;
    return (this.#literals[number] ??= this.#stored.text(literalEnds[number - 1] ?? 0, literalEnds[number] ?? 0));
  }
}
