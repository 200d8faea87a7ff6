import { fold } from '../engine/fold.ts';
import { literalOf } from '../engine/pattern.ts';
import { parseRegex } from '../engine/regex/parse.ts';
import { shortestLength } from '../engine/regex/program.ts';
import { requiredRun } from '../engine/regex/required-run.ts';
import type { Run } from '../engine/regex/required-run.ts';
import type { FieldPlaces } from '../event/field-places.ts';
import { parseNetwork } from '../sigma/cidr.ts';
import type { FieldTest, PatternPart, ValueTest } from '../sigma/field-test.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import { CharacterTexts } from './character-texts.ts';
import { ABSENT, fieldNode, fieldToken, UNSURE } from './field-token.ts';
import type { FieldNode } from './field-token.ts';
import { TokenKind } from './line-tokens.ts';
import type { LineTokens } from './line-tokens.ts';
import { readTree } from './rule-tree.ts';

/** May it be so, by the bytes of a line? False: certainly not. `cost`: roughly how many comparisons that takes. */
interface Check {
  readonly cost: number;
  mayHold(tokens: LineTokens): boolean;
}

/** What is cheaper than reading a value; of what takes more nothing is made. */
const MOST_COST = 48;

/**
 * Tells, of rules that the witnesses of a line let through, those that do not hold after all, by the bytes of a few
 * values: what a value must not end with, two values that must be the same, and the like. Nothing is decoded for it.
 */
export class Refuters {
  readonly #rules: readonly SigmaRule[];
  readonly #maker: Maker;
  readonly #checks: (Check | undefined)[] = [];

  /** `places`: where a field's values stand. `node`: where the kernel finds a key; 0: it does not. */
  constructor(
    rules: readonly SigmaRule[],
    places: (field: string) => FieldPlaces | undefined,
    node: (key: string) => number,
  ) {
    this.#rules = rules;
    this.#maker = new Maker(places, node);
  }

