import { assertNever } from '../base/invariant.ts';
import { parseNetwork } from './cidr.ts';
import type { SigmaDiagnosticCode } from './diagnostic-codes.ts';
import { base64, base64Offsets, bytesAsText, utf16Bytes, utf8Bytes } from './encodings.ts';
import type { PatternPart, TimePart, ValueTest } from './field-test.ts';
import { regexProblem } from './regex-support.ts';
import { plainText, readPattern } from './wildcards.ts';
import { windashVariants } from './windash.ts';

/** Sigma 2.1, modifier appendix. */
export const modifierNames = [
  'contains', 'startswith', 'endswith', 'all', 'cased', 'exists', 're', 'i', 'm', 's', 'cidr', 'lt', 'lte', 'gt', 'gte', 'neq',
  'fieldref', 'base64', 'base64offset', 'utf16', 'utf16le', 'utf16be', 'wide', 'windash', 'expand',
  'minute', 'hour', 'day', 'week', 'month', 'year',
] as const;
export type Modifier = (typeof modifierNames)[number];

export function isModifier(name: string): name is Modifier {
  return modifierNames.some((known) => known === name);
}

/** A scalar of a rule, as YAML gives it. */
export type RuleScalar = string | number | bigint | boolean | null;

export interface ModifierProblem {
  readonly code: SigmaDiagnosticCode;
  readonly message: string;
}

const ENCODINGS: ReadonlySet<Modifier> = new Set(['utf16', 'utf16le', 'utf16be', 'wide', 'base64', 'base64offset']);
const PLACES: ReadonlySet<Modifier> = new Set(['contains', 'startswith', 'endswith']);
/** Each of these decides alone what kind of test a value is. */
const KINDS = ['re', 'cidr', 'fieldref', 'exists', 'lt', 'lte', 'gt', 'gte', 'minute', 'hour', 'day', 'week', 'month', 'year'] as const satisfies readonly Modifier[];

/** Modifiers that cannot stand together. */
export function modifierProblems(modifiers: readonly Modifier[]): readonly ModifierProblem[] {
  const problems: ModifierProblem[] = [];
  const kinds = KINDS.filter((kind) => modifiers.includes(kind));
  if (kinds.length > 1) {
    problems.push({ code: 'modifier-conflict', message: `${kinds.join(' and ')} exclude each other` });
  }
  const places = modifiers.filter((name) => PLACES.has(name));
  if (places.length > 1) problems.push({ code: 'modifier-conflict', message: `${places.join(' and ')} exclude each other` });
  const kind = kinds[0];
  const [place] = places;
  if (kind !== undefined && kind !== 'fieldref' && place !== undefined && !(kind === 're')) {
    problems.push({ code: 'modifier-conflict', message: `${place} does not go with ${kind}` });
  }
  const encoding = modifiers.find((name) => ENCODINGS.has(name) || name === 'windash');
  if (kind !== undefined && encoding !== undefined) {
    problems.push({ code: 'modifier-conflict', message: `${encoding} does not go with ${kind}` });
  }
  for (const flag of ['i', 'm', 's'] as const) {
    if (modifiers.includes(flag) && !modifiers.includes('re')) {
      problems.push({ code: 'modifier-order', message: `${flag} is a part of re and comes after it` });
    }
  }
  const firstBase64 = modifiers.findIndex((name) => name === 'base64' || name === 'base64offset');
  const lastWide = modifiers.findLastIndex((name) => name.startsWith('utf16') || name === 'wide');
  if (firstBase64 !== -1 && lastWide > firstBase64) {
    problems.push({ code: 'modifier-order', message: `${modifiers[lastWide] ?? ''} comes before ${modifiers[firstBase64] ?? ''}: text is encoded first` });
  }
  return problems;
}

type Outcome = { readonly tests: readonly ValueTest[] } | { readonly problem: ModifierProblem };

const problem = (code: SigmaDiagnosticCode, message: string): Outcome => ({ problem: { code, message } });

