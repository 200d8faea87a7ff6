import { invariant } from '../base/invariant.ts';
import type { Source, Span } from '../base/source.ts';
import type { FieldTest, PatternPart, RuleScalar, RuleValue, ValueTest } from '../sigma/field-test.ts';
import type { Condition, Detection, SearchIdentifier } from '../sigma/rule.ts';
import { pack, unpacker } from './pack.ts';
import type { SourceNumbers } from './pack.ts';

/** What of a rule is looked at to compile it. */
export interface RuleBody {
  readonly identifiers: readonly SearchIdentifier[];
  readonly condition: Condition;
}

/**
 * A body as short JSON, since a scan reads thousands: lists instead of objects, patterns without their keys, and all spans
 * in one list, in the order in which the body is walked.
 */
interface BodyCode {
  readonly identifiers: readonly (readonly [name: string, detection: DetectionCode])[];
  /** As `pack` writes it: there is little of it. */
  readonly condition: string;
  /** Source, start and length of each span, one after another. */
  readonly spans: readonly number[];
}

type DetectionCode =
  | readonly [kind: 0 | 1, items: readonly DetectionCode[]]
  | readonly [
      kind: 2,
      field: string | null,
      modifiers: readonly string[],
      /** 1: all, 2: negated. */
      flags: number,
      values: readonly ValueCode[],
    ];

/** A value that is its own text is left out; others stand as `pack` writes them. */
type ValueCode = readonly [text: string, tests: readonly TestCode[], value?: string];

/** A pattern's parts, after 0 or 1 for `cased`; any other test as `pack` writes it. */
type TestCode = readonly [cased: 0 | 1, ...parts: readonly PartCode[]] | string;

/** Text as it is, 0 for any run, 1 for any one, a list for one of some characters. */
type PartCode = string | 0 | 1 | readonly [characters: string];

export function encodeBody({ identifiers, condition }: RuleBody, sources: SourceNumbers): string {
  const spans: number[] = [];
  const place = ({ source, start, end }: Span): void => {
    const number = sources.numberOf(source);
    invariant(number !== undefined, 'a rule points into a text that is none of its files');
    spans.push(number, start, end - start);
  };
  const detectionCode = (detection: Detection): DetectionCode => {
    place(detection.span);
    if (detection.kind !== 'field') return [detection.kind === 'all' ? 0 : 1, detection.items.map(detectionCode)];
    const { field, modifiers, all, negated, values, span } = detection.test;
    place(span);
    return [2, field, modifiers, (all ? 1 : 0) + (negated ? 2 : 0), values.map(valueCode)];
  };
  const valueCode = ({ text, value, tests, span }: RuleValue): ValueCode => {
    place(span);
    const codes = tests.map((test) => testCode(test, sources));
    return value === text ? [text, codes] : [text, codes, pack(value, sources)];
  };
  const code: BodyCode = {
    identifiers: identifiers.map(({ name, detection, span }) => {
      place(span);
      return [name, detectionCode(detection)];
    }),
    condition: pack(condition, sources),
    spans,
  };
  return JSON.stringify(code);
}

function testCode(test: ValueTest, sources: SourceNumbers): TestCode {
  return test.kind === 'pattern' ? [test.cased ? 1 : 0, ...test.parts.map(partCode)] : pack(test, sources);
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
  }
}

const ANY_RUN: PatternPart = { kind: 'any-run' };
const ANY_ONE: PatternPart = { kind: 'any-one' };

/** What `encodeBody` was given; `text` is what it gave. */
export function decodeBody(text: string, sources: readonly Source[]): RuleBody {
  return new BodyDecoder(text, sources).body();
}

class BodyDecoder {
  readonly #code: BodyCode;
  readonly #sources: readonly Source[];
  readonly #unpack: (key: string, value: unknown) => unknown;
  #nextSpan = 0;

  constructor(text: string, sources: readonly Source[]) {
    this.#code = JSON.parse(text);
    this.#sources = sources;
    this.#unpack = unpacker(sources);
  }

  body(): RuleBody {
    const identifiers = this.#code.identifiers.map(([name, detection]): SearchIdentifier => {
      const span = this.#span();
      return { name, detection: this.#detection(detection), span };
    });
    const condition: Condition = JSON.parse(this.#code.condition, this.#unpack);
    return { identifiers, condition };
  }

  #detection(code: DetectionCode): Detection {
    const span = this.#span();
    if (code[0] !== 2) {
      const items = code[1].map((item) => this.#detection(item));
      return { kind: code[0] === 0 ? 'all' : 'any', items, span };
    }
    const [, field, modifiers, flags, values] = code;
    const testSpan = this.#span();
    const test: FieldTest = {
      field,
      modifiers,
      all: (flags & 1) !== 0,
      negated: (flags & 2) !== 0,
      values: values.map((value) => this.#value(value)),
      span: testSpan,
    };
    return { kind: 'field', test, span };
  }

  #value([text, tests, other]: ValueCode): RuleValue {
    const span = this.#span();
    const value: RuleScalar = other === undefined ? text : JSON.parse(other, this.#unpack);
    return { text, value, tests: tests.map((test) => this.#test(test)), span };
  }

  #test(code: TestCode): ValueTest {
    if (typeof code === 'string') {
      const test: ValueTest = JSON.parse(code, this.#unpack);
      return test;
    }
    const [cased, ...parts] = code;
    return { kind: 'pattern', parts: parts.map(part), cased: cased === 1 };
  }

  #span(): Span {
    const { spans } = this.#code;
    const at = this.#nextSpan;
    this.#nextSpan += 3;
    const [number = -1, start = 0, length = 0] = [spans[at], spans[at + 1], spans[at + 2]];
    const source = this.#sources[number];
    invariant(source, `a span points into text ${number} of ${this.#sources.length}`);
    return { source, start, end: start + length };
  }
}

function part(code: PartCode): PatternPart {
  if (typeof code === 'string') return { kind: 'text', text: code };
  if (code === 0) return ANY_RUN;
  if (code === 1) return ANY_ONE;
  return { kind: 'one-of', characters: code[0] };
}
