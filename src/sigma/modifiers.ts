import { hasHostBits, parseNetwork } from './cidr.ts';
import { readDecimal } from './decimal.ts';
import type { SigmaDiagnosticCode } from './diagnostic-codes.ts';
import type { CompareOperator, PatternPart, RuleScalar, ValueTest } from './field-test.ts';
import { BASE64_ENCODINGS, COMPARISONS, KINDS, PLACES, TIME_PARTS, WIDE_ENCODINGS } from './modifier-names.ts';
import type { Modifier } from './modifier-names.ts';
import { readPlaceholders } from './placeholders.ts';
import { regexProblem } from './regex-support.ts';
import { encodedPatterns } from './text-encoding.ts';
import { dashVariants, withDashes } from './windash.ts';
import { plainText, readPattern } from './wildcards.ts';

export interface ValueProblem {
  readonly code: SigmaDiagnosticCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Where in the value, if not all of it. */
  readonly at?: { readonly start: number; readonly end: number };
}

/** A value that is read may still carry warnings; one that is not has an error. */
export interface ReadValue {
  readonly tests: readonly ValueTest[];
  readonly problems: readonly ValueProblem[];
}

const ok = (...tests: readonly ValueTest[]): ReadValue => ({ tests, problems: [] });
const bad = (code: SigmaDiagnosticCode, message: string): ReadValue => ({
  tests: [],
  problems: [{ code, severity: 'error', message }],
});

/** What one value means under its modifiers, a chain without problems. `text` is the value as written. */
export function readValue(
  value: RuleScalar,
  text: string,
  modifiers: readonly Modifier[],
  isKeyword: boolean,
): ReadValue {
  if (!modifiers.includes('expand')) return readExpanded(value, text, modifiers, isKeyword);
  if (typeof value !== 'string') return bad('modifier-value-type', `expand takes text; found ${describe(value)}`);
  const expanded = readPlaceholders(value);
  const [name] = expanded.placeholders;
  if (name !== undefined)
    return bad('placeholder-unresolved', `the placeholder %${name}% has no value here; the rule is left out`);
  const read = readExpanded(expanded.text, expanded.text, modifiers, isKeyword);
  const warning: ValueProblem = {
    code: 'placeholder-missing',
    severity: 'warning',
    message: 'expand without a placeholder in the value',
  };
  return { tests: read.tests, problems: [...read.problems, warning] };
}

function readExpanded(value: RuleScalar, text: string, modifiers: readonly Modifier[], isKeyword: boolean): ReadValue {
  const kind = KINDS.find((name) => modifiers.includes(name));
  const part = TIME_PARTS.find((name) => modifiers.includes(name));
  const operator = COMPARISONS.find((name) => modifiers.includes(name));
  if (kind === 're') return readRegex(value, text, modifiers);
  if (kind === 'cidr') return readCidr(value);
  if (kind === 'fieldref') return readFieldReference(value, modifiers);
  if (kind === 'exists') {
    if (typeof value === 'boolean') return ok({ kind: 'exists', expected: value });
    return bad('modifier-value-type', `exists takes true or false; found ${describe(value)}`);
  }
  if (part !== undefined) {
    const number = asNumber(value);
    if (number === undefined || !Number.isInteger(Number(number))) {
      return bad('modifier-value-type', `${part} takes a whole number; found ${describe(value)}`);
    }
    return ok({ kind: 'time-part', part, operator: operator ?? 'equals', value: number });
  }
  if (operator !== undefined) return readComparison(operator, value);
  return readPlain(value, text, modifiers, isKeyword);
}

function readRegex(value: RuleScalar, text: string, modifiers: readonly Modifier[]): ReadValue {
  if (value === null || typeof value === 'boolean')
    return bad('modifier-value-type', `re takes an expression; found ${describe(value)}`);
  const flags = { i: modifiers.includes('i'), m: modifiers.includes('m'), s: modifiers.includes('s') };
  const problem = regexProblem(text, flags);
  if (!problem) return ok({ kind: 'regex', expression: text, flags });
  const { code, message, start, end } = problem;
  return { tests: [], problems: [{ code, severity: 'error', message, at: { start, end } }] };
}

function readCidr(value: RuleScalar): ReadValue {
  const network = typeof value === 'string' ? parseNetwork(value) : undefined;
  if (typeof value !== 'string' || network === undefined) {
    return bad('cidr-invalid', `cidr takes a network such as 10.0.0.0/8 or fe80::/10; found ${describe(value)}`);
  }
  const test: ValueTest = { kind: 'cidr', network: value };
  if (!hasHostBits(network)) return ok(test);
  const message = `${JSON.stringify(value)} has bits behind its prefix; they are not looked at`;
  return { tests: [test], problems: [{ code: 'cidr-host-bits', severity: 'warning', message }] };
}