/** What one value means under its modifiers. `text` is the value as written. */
export function readValue(value: RuleScalar, text: string, modifiers: readonly Modifier[]): Outcome {
  const has = (name: Modifier): boolean => modifiers.includes(name);
  const kind = KINDS.find(has);
  switch (kind) {
    case undefined:
      return readPlain(value, text, modifiers);
    case 're': {
      if (typeof value !== 'string' && typeof value !== 'number') return problem('modifier-value-type', `re takes an expression; found ${describe(value)}`);
      const bad = regexProblem(text);
      if (bad) return { problem: bad };
      return { tests: [{ kind: 'regex', expression: text, flags: { i: has('i'), m: has('m'), s: has('s') } }] };
    }
    case 'cidr': {
      if (typeof value !== 'string' || parseNetwork(value) === undefined) {
        return problem('cidr-invalid', `cidr takes a network such as 10.0.0.0/8 or fe80::/10; found ${describe(value)}`);
      }
      return { tests: [{ kind: 'cidr', network: value }] };
    }
    case 'exists':
      if (typeof value !== 'boolean') return problem('modifier-value-type', `exists takes true or false; found ${describe(value)}`);
      return { tests: [{ kind: 'exists', expected: value }] };
    case 'fieldref': {
      if (typeof value !== 'string' || value === '') return problem('modifier-value-type', `fieldref takes a field name; found ${describe(value)}`);
      const how = has('contains') ? 'contains' : has('startswith') ? 'startswith' : has('endswith') ? 'endswith' : 'equals';
      return { tests: [{ kind: 'fieldref', field: value, how, cased: has('cased') }] };
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte': {
      const number = typeof value === 'string' ? numberOf(value) : typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
      if (number === undefined) return problem('modifier-value-type', `${kind} takes a number; found ${describe(value)}`);
      return { tests: [{ kind: 'compare', operator: kind, value: number }] };
    }
    case 'minute':
    case 'hour':
    case 'day':
    case 'week':
    case 'month':
    case 'year': {
      const number = typeof value === 'string' ? numberOf(value) : value;
      if (typeof number !== 'number' || !Number.isInteger(number)) return problem('modifier-value-type', `${kind} takes a whole number; found ${describe(value)}`);
      const part: TimePart = kind;
      return { tests: [{ kind: 'time-part', part, value: number }] };
    }
    default:
      return assertNever(kind);
  }
}

/** The number a text is, in decimal, or `undefined`. */
export function numberOf(text: string): number | undefined {
  return /^[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})([eE][+-]?\d{1,4})?$/.test(text) ? Number(text) : undefined;
}

function readPlain(value: RuleScalar, text: string, modifiers: readonly Modifier[]): Outcome {
  const has = (name: Modifier): boolean => modifiers.includes(name);
  const shaping = modifiers.find((name) => PLACES.has(name) || ENCODINGS.has(name) || name === 'windash' || name === 'expand');
  if (value === null) {
    if (shaping !== undefined) return problem('modifier-value-type', `${shaping} takes text; found null`);
    return { tests: [{ kind: 'null' }] };
  }
  if (shaping === undefined) {
    if (typeof value === 'number' || typeof value === 'bigint') return { tests: [{ kind: 'number', value: Number(value), text }] };
    if (typeof value === 'boolean') return { tests: [{ kind: 'boolean', value }] };
  }
  if (has('expand') && /%[^%\s]+%/.test(text)) {
    return problem('placeholder-unresolved', `the placeholder in ${JSON.stringify(text)} has no value; the rule is left out`);
  }
  // Base64 is another text in another case, so it is compared as it is.
  const cased = has('cased') || has('base64') || has('base64offset');
  const texts = has('windash') ? windashVariants(text) : [text];
  const tests = texts.flatMap((variant) => encode(variant, modifiers)).map((parts): ValueTest => ({ kind: 'pattern', parts: placed(parts, modifiers), cased }));
  return { tests };
}

/** The patterns that a text becomes: one, or three under base64offset. Encoded text has no wildcards. */
function encode(text: string, modifiers: readonly Modifier[]): readonly (readonly PatternPart[])[] {
  const encodings = modifiers.filter((name) => ENCODINGS.has(name));
  if (encodings.length === 0) return [readPattern(text)];
  const parts = readPattern(text);
  const plain = plainText(parts) ?? text;
  let bytes = utf8Bytes(plain);
  let wide = false;
  for (const encoding of encodings) {
    if (encoding === 'wide' || encoding === 'utf16le') bytes = utf16Bytes(plain, 'little');
    else if (encoding === 'utf16be') bytes = utf16Bytes(plain, 'big');
    else if (encoding === 'utf16') bytes = [0xff, 0xfe, ...utf16Bytes(plain, 'little')];
    else if (encoding === 'base64') return [[{ kind: 'text', text: base64(bytes) }]];
    else return base64Offsets(bytes).map((encoded) => [{ kind: 'text', text: encoded }]);
    wide = true;
  }
  return [[{ kind: 'text', text: wide ? bytesAsText(bytes) : plain }]];
}

/** Adds the runs that `contains`, `startswith` and `endswith` stand for. base64offset is only useful anywhere inside. */
function placed(parts: readonly PatternPart[], modifiers: readonly Modifier[]): readonly PatternPart[] {
  const run: PatternPart = { kind: 'any-run' };
  const inside = modifiers.includes('contains') || modifiers.includes('base64offset');
  const before = inside || modifiers.includes('endswith') ? [run] : [];
  const after = inside || modifiers.includes('startswith') ? [run] : [];
  return [...before, ...parts, ...after].filter((part, i, all) => part.kind !== 'any-run' || all[i - 1]?.kind !== 'any-run');
}

function describe(value: RuleScalar): string {
  return value === null ? 'null' : `${typeof value} ${JSON.stringify(typeof value === 'bigint' ? String(value) : value)}`;
}
