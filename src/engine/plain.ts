import { RE2JS } from 're2js';

import type { Scalar } from '../event/json.ts';
import type { FieldTest, RuleValue } from '../sigma/field-test.ts';
import type { Condition, Detection, SigmaRule } from '../sigma/rule.ts';
import type { EventSchema } from './event-view.ts';
import { plainBits, plainTimePart } from './plain-values.ts';
import { matchesTokens, textTokens } from './plain-tokens.ts';

/**
 * Does the rule hold for the event? Written straight from the specification, from values and modifiers as they stand in
 * the rule, with no cleverness and none of the compiled matcher's code: it is the judge of that one in tests, and slow.
 */
export function matchesPlain<Event>(rule: SigmaRule, schema: EventSchema<Event>, event: Event): boolean {
  const view: PlainView = {
    values(field) {
      const value = schema.field(field)?.(event);
      if (value === undefined) return undefined;
      return isList(value) ? value : [value];
    },
    everything: () => [...schema.keywords(event)],
  };
  return holds(rule.condition, rule, view);
}

function isList(value: Scalar | readonly Scalar[]): value is readonly Scalar[] {
  return Array.isArray(value);
}

interface PlainView {
  /** `undefined`: the event does not have the field. */
  values(field: string): readonly Scalar[] | undefined;
  everything(): readonly Scalar[];
}

function holds(condition: Condition, rule: SigmaRule, view: PlainView): boolean {
  if (condition.kind === 'and') return condition.items.every((item) => holds(item, rule, view));
  if (condition.kind === 'or') return condition.items.some((item) => holds(item, rule, view));
  if (condition.kind === 'not') return !holds(condition.item, rule, view);
  const outcome = (name: string): boolean => {
    const identifier = rule.identifiers.find((one) => one.name === name);
    return identifier !== undefined && detects(identifier.detection, view);
  };
  if (condition.kind === 'identifier') return outcome(condition.name);
  const count = condition.names.filter(outcome).length;
  return condition.atLeast === null ? count === condition.names.length : count >= condition.atLeast;
}

function detects(detection: Detection, view: PlainView): boolean {
  if (detection.kind === 'all') return detection.items.every((item) => detects(item, view));
  if (detection.kind === 'any') return detection.items.some((item) => detects(item, view));
  const { test } = detection;
  const outcomes = test.values.map((value) => valueHolds(value, test, view));
  const outcome = test.modifiers.includes('all') ? outcomes.every(Boolean) : outcomes.some(Boolean);
  return test.modifiers.includes('neq') ? !outcome : outcome;
}

const SHAPING = [
  'contains',
  'startswith',
  'endswith',
  'windash',
  'base64',
  'base64offset',
  'wide',
  'utf16',
  'utf16le',
  'utf16be',
  'cased',
  'expand',
];
const TIME_PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;

function valueHolds(written: RuleValue, { field, modifiers }: FieldTest, view: PlainView): boolean {
  const has = (name: string): boolean => modifiers.includes(name);
  const { value } = written;
  const found = field === null ? view.everything() : view.values(field);
  if (has('exists')) return (found !== undefined) === value;
  const isShaped = modifiers.some((name) => SHAPING.includes(name));
  if (value === null) return found === undefined || found.every((one) => one === null);
  if (found === undefined) return false;
  return found.some((one) => {
    if (one === null) return false;
    const text = String(one);
    if (has('re')) return finds(written.text, modifiers, text);
    if (has('cidr')) return typeof one === 'string' && inCidr(one, String(value));
    if (has('fieldref'))
      return (view.values(String(value)) ?? []).some((other) => other !== null && refers(text, String(other), has));
    const part = TIME_PARTS.find(has);
    if (part) return typeof one === 'string' && compares(plainTimePart(one, part), exact(value), has);
    if (has('lt') || has('lte') || has('gt') || has('gte')) return compares(exact(one), exact(value), has);
    const isNumber = typeof value === 'number' || typeof value === 'bigint';
    if (field !== null && !isShaped && isNumber && compares(exact(one), value, () => false)) return true;
    return textTokens(written.text, modifiers, field === null).some((tokens) =>
      matchesTokens(tokens, text, has('cased')),
    );
  });
}

function finds(expression: string, modifiers: readonly string[], text: string): boolean {
  const flag = (name: string, value: number): number => (modifiers.includes(name) ? value : 0);
  const flags = flag('i', RE2JS.CASE_INSENSITIVE) | flag('m', RE2JS.MULTILINE) | flag('s', RE2JS.DOTALL);
  return RE2JS.compile(expression, flags).matcher(text).find();
}

/** The text of a field against that of another. */
function refers(text: string, other: string, has: (name: string) => boolean): boolean {
  const middle = Array.from(other, (letter) => ({ letter }));
  const before = has('contains') || has('endswith') ? (['run'] as const) : [];
  const after = has('contains') || has('startswith') ? (['run'] as const) : [];
  return matchesTokens([...before, ...middle, ...after], text, has('cased'));
}

function compares(
  a: number | bigint | undefined,
  b: number | bigint | undefined,
  has: (name: string) => boolean,
): boolean {
  if (a === undefined || b === undefined) return false;
  if (has('lt')) return a < b;
  if (has('lte')) return a <= b;
  if (has('gt')) return a > b;
  if (has('gte')) return a >= b;
  return a == b;
}

/** Numbers, and strings that are numbers in decimal: whole ones keep every digit. */
function exact(value: Scalar): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value !== 'string' || value.length > 64) return undefined;
  if (/^[+-]?\d+$/.test(value)) return BigInt(value.replace('+', ''));
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value) ? Number(value) : undefined;
}

function inCidr(address: string, network: string): boolean {
  const [base = '', length] = network.split('/');
  const [a, b] = [plainBits(address), plainBits(base)];
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  const isMapped = a.length === 32 && base.includes(':');
  const prefix = length === undefined ? a.length : Number(length) - (isMapped ? 96 : 0);
  return a.slice(0, prefix) === b.slice(0, prefix);
}
