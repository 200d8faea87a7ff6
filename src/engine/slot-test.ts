import type { ValueTest } from '../sigma/field-test.ts';
import type { EventFrame, FieldSlot } from './event-frame.ts';
import { fold } from './fold.ts';
import { Sought, SoughtList } from './long-text.ts';
import { literalOf } from './pattern.ts';
import { numberKey, scalarNumber } from './scalar-text.ts';
import { compileValueTest } from './value-test.ts';
import type { ValueCheck } from './value-test.ts';

/**
 * Does some value of a field pass one of many tests? Tests of the same simple kind are kept together, so that a list of
 * a hundred endings costs a hundred comparisons and nothing else, and a list of plain values one look into a set.
 */
export class SlotTest<Event> {
  readonly #slot: FieldSlot;
  /** Folded texts that a value may be. */
  readonly #texts = new Set<string>();
  /** Numbers that a value may be, as `numberKey`. */
  readonly #numbers = new Set<string>();
  readonly #beginnings: string[] = [];
  readonly #endings: string[] = [];
  readonly #parts = new SoughtList();
  /** Everything else, one by one. */
  readonly #checks: ValueCheck[] = [];
  readonly #presences: boolean[] = [];
  #acceptsNull = false;
  readonly #needsFolded: boolean;
  /** There are texts that a value may be, and nothing else. */
  readonly #isSet: boolean;

  constructor(tests: readonly ValueTest[], slot: FieldSlot, frame: EventFrame<Event>) {
    this.#slot = slot;
    for (const test of tests) {
      if (test.kind === 'null') this.#acceptsNull = true;
      else if (test.kind === 'exists') this.#presences.push(test.expected);
      else if (test.kind === 'number') {
        this.#texts.add(fold(test.text));
        this.#numbers.add(numberKey(test.value));
      } else if (!this.#addLiteral(test)) this.#checks.push(compileValueTest(test, slot, frame));
    }
    const literals = this.#beginnings.length + this.#endings.length + this.#parts.length;
    this.#needsFolded = this.#texts.size + literals > 0;
    this.#isSet =
      literals + this.#checks.length + this.#presences.length + this.#numbers.size === 0 && !this.#acceptsNull;
  }

  /** Sorts a pattern without regard to case that is one literal, with runs around it or without. */
  #addLiteral(test: ValueTest): boolean {
    const literal = plainLiteral(test);
    if (literal === undefined) return false;
    const { folded, isOpenStart, isOpenEnd } = literal;
    if (!isOpenStart && !isOpenEnd) this.#texts.add(folded);
    else if (isOpenStart && isOpenEnd) this.#parts.add(folded);
    else (isOpenStart ? this.#endings : this.#beginnings).push(folded);
    return true;
  }

  holds(): boolean {
    const slot = this.#slot;
    const { values } = slot;
    if (this.#isSet) return this.#find(values.length) !== -1;
    if (this.#acceptsNull && values.every((value) => value === null)) return true;
    for (const expected of this.#presences) if (slot.isPresent === expected) return true;
    for (let i = 0; i < values.length; i++) if (this.#passes(i)) return true;
    return false;
  }

  /** As `find` where all there is are texts. */
  #find(count: number): number {
    for (let i = 0; i < count; i++) {
      const text = this.#slot.folded(i);
      if (text !== undefined && this.#texts.has(text)) return i;
    }
    return -1;
  }

  /** The first value that passes, or -1 where none does, or where it is absence that does. */
  find(): number {
    if (this.#isSet) return this.#find(this.#slot.values.length);
    for (let i = 0; i < this.#slot.values.length; i++) if (this.#passes(i)) return i;
    return -1;
  }

  #passes(i: number): boolean {
    if (this.#needsFolded) {
      const text = this.#slot.folded(i);
      if (text !== undefined && this.#textPasses(text, i)) return true;
    }
    for (const check of this.#checks) if (check(i)) return true;
    return false;
  }

  #textPasses(text: string, i: number): boolean {
    for (const ending of this.#endings) if (text.endsWith(ending)) return true;
    if (this.#parts.isIn(text)) return true;
    for (const beginning of this.#beginnings) if (text.startsWith(beginning)) return true;
    if (this.#texts.size > 0 && this.#texts.has(text)) return true;
    if (this.#numbers.size === 0) return false;
    const number = scalarNumber(this.#slot.values[i] ?? null);
    return number !== undefined && this.#numbers.has(numberKey(number));
  }
}

/** A pattern without regard to case that is one literal, with runs around it or without. */
interface PlainLiteral {
  readonly folded: string;
  readonly isOpenStart: boolean;
  readonly isOpenEnd: boolean;
}

function plainLiteral(test: ValueTest): PlainLiteral | undefined {
  if (test.kind !== 'pattern' || test.cased) return undefined;
  const { parts } = test;
  const isOpenStart = parts[0]?.kind === 'any-run';
  const isOpenEnd = parts.length > 1 && parts.at(-1)?.kind === 'any-run';
  const literal = literalOf(parts.slice(isOpenStart ? 1 : 0, isOpenEnd ? -1 : undefined));
  return literal === undefined ? undefined : { folded: fold(literal), isOpenStart, isOpenEnd };
}

/** What a `SlotTest` of one literal says, in a tenth of the memory: for each value of a long list. */
export class LiteralTest {
  readonly #slot: FieldSlot;
  readonly #folded: string;
  /** What stands anywhere in a value. */
  readonly #part: Sought | undefined;
  readonly #isOpenStart: boolean;
  readonly #isOpenEnd: boolean;

  private constructor(slot: FieldSlot, { folded, isOpenStart, isOpenEnd }: PlainLiteral) {
    this.#slot = slot;
    this.#folded = folded;
    this.#part = isOpenStart && isOpenEnd ? new Sought(folded) : undefined;
    this.#isOpenStart = isOpenStart;
    this.#isOpenEnd = isOpenEnd;
  }

  /** `undefined`: the tests are more than one literal. */
  static of(tests: readonly ValueTest[], slot: FieldSlot): LiteralTest | undefined {
    const [only, ...others] = tests;
    const literal = only && others.length === 0 ? plainLiteral(only) : undefined;
    return literal && new LiteralTest(slot, literal);
  }

  /** The first value that passes, or -1. */
  find(): number {
    for (let i = 0; i < this.#slot.values.length; i++) {
      const text = this.#slot.folded(i);
      if (text !== undefined && this.#passes(text)) return i;
    }
    return -1;
  }

  #passes(text: string): boolean {
    if (this.#part !== undefined) return this.#part.isIn(text);
    if (this.#isOpenStart) return text.endsWith(this.#folded);
    return this.#isOpenEnd ? text.startsWith(this.#folded) : text === this.#folded;
  }
}
