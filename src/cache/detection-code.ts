import { assertNever, invariant } from '../base/invariant.ts';
import type { Source, Span } from '../base/source.ts';
import type { FieldTest, PatternPart, RuleScalar, RuleValue, ValueTest } from '../sigma/field-test.ts';
import type { Condition, Detection, SearchIdentifier } from '../sigma/rule.ts';
import { pack, unpacker } from './pack.ts';
import type { SourceNumbers } from './pack.ts';
import { SpanReader, SpanWriter } from './span-code.ts';

/** What of a rule is looked at to compile it. */
export interface RuleBody {
  readonly identifiers: readonly SearchIdentifier[];
  readonly condition: Condition;
}

/** A body as short JSON, since a scan reads thousands: lists instead of objects, and all spans in one list, in the order of the walk. */
interface BodyCode {
  readonly i: readonly (readonly [name: string, detection: DetectionCode])[];
  readonly c: ConditionCode;
  readonly s: readonly number[];
}

type DetectionCode =
  | readonly [kind: 0 | 1, items: readonly DetectionCode[]]
  | readonly [kind: 2, field: string | null, modifiers: string, flags: number, values: readonly ValueCode[]];

/** Of a field test. The last three say how the values that stand as plain text are matched. */
const ALL = 1;
const NEGATED = 2;
const OPEN_START = 4;
const OPEN_END = 8;
const CASED = 16;

/**
 * Most values are text that means itself, matched as the flags of the field test say: those stand as that text alone. Others
 * with their tests, and with their value, as `pack` writes it, where that is not their text.
 */
type ValueCode = string | readonly [text: string, tests: readonly TestCode[], value?: string];

/** A pattern's parts, after 0 or 1 for `cased`; any other test as `pack` writes it. */
type TestCode = readonly [cased: 0 | 1, parts: readonly PartCode[]] | string;

/** Text as it is, 0 for any run, 1 for any one, a list for one of some characters. */
type PartCode = string | 0 | 1 | readonly [characters: string];

/** And, or, not, an identifier, some of several (`null`: all). */
type ConditionCode =
  | readonly [kind: 0 | 1, items: readonly ConditionCode[]]
  | readonly [kind: 2, item: ConditionCode]
  | readonly [kind: 3, name: string]
  | readonly [kind: 4, atLeast: number | null, names: readonly string[]];

export function encodeBody(body: RuleBody, sources: SourceNumbers): string {
  return new BodyEncoder(sources).encode(body);
}

/** What `encodeBody` was given; `text` is what it gave. */
export function decodeBody(text: string, sources: readonly Source[]): RuleBody {
  const code: BodyCode = JSON.parse(text);
  return new BodyDecoder(code, sources).decode();
}

class BodyEncoder {
  readonly #sources: SourceNumbers;
  readonly #spans: SpanWriter;

  constructor(sources: SourceNumbers) {
    this.#sources = sources;
    this.#spans = new SpanWriter(sources);
  }