function readFieldReference(value: RuleScalar, modifiers: readonly Modifier[]): ReadValue {
  if (typeof value !== 'string' || value === '')
    return bad('modifier-value-type', `fieldref takes a field name; found ${describe(value)}`);
  const how = PLACES.find((name) => modifiers.includes(name)) ?? 'equals';
  return ok({ kind: 'fieldref', field: value, how, cased: modifiers.includes('cased') });
}

function readComparison(operator: CompareOperator, value: RuleScalar): ReadValue {
  const number = asNumber(value);
  if (number === undefined) return bad('modifier-value-type', `${operator} takes a number; found ${describe(value)}`);
  return ok({ kind: 'compare', operator, value: number });
}

/** A quoted number is a number too: rules quote them often. */
function asNumber(value: RuleScalar): number | bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' ? readDecimal(value) : undefined;
}

const SHAPING: readonly Modifier[] = [...PLACES, ...WIDE_ENCODINGS, ...BASE64_ENCODINGS, 'windash', 'expand', 'cased'];

/** Text, a number, true, false or null, as it is or shaped. A keyword is text that stands anywhere in a value. */
function readPlain(value: RuleScalar, text: string, modifiers: readonly Modifier[], isKeyword: boolean): ReadValue {
  const shaping = modifiers.find((name) => SHAPING.includes(name));
  if (value === null) {
    if (isKeyword) return bad('value-type', 'a keyword cannot be null');
    if (shaping !== undefined) return bad('modifier-value-type', `${shaping} takes text; found null`);
    return ok({ kind: 'null' });
  }
  if (isKeyword && text === '') return bad('value-type', 'a keyword cannot be empty: it would be in every event');
  if (!isKeyword && shaping === undefined) {
    if (typeof value === 'number' || typeof value === 'bigint') return ok({ kind: 'number', value, text });
    if (typeof value === 'boolean') return ok({ kind: 'boolean', value });
  }
  const encodings = modifiers.filter((name) => [...WIDE_ENCODINGS, ...BASE64_ENCODINGS].some((one) => one === name));
  const place =
    PLACES.find((name) => modifiers.includes(name)) ??
    (isKeyword || encodings.includes('base64offset') ? 'contains' : undefined);
  const cased = modifiers.includes('cased');
  const test = (parts: readonly PatternPart[]): ValueTest => ({ kind: 'pattern', parts: placed(parts, place), cased });
  const parts = readPattern(text);
  const windash = modifiers.includes('windash');
  if (encodings.length === 0) return ok(test(windash ? withDashes(parts) : parts));

  const plain = plainText(parts);
  if (plain === undefined) {
    return bad(
      'encoding-wildcard',
      `${encodings.join(' and ')} cannot encode a wildcard; write \\* or \\? for the character`,
    );
  }
  const variants = windash ? dashVariants(plain) : [plain];
  if (variants === undefined) return bad('windash-too-many', 'more than four dashes under windash and an encoding');
  const encoded = variants.flatMap((variant) => encodedPatterns(variant, encodings));
  if (encodings.includes('base64offset') && encoded.some((one) => one === '')) {
    return bad(
      'base64offset-too-short',
      'so short a value leaves nothing that base64offset could look for; expected two bytes or more',
    );
  }
  return ok(...encoded.map((one) => test(one === '' ? [] : [{ kind: 'text', text: one }])));
}

/** Adds the runs that `contains`, `startswith` and `endswith` stand for. */
function placed(parts: readonly PatternPart[], place: (typeof PLACES)[number] | undefined): readonly PatternPart[] {
  const run: PatternPart = { kind: 'any-run' };
  const before = place === 'contains' || place === 'endswith' ? [run] : [];
  const after = place === 'contains' || place === 'startswith' ? [run] : [];
  return [...before, ...parts, ...after].filter(
    (part, i, all) => part.kind !== 'any-run' || all[i - 1]?.kind !== 'any-run',
  );
}

function describe(value: RuleScalar): string {
  if (value === null) return 'null';
  const shown = JSON.stringify(typeof value === 'bigint' ? String(value) : value);
  return `${typeof value} ${shown.length > 80 ? `${shown.slice(0, 80)}…` : shown}`;
}
