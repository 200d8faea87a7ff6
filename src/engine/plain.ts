import { RE2JS } from 're2js';

import type { Scalar } from '../event/json.ts';
import type { FieldTest, PatternPart, ValueTest } from '../sigma/field-test.ts';
import type { Condition, Detection, SigmaRule } from '../sigma/rule.ts';
import type { EventSchema } from './event-view.ts';

/**
 * Does the rule hold for the event? Written straight from the specification, with no cleverness and none of the compiled
 * matcher's code: it is the judge of that one in tests, and slow.
 */
export function matchesPlain<Event>(rule: SigmaRule, schema: EventSchema<Event>, event: Event): boolean {
  const view: PlainView = {
    values(field) {
      const value = schema.field(field)?.(event);
      if (value === undefined) return undefined;
      return Array.isArray(value) ? [...value] : [value as Scalar];
    },
    everything: () => [...schema.keywords(event)],
  };
  return holds(rule.condition, rule, view);
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
  const outcomes = test.values.map(({ tests }) => tests.some((one) => valueHolds(one, test, view)));
  const outcome = test.all ? outcomes.every(Boolean) : outcomes.some(Boolean);
  return test.negated ? !outcome : outcome;
}

function valueHolds(one: ValueTest, { field }: FieldTest, view: PlainView): boolean {
  if (field === null) return view.everything().some((value) => keywordHolds(one, value, view));
  const values = view.values(field);
  if (one.kind === 'exists') return (values !== undefined) === one.expected;
  if (one.kind === 'null') return values === undefined || values.every((value) => value === null);
  return values !== undefined && values.some((value) => scalarHolds(one, value, view));
}

/** A keyword stands anywhere in a value. */
function keywordHolds(one: ValueTest, value: Scalar, view: PlainView): boolean {
  if (value === null) return false;
  if (one.kind === 'number') return String(value).toLowerCase().includes(one.text.toLowerCase());
  if (one.kind !== 'pattern') return scalarHolds(one, value, view);
  const text = String(value);
  for (let from = 0; from <= text.length; from++) {
    for (let to = from; to <= text.length; to++) if (patternHolds(one.parts, text.slice(from, to), one.cased)) return true;
  }
  return false;
}

function scalarHolds(one: ValueTest, value: Scalar, view: PlainView): boolean {
  switch (one.kind) {
    case 'pattern':
      return value !== null && patternHolds(one.parts, String(value), one.cased);
    case 'number':
      return String(value) === one.text || asNumber(value) === one.value;
    case 'boolean':
      return value === one.value || (typeof value === 'string' && value.toLowerCase() === String(one.value));
    case 'regex': {
      const flags = (one.flags.i ? RE2JS.CASE_INSENSITIVE : 0) | (one.flags.m ? RE2JS.MULTILINE : 0) | (one.flags.s ? RE2JS.DOTALL : 0);
      return value !== null && RE2JS.compile(one.expression, flags).matcher(String(value)).find();
    }
    case 'cidr':
      return typeof value === 'string' && inCidr(value, one.network);
    case 'compare': {
      const number = asNumber(value);
      if (number === undefined) return false;
      if (one.operator === 'lt') return number < one.value;
      if (one.operator === 'lte') return number <= one.value;
      return one.operator === 'gt' ? number > one.value : number >= one.value;
    }
    case 'fieldref':
      return (view.values(one.field) ?? []).some((other) => {
        if (value === null || other === null) return false;
        const [a, b] = one.cased ? [String(value), String(other)] : [lower(String(value)), lower(String(other))];
        if (one.how === 'contains') return a.includes(b);
        if (one.how === 'startswith') return a.startsWith(b);
        return one.how === 'endswith' ? a.endsWith(b) : a === b;
      });
    case 'time-part': {
      if (typeof value !== 'string' && typeof value !== 'number') return false;
      const time = new Date(value);
      if (Number.isNaN(time.getTime())) return false;
      const parts: Record<string, number> = { minute: time.getUTCMinutes(), hour: time.getUTCHours(), day: time.getUTCDate(), month: time.getUTCMonth() + 1, year: time.getUTCFullYear(), week: isoWeek(time) };
      return parts[one.part] === one.value;
    }
    case 'exists':
    case 'null':
      return false;
  }
}

/** By trying every way: a run takes nothing, or one character and then more. */
function patternHolds(parts: readonly PatternPart[], text: string, cased: boolean): boolean {
  const letters = Array.from(cased ? text : lower(text));
  type Step = 'any-run' | 'any-one' | { readonly letter: string };
  const wanted = parts.flatMap((part): Step[] => (part.kind === 'text' ? Array.from(cased ? part.text : lower(part.text), (letter) => ({ letter })) : [part.kind]));
  /** reach[i]: can the pattern so far stand for the first i characters? */
  let reach = letters.map(() => false).concat(false);
  reach[0] = true;
  for (const step of wanted) {
    const next = reach.map(() => false);
    for (let i = 0; i <= letters.length; i++) {
      if (step === 'any-run') next[i] = reach.slice(0, i + 1).some(Boolean);
      else if (i > 0 && reach[i - 1] === true) next[i] = step === 'any-one' || (typeof step === 'object' && step.letter === letters[i - 1]);
    }
    reach = next;
  }
  return reach[letters.length] === true;
}

/** Character by character, leaving alone what would change its length or become ASCII. */
function lower(text: string): string {
  return Array.from(text, (letter) => {
    const low = letter.toLowerCase();
    return low.length === letter.length && letter !== '\u212a' ? low : letter;
  }).join('');
}

function asNumber(value: Scalar): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)) return undefined;
  return Number(value);
}

function inCidr(address: string, network: string): boolean {
  const [base = '', length] = network.split('/');
  const [a, b] = [bits(address), bits(base)];
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  const mapped = a.length === 32 && base.includes(':');
  const prefix = length === undefined ? a.length : Number(length) - (mapped ? 96 : 0);
  return a.slice(0, prefix) === b.slice(0, prefix);
}

/** An address as a string of ones and zeros; IPv4 mapped into IPv6 as IPv4. */
function bits(address: string): string | undefined {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address);
  if (v4) {
    const numbers = v4.slice(1).map(Number);
    return numbers.some((number) => number > 255) ? undefined : numbers.map((number) => number.toString(2).padStart(8, '0')).join('');
  }
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  if (tail) {
    const low = bits(tail[2] ?? '');
    if (low === undefined) return undefined;
    return bits(`${tail[1] ?? ''}${parseInt(low.slice(0, 16), 2).toString(16)}:${parseInt(low.slice(16), 2).toString(16)}`);
  }
  const halves = address.split('::');
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const known = groups.flat();
  if (halves.length > 2 || !address.includes(':') || known.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  if (halves.length === 1 ? known.length !== 8 : known.length > 7) return undefined;
  const zeros = Array.from({ length: 8 - known.length }, () => '0');
  const all = halves.length === 1 ? known : [...(groups[0] ?? []), ...zeros, ...(groups[1] ?? [])];
  const made = all.map((group) => parseInt(group, 16).toString(2).padStart(16, '0')).join('');
  return made.startsWith(`${'0'.repeat(80)}${'1'.repeat(16)}`) ? made.slice(96) : made;
}

function isoWeek(time: Date): number {
  const day = new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()));
  day.setUTCDate(day.getUTCDate() + 4 - (day.getUTCDay() || 7));
  const yearStart = Date.UTC(day.getUTCFullYear(), 0, 1);
  return Math.ceil(((day.getTime() - yearStart) / 86_400_000 + 1) / 7);
}