  encode({ identifiers, condition }: RuleBody): string {
    const code: BodyCode = {
      i: identifiers.map(({ name, detection, span }) => {
        this.#spans.write(span);
        return [name, this.#detection(detection)];
      }),
      c: this.#condition(condition),
      s: this.#spans.code,
    };
    return JSON.stringify(code);
  }

  #detection(detection: Detection): DetectionCode {
    this.#spans.write(detection.span);
    if (detection.kind !== 'field')
      return [detection.kind === 'all' ? 0 : 1, detection.items.map((item) => this.#detection(item))];
    const { field, modifiers, all, negated, values, span } = detection.test;
    this.#spans.write(span);
    invariant(!modifiers.some((name) => name.includes('|')), 'a modifier holds what stands between modifiers');
    const form = values.map(plainForm).find((one) => one !== undefined) ?? 0;
    return [
      2,
      field,
      modifiers.join('|'),
      (all ? ALL : 0) + (negated ? NEGATED : 0) + form,
      values.map((value) => this.#value(value, form)),
    ];
  }

  #value(value: RuleValue, form: number): ValueCode {
    this.#spans.write(value.span);
    if (plainForm(value) === form) return value.text;
    const tests = value.tests.map((test) => this.#test(test));
    return value.value === value.text ? [value.text, tests] : [value.text, tests, pack(value.value, this.#sources)];
  }

  #test(test: ValueTest): TestCode {
    return test.kind === 'pattern' ? [test.cased ? 1 : 0, test.parts.map(partCode)] : pack(test, this.#sources);
  }

  #condition(condition: Condition): ConditionCode {
    switch (condition.kind) {
      case 'and':
      case 'or':
        return [condition.kind === 'and' ? 0 : 1, condition.items.map((item) => this.#condition(item))];
      case 'not':
        return [2, this.#condition(condition.item)];
      case 'identifier':
        this.#spans.write(condition.span);
        return [3, condition.name];
      case 'of':
        this.#spans.write(condition.span);
        return [4, condition.atLeast, condition.names];
      default:
        return assertNever(condition);
    }
  }
}

/** The flags of a value that is its own text and has one test, a pattern of that text with runs around it or without. */
function plainForm({ text, value, tests }: RuleValue): number | undefined {
  const [test] = tests;
  if (value !== text || tests.length !== 1 || test?.kind !== 'pattern') return undefined;
  const open = { start: test.parts[0]?.kind === 'any-run', end: test.parts.at(-1)?.kind === 'any-run' };
  const [literal, ...others] = test.parts.slice(open.start ? 1 : 0, open.end ? -1 : undefined);
  if (others.length > 0 || literal?.kind !== 'text' || literal.text !== text) return undefined;
  return (open.start ? OPEN_START : 0) + (open.end ? OPEN_END : 0) + (test.cased ? CASED : 0);
}

function partCode(part: PatternPart): PartCode {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'any-run':
      return 0;
    case 'any-one':
      return 1;
    case 'one-of':
      return [part.characters];
    default:
      return assertNever(part);
  }
}

const ANY_RUN: PatternPart = { kind: 'any-run' };
const ANY_ONE: PatternPart = { kind: 'any-one' };

/** Written for speed: it runs for every rule that a scan compiles, mostly before it is optimised. */
class BodyDecoder {
  readonly #code: BodyCode;
  readonly #spans: SpanReader;
  readonly #unpack: (key: string, value: unknown) => unknown;

  constructor(code: BodyCode, sources: readonly Source[]) {
    this.#code = code;
    this.#spans = new SpanReader(code.s, sources);
    this.#unpack = unpacker(sources);
  }

  decode(): RuleBody {
    const identifiers: SearchIdentifier[] = [];
    for (const one of this.#code.i) {
      const span = this.#spans.read();
      identifiers.push({ name: one[0], detection: this.#detection(one[1]), span });
    }
    return { identifiers, condition: this.#condition(this.#code.c) };
  }

  #detection(code: DetectionCode): Detection {
    const span = this.#spans.read();
    if (code[0] !== 2) {
      const items: Detection[] = [];
      for (const item of code[1]) items.push(this.#detection(item));
      return { kind: code[0] === 0 ? 'all' : 'any', items, span };
    }
    const flags = code[3];
    const testSpan = this.#spans.read();
    const values: RuleValue[] = [];
    for (const value of code[4])
      values.push(typeof value === 'string' ? plainValue(value, flags, this.#spans.read()) : this.#value(value));
    const test: FieldTest = {
      field: code[1],
      modifiers: modifierList(code[2]),
      all: (flags & ALL) !== 0,
      negated: (flags & NEGATED) !== 0,
      values,
      span: testSpan,
    };
    return { kind: 'field', test, span };
  }

  #value([text, codes, packed]: Exclude<ValueCode, string>): RuleValue {
    const value: RuleScalar = packed === undefined ? text : JSON.parse(packed, this.#unpack);
    return { text, value, tests: codes.map((code) => this.#test(code)), span: this.#spans.read() };
  }

  #test(code: TestCode): ValueTest {
    if (typeof code !== 'string') return { kind: 'pattern', parts: code[1].map(part), cased: code[0] === 1 };
    const test: ValueTest = JSON.parse(code, this.#unpack);
    return test;
  }

  #condition(code: ConditionCode): Condition {
    switch (code[0]) {
      case 0:
      case 1:
        return { kind: code[0] === 0 ? 'and' : 'or', items: code[1].map((item) => this.#condition(item)) };
      case 2:
        return { kind: 'not', item: this.#condition(code[1]) };
      case 3:
        return { kind: 'identifier', name: code[1], span: this.#spans.read() };
      case 4:
        return { kind: 'of', atLeast: code[1], names: code[2], span: this.#spans.read() };
      default:
        return assertNever(code);
    }
  }
}

function plainValue(text: string, flags: number, span: Span): RuleValue {
  const literal: PatternPart = { kind: 'text', text };
  const parts =
    (flags & OPEN_START) === 0
      ? (flags & OPEN_END) === 0
        ? [literal]
        : [literal, ANY_RUN]
      : (flags & OPEN_END) === 0
        ? [ANY_RUN, literal]
        : [ANY_RUN, literal, ANY_RUN];
  return { text, value: text, tests: [{ kind: 'pattern', parts, cased: (flags & CASED) !== 0 }], span };
}

function part(code: PartCode): PatternPart {
  if (typeof code === 'string') return { kind: 'text', text: code };
  if (code === 0) return ANY_RUN;
  if (code === 1) return ANY_ONE;
  return { kind: 'one-of', characters: code[0] };
}

/** Few lists of modifiers are in use, over and over. They come from rules, so there is an end to those kept. */
const lists = new Map<string, readonly string[]>();
const MOST_LISTS = 1024;

function modifierList(joined: string): readonly string[] {
  let list = lists.get(joined);
  if (list === undefined) {
    list = joined === '' ? [] : joined.split('|');
    if (lists.size < MOST_LISTS) lists.set(joined, list);
  }
  return list;
}