  /** Those of the rules that may hold for the line; the same list where all may. */
  left(rules: readonly number[], tokens: LineTokens): readonly number[] {
    let first = 0;
    while (first < rules.length && this.#mayHold(rules[first] ?? 0, tokens)) first++;
    if (first === rules.length) return rules;
    // Mostly none is left: no list is made until one is.
    let left: number[] | undefined = first === 0 ? undefined : rules.slice(0, first);
    for (let i = first + 1; i < rules.length; i++) {
      const rule = rules[i] ?? 0;
      if (this.#mayHold(rule, tokens)) (left ??= []).push(rule);
    }
    return left ?? NONE;
  }

  #mayHold(rule: number, tokens: LineTokens): boolean {
    return (this.#checks[rule] ?? this.#check(rule)).mayHold(tokens);
  }

  #check(rule: number): Check {
    const of = this.#rules[rule];
    return (this.#checks[rule] = (of && readTree(of, this.#maker)) ?? ANYTHING);
  }
}

const NONE: readonly number[] = [];

const ANYTHING: Check = { cost: 0, mayHold: () => true };

/** Where in a value a text stands, and its bytes: folded, and as JSON writes them. */
interface Literal {
  readonly where: 'whole' | 'beginning' | 'end' | 'character';
  readonly bytes: Uint8Array;
}

class Maker {
  readonly #places: (field: string) => FieldPlaces | undefined;
  readonly #node: (key: string) => number;

  constructor(places: (field: string) => FieldPlaces | undefined, node: (key: string) => number) {
    this.#places = places;
    this.#node = node;
  }

  all(parts: readonly (Check | undefined)[]): Check | undefined {
    const known: Check[] = [];
    let cost = 0;
    for (const part of parts.filter((one) => one !== undefined).sort((a, b) => a.cost - b.cost)) {
      if (cost + part.cost > MOST_COST) break;
      cost += part.cost;
      known.push(part);
    }
    if (known.length < 2) return known[0];
    return {
      cost,
      mayHold(tokens) {
        for (let i = 0; i < known.length; i++) {
          const part = known[i];
          if (part === undefined || part.mayHold(tokens)) continue;
          // What refuted this event will refute the next.
          known[i] = known[0] ?? part;
          known[0] = part;
          return false;
        }
        return true;
      },
    };
  }

  any(parts: readonly (Check | undefined)[]): Check | undefined {
    const known = parts.filter((part) => part !== undefined);
    const cost = total(known);
    if (known.length < parts.length || cost > MOST_COST) return undefined;
    if (known.length === 1) return known[0];
    return {
      cost,
      mayHold(tokens) {
        for (const part of known) if (part.mayHold(tokens)) return true;
        return false;
      },
    };
  }

  field(test: FieldTest, holds: boolean): Check | undefined {
    const own = test.field === null ? undefined : this.#own(test.field);
    if (own === undefined) return undefined;
    const groups = test.values.map(({ tests }) => tests);
    if (!test.all || groups.length === 1) return this.#ofTests(groups.flat(), own, holds);
    const each = groups.map((tests) => this.#ofTests(tests, own, holds));
    return holds ? this.all(each) : this.any(each);
  }

  /** Of a field that stands under one key. */
  #own(field: string): FieldNode | undefined {
    return fieldNode(this.#places(field), this.#node);
  }

  /** One of the tests holds, or none does. */
  #ofTests(tests: readonly ValueTest[], own: FieldNode, holds: boolean): Check | undefined {
    const literals: Literal[] = [];
    /** Texts that are not ASCII, wherever they stand. */
    const characters: string[] = [];
    const others: (Check | undefined)[] = [];
    const networks: string[] = [];
    for (const test of tests) {
      const literal = literalIn(test, own, holds);
      const text = literal === undefined && holds ? beyondAscii(test) : undefined;
      if (literal) literals.push(literal);
      else if (text !== undefined) characters.push(text);
      else if (test.kind === 'cidr') networks.push(test.network);
      else others.push(this.#ofTest(test, own, holds));
    }
    if (literals.length > 0) others.push(textCheck(own, literals, holds));
    if (characters.length > 0) others.push(characterCheck(own, characters));
    if (networks.length > 0) others.push(networkCheck(own, networks, holds));
    return holds ? this.any(others) : this.all(others);
  }

  #ofTest(test: ValueTest, own: FieldNode, holds: boolean): Check | undefined {
    switch (test.kind) {
      case 'null':
        return nullCheck(own, holds);
      case 'number':
        return holds ? numberCheck(own, test.value) : undefined;
      case 'regex': {
        if (!holds) return undefined;
        const regex = parseRegex(test.expression, test.flags);
        if (regex === undefined) return undefined;
        const least = shortestLength(regex);
        const run = requiredRun(regex);
        return this.all([least < 2 ? undefined : lengthCheck(own, least), run && runCheck(own, run)]);
      }
      case 'fieldref': {
        const other = this.#own(test.field);
        return holds && other ? referenceCheck(own, other, test.how === 'equals') : undefined;
      }
      default:
        return undefined;
    }
  }
}

function total(checks: readonly Check[]): number {
  return checks.reduce((sum, { cost }) => sum + cost, 0);
}

/** The literal that a pattern is, but for runs around it. What is looked for in a denial must be certain where it is found. */
function literalIn(test: ValueTest, own: FieldNode, holds: boolean): Literal | undefined {
  if (test.kind === 'boolean') return literal('whole', String(test.value), own, holds);
  if (test.kind === 'number' && !holds) return literal('whole', test.text, own, holds);
  if (test.kind !== 'pattern' || (test.cased && !holds)) return undefined;
  const { text, isOpenStart, isOpenEnd } = plainText(test.parts);
  if (text === undefined) return undefined;
  if (isOpenStart && isOpenEnd) return text.length === 1 && !holds ? literal('character', text, own, holds) : undefined;
  if (text === '' && (isOpenStart || isOpenEnd)) return undefined;
  return literal(isOpenStart ? 'end' : isOpenEnd ? 'beginning' : 'whole', text, own, holds);
}

/** The text of a pattern that is one, but for runs around it. */
function plainText(parts: readonly PatternPart[]): {
  readonly text: string | undefined;
  readonly isOpenStart: boolean;
  readonly isOpenEnd: boolean;
} {
  const isOpenStart = parts[0]?.kind === 'any-run';
  const isOpenEnd = parts.length > 1 && parts.at(-1)?.kind === 'any-run';
  const text = literalOf(parts.slice(isOpenStart ? 1 : 0, isOpenEnd ? -1 : undefined));
  return { text, isOpenStart, isOpenEnd };
}

/** The folded text of such a pattern, if it is not ASCII. */
function beyondAscii(test: ValueTest): string | undefined {
  if (test.kind !== 'pattern') return undefined;
  const folded = fold(plainText(test.parts).text ?? '');
  return isAscii(folded) ? undefined : folded;
}

function isAscii(text: string): boolean {
  return !/[^\u0000-\u007f]/.test(text);
}

function literal(where: Literal['where'], text: string, { nothing }: FieldNode, holds: boolean): Literal | undefined {
  const folded = fold(text);
  if (!isAscii(folded)) return undefined;
  // A value that says nothing is absent, whatever its text.
  if (!holds && [...nothing].some((value) => standsIn(fold(value), where, folded))) return undefined;
  const written = JSON.stringify(folded).slice(1, -1);
  return { where, bytes: Uint8Array.from(written, (character) => character.charCodeAt(0)) };
}

function standsIn(value: string, where: Literal['where'], text: string): boolean {
  switch (where) {
    case 'whole':
      return value === text;
    case 'beginning':
      return value.startsWith(text);
    case 'end':
      return value.endsWith(text);
    case 'character':
      return value.includes(text);
  }
}

/** One of the texts stands in the value, or none does. */
function textCheck(own: FieldNode, literals: Literal[], holds: boolean): Check | undefined {
  if (literals.length > MOST_COST) return undefined;
  return {
    cost: literals.length,
    mayHold(tokens) {
      const token = fieldToken(own, tokens);
      if (token === UNSURE) return true;
      if (token === ABSENT) return !holds;
      const kind = tokens.kind(token);
      if (kind === TokenKind.null) return !holds;
      if (isUncertain(kind)) return true;
      const { bytes } = tokens;
      const start = tokens.start(token);
      const end = tokens.end(token);
      for (let i = 0; i < literals.length; i++) {
        const one = literals[i];
        if (one === undefined || !stands(one, bytes, start, end, !holds)) continue;
        // What stands in this value stands in many.
        literals[i] = literals[0] ?? one;
        literals[0] = one;
        return holds;
      }
      return !holds;
    },
  };
}

/** A value of which the characters are not looked through. */
const LONG_BYTES = 128 * 1024;
/** Looking for many of them takes hardly longer than for one. */
const CHARACTERS_COST = 16;

/** One of the texts, none of which is ASCII, may stand in the value. */
function characterCheck(own: FieldNode, folded: readonly string[]): Check | undefined {
  const texts = CharacterTexts.of(folded);
  if (texts === undefined) return undefined;
  return {
    cost: CHARACTERS_COST,
    mayHold(tokens) {
      const token = fieldToken(own, tokens);
      if (token === UNSURE) return true;
      if (token === ABSENT) return false;
      if (isUncertain(tokens.kind(token))) return true;
      if (tokens.isAscii(token)) return false;
      const end = tokens.end(token);
      // What stands in a long text is noted when rules are tried on it (engine/long-text.ts): these would be read for nothing.
      return end - tokens.start(token) >= LONG_BYTES || texts.mayStandIn(tokens.bytes, tokens.characters(token), end);
    },
  };
}

/** Kinds whose text is not that of the bytes, or more than one text. */
function isUncertain(kind: number): boolean {
  return kind === TokenKind.otherNumber || kind === TokenKind.object || kind === TokenKind.array;
}

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

/** Does the text stand in the value? `isSure`: only where it certainly does. */
function stands(
  { where, bytes: text }: Literal,
  bytes: Uint8Array,
  start: number,
  end: number,
  isSure: boolean,
): boolean {
  if (where === 'character') return standsAnywhere(text, bytes, start, end);
  const { length } = text;
  if (length > end - start) return false;
  if (where === 'beginning') return sameFolded(bytes, start, text);
  if (where === 'whole') return length === end - start && sameFolded(bytes, start, text);
  const from = end - length;
  return sameFolded(bytes, from, text) && !(isSure && mayBeInEscape(bytes, start, from));
}

/** Bytes of an escape by number, the longest one. */
const ESCAPE_BYTES = 6;

/** May the byte at `at` be a further one of an escape, of which the first is not before `start`? */
function mayBeInEscape(bytes: Uint8Array, start: number, at: number): boolean {
  if (at > start && bytes[at - 1] === BACKSLASH) return true;
  for (let first = Math.max(start, at - ESCAPE_BYTES + 1); first + 1 < at; first++)
    if (bytes[first] === BACKSLASH && bytes[first + 1] === LETTER_U) return true;
  return false;
}

function standsAnywhere(text: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (foldByte(bytes[at] ?? 0) !== text[0]) {
      if (bytes[at] === BACKSLASH) at += bytes[at + 1] === LETTER_U ? ESCAPE_BYTES - 1 : 1;
    } else if (text.length === 1 || bytes[at + 1] === text[1]) return true;
    else at++;
  }
  return false;
}

function sameFolded(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  // Endings differ in their first bytes, beginnings in their last.
  for (let i = text.length - 1; i >= 0; i--) if (foldByte(bytes[at + i] ?? 0) !== text[i]) return false;
  return true;
}

function foldByte(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

/** The value is null or absent, or is not. */
function nullCheck(own: FieldNode, holds: boolean): Check {
  return {
    cost: 1,
    mayHold(tokens) {
      const token = fieldToken(own, tokens);
      if (token === UNSURE) return true;
      if (token === ABSENT) return holds;
      const kind = tokens.kind(token);
      if (kind === TokenKind.null) return holds;
      // What says nothing is absent, and a list may hold nothing else.
      return !holds || isUncertain(kind) || tokens.end(token) - tokens.start(token) <= own.longestNothing;
    },
  };
}

/** The value is this number. */
function numberCheck(own: FieldNode, value: number | bigint): Check {
  const text = Uint8Array.from(String(value), (character) => character.charCodeAt(0));
  return {
    cost: 1,
    mayHold(tokens) {
      const token = fieldToken(own, tokens);
      if (token === UNSURE) return true;
      if (token === ABSENT) return false;
      // Texts may be the number written otherwise.
      if (tokens.kind(token) !== TokenKind.plainNumber) return true;
      const start = tokens.start(token);
      return tokens.end(token) - start === text.length && sameFolded(tokens.bytes, start, text);
    },
  };
}

/** The value has so many characters, at least. */
function lengthCheck(own: FieldNode, least: number): Check {
  return {
    cost: 1,
    mayHold(tokens) {
      const token = fieldToken(own, tokens);
      if (token === UNSURE) return true;
      if (token === ABSENT) return false;
      return isUncertain(tokens.kind(token)) || tokens.end(token) - tokens.start(token) >= least;
    },
  };
}

/** A shorter run is found as soon as it is refuted. */
const SHORTEST_RUN = 8;

/** Some characters of one kind stand side by side in the value. */
function runCheck(own: FieldNode, { ascii, least }: Run): Check | undefined {
  // Of characters that JSON escapes the bytes are others.
  if (least < SHORTEST_RUN || ascii.some((isMember, code) => isMember === 1 && isEscaped(code))) return undefined;
  const isMember = new Uint8Array(256);
  isMember.set(ascii);
  return {
    cost: 8,
    mayHold(tokens) {
      const token = fieldToken(own, tokens);
      if (token === UNSURE) return true;
      if (token === ABSENT) return false;
      if (isUncertain(tokens.kind(token))) return true;
      const { bytes } = tokens;
      const end = tokens.end(token);
      // From the last byte of each place backwards: a byte that is no member rules out all places that hold it.
      for (let start = tokens.start(token); start + least <= end;) {
        let at = start + least - 1;
        while (at >= start && isMember[bytes[at] ?? 0] === 1) at--;
        if (at < start) return true;
        start = at + 1;
      }
      return false;
    },
  };
}

function isEscaped(code: number): boolean {
  return code < 0x20 || code === 0x22 || code === BACKSLASH;
}

/** The value is that of another field, or holds it. */
function referenceCheck(own: FieldNode, ofOther: FieldNode, isEqual: boolean): Check {
  return {
    cost: 2,
    mayHold(tokens) {
      const token = fieldToken(own, tokens);
      const other = fieldToken(ofOther, tokens);
      if (token === UNSURE || other === UNSURE) return true;
      if (token === ABSENT || other === ABSENT) return false;
      if (isUncertain(tokens.kind(token)) || isUncertain(tokens.kind(other))) return true;
      const { bytes } = tokens;
      const start = tokens.start(token);
      const otherStart = tokens.start(other);
      const length = tokens.end(token) - start;
      const otherLength = tokens.end(other) - otherStart;
      // Folded, what is not ASCII may have other bytes, and another length; what stands before it has not.
      if (!tokens.isAscii(token) || !tokens.isAscii(other))
        return !isEqual || sameBeginning(bytes, start, otherStart, Math.min(length, otherLength));
      if (!isEqual) return length >= otherLength;
      if (length !== otherLength) return false;
      for (let i = length - 1; i >= 0; i--)
        if (foldByte(bytes[start + i] ?? 0) !== foldByte(bytes[otherStart + i] ?? 0)) return false;
      return true;
    },
  };
}

/** Are the bytes the same, folded, up to the first one that is not ASCII in either? */
function sameBeginning(bytes: Uint8Array, one: number, other: number, length: number): boolean {
  for (let i = 0; i < length; i++) {
    const a = bytes[one + i] ?? 0;
    const b = bytes[other + i] ?? 0;
    if (a > 0x7f || b > 0x7f) return a > 0x7f && b > 0x7f;
    if (foldByte(a) !== foldByte(b)) return false;
  }
  return true;
}

/** The value is an address in one of the networks, or in none. */
function networkCheck(own: FieldNode, networks: readonly string[], holds: boolean): Check | undefined {
  if (networks.length > MOST_COST) return undefined;
  // An IPv4 address is in no network of IPv6.
  const known = networks.map(parseNetwork).filter((network) => network?.bytes.length === 4);
  const masks = Uint32Array.from(known, (network) => (network?.prefix ? -1 << (32 - network.prefix) : 0));
  const values = Uint32Array.from(known, (network, i) => wordOf(network?.bytes ?? []) & (masks[i] ?? 0));
  return {
    cost: 2 + masks.length,
    mayHold(tokens) {
      const token = fieldToken(own, tokens);
      if (token === UNSURE) return true;
      if (token === ABSENT) return !holds;
      if (tokens.kind(token) !== TokenKind.string) return true;
      const address = addressIn(tokens.bytes, tokens.start(token), tokens.end(token));
      if (address === -1) return true;
      for (let i = 0; i < masks.length; i++) if ((address & (masks[i] ?? 0)) >>> 0 === values[i]) return holds;
      return !holds;
    },
  };
}

function wordOf(bytes: readonly number[]): number {
  return bytes.reduce((word, byte) => ((word << 8) | byte) >>> 0, 0);
}

/** The IPv4 address that the bytes are; -1 where they are none. */
function addressIn(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 15) return -1;
  let address = 0;
  let parts = 0;
  let value = 0;
  let digits = 0;
  for (let at = start; at <= end; at++) {
    const digit = at < end ? (bytes[at] ?? 0) - 0x30 : DOT;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      if (++digits > 3) return -1;
    } else {
      if (digit !== DOT || digits === 0 || value > 255 || ++parts > 4) return -1;
      address = ((address << 8) | value) >>> 0;
      value = 0;
      digits = 0;
    }
  }
  return parts === 4 ? address : -1;
}

/** A point, counted from the character 0. */
const DOT = 0x2e - 0x30;
