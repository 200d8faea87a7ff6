import { parseCondition } from './condition.ts';
import { boundOperators, correlationTypes } from './correlation-rule.ts';
import type { Bound, CorrelationCondition, CorrelationRule, CorrelationType } from './correlation-rule.ts';
import type { SigmaDiagnostic } from './diagnostic-codes.ts';
import type { Say } from './read-detection.ts';
import { readReferences } from './read-filter.ts';
import type { RuleHeader } from './rule.ts';
import { spanWithin } from './span-within.ts';
import type { MapNode, RuleEntry, RuleNode } from './yaml-reader.ts';

export type CorrelationPart = Omit<CorrelationRule, keyof RuleHeader | 'hasLevel'>;

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const LONGEST_DAYS = 366;
/** Rules whose order `temporal_ordered` looks at. */
const MOST_ORDERED = 64;
const MOST_FIELDS = 32;

const isTemporal = (type: CorrelationType): boolean => type === 'temporal' || type === 'temporal_ordered';

/** Reads `correlation`; `undefined` where it is no mapping. Other errors are reported, and the caller refuses the rule. */
export function readCorrelation(
  { value: map, keySpan }: RuleEntry,
  say: Say,
  report: (diagnostic: SigmaDiagnostic) => void,
): CorrelationPart | undefined {
  if (map.kind !== 'map') {
    say('field-type', 'expected correlation: a mapping with type, rules, timespan and condition', map.span);
    return undefined;
  }
  const entry = (name: string): RuleEntry | undefined => map.entries.find(({ key }) => key === name);
  const type = readType(entry('type'), keySpan, say);
  const given = entry('rules');
  if (given === undefined) say('correlation-rules', 'the correlation names no rules', keySpan);
  const rules = given ? readReferences(given, say, 'correlation-rules') : [];
  if (type === 'temporal_ordered' && rules.length > MOST_ORDERED)
    say('correlation-rules', `${rules.length} rules in order; expected at most ${MOST_ORDERED}`, keySpan);
  const names = rules.map(({ to }) => to);
  const condition = readCondition(entry('condition'), type, names, map, say, report);
  const fields = readFields(entry('condition')?.value, type, keySpan, say);
  const percentile = readPercentile(entry('condition')?.value, type, say);
  return {
    type,
    rules,
    groupBy: texts(entry('group-by'), say),
    timespanMs: readTimespan(entry('timespan') ?? entry('timeframe'), keySpan, say),
    condition,
    valueFields: fields,
    aliases: readAliases(entry('aliases'), names, say),
    generate: readGenerate(entry('generate'), say),
    ...(percentile === undefined ? {} : { percentile }),
  };
}

function readType(entry: RuleEntry | undefined, keySpan: RuleEntry['keySpan'], say: Say): CorrelationType {
  const text = entry?.value.kind === 'scalar' ? entry.value.text : undefined;
  const found = correlationTypes.find((known) => known === text);
  if (found) return found;
  const what = text === undefined ? 'the correlation has no type' : `the type is ${JSON.stringify(text.slice(0, 80))}`;
  say('correlation-type', `${what}; expected one of ${correlationTypes.join(', ')}`, entry?.value.span ?? keySpan);
  return 'event_count';
}

function readTimespan(entry: RuleEntry | undefined, keySpan: RuleEntry['keySpan'], say: Say): number {
  const expected = 'expected a number and s, m, h or d, such as 90m';
  if (entry === undefined) {
    say('correlation-timespan', `the correlation has no timespan; ${expected}`, keySpan);
    return 0;
  }
  const text = entry.value.kind === 'scalar' ? entry.value.text : '';
  const [, digits = '0', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const seconds = Number(digits) * (SECONDS[unit] ?? 0);
  if (seconds === 0)
    say('correlation-timespan', `found ${JSON.stringify(text.slice(0, 40))}; ${expected}`, entry.value.span);
  if (seconds > LONGEST_DAYS * 86_400)
    say('correlation-timespan', `${text} is longer than ${LONGEST_DAYS} days`, entry.value.span);
  return seconds * 1000;
}

function readCondition(
  entry: RuleEntry | undefined,
  type: CorrelationType,
  names: readonly string[],
  correlation: MapNode,
  say: Say,
  report: (diagnostic: SigmaDiagnostic) => void,
): CorrelationCondition {
  const all: CorrelationCondition = { kind: 'bounds', bounds: [{ operator: 'gte', value: names.length }] };
  if (entry === undefined) {
    if (!isTemporal(type)) say('correlation-condition', `${type} needs a condition, such as gte: 10`, correlation.span);
    return all;
  }
  const { value } = entry;
  if (value.kind === 'scalar' && isTemporal(type) && typeof value.value === 'string') {
    const expression = parseCondition(value.text, names, spanWithin(value.text, value.span), report);
    return expression ? { kind: 'expression', expression } : all;
  }
  if (value.kind !== 'map') {
    const what = isTemporal(type)
      ? 'a mapping such as gte: 2, or a condition over the rules'
      : 'a mapping such as gte: 10';
    say('correlation-condition', `expected ${what}`, value.span);
    return all;
  }
  const bounds: Bound[] = [];
  for (const { key, keySpan, value: limit } of value.entries) {
    if (key === 'field' || key === 'percentile') continue;
    const operator = boundOperators.find((known) => known === key);
    const number = limit.kind === 'scalar' ? Number(limit.text) : NaN;
    if (operator === undefined)
      say(
        'correlation-condition',
        `found ${JSON.stringify(key.slice(0, 40))}; expected ${boundOperators.join(', ')} or field`,
        keySpan,
      );
    else if (limit.kind !== 'scalar' || limit.text.trim() === '' || !Number.isFinite(number))
      say('correlation-condition', `${key} takes a number`, limit.span);
    else bounds.push({ operator, value: number });
  }
  if (bounds.length === 0 && !isTemporal(type))
    say('correlation-condition', `expected one of ${boundOperators.join(', ')}`, entry.keySpan);
  return bounds.length === 0 ? all : { kind: 'bounds', bounds };
}

function readFields(
  condition: RuleNode | undefined,
  type: CorrelationType,
  keySpan: RuleEntry['keySpan'],
  say: Say,
): readonly string[] {
  const entry = condition?.kind === 'map' ? condition.entries.find(({ key }) => key === 'field') : undefined;
  const fields = texts(entry, say);
  if (type.startsWith('value_') && fields.length === 0)
    say(
      'correlation-field',
      `${type} needs the field whose values it looks at, in its condition`,
      entry?.keySpan ?? keySpan,
    );
  if (!type.startsWith('value_') && entry)
    say('correlation-field', `${type} looks at no field; it is left out`, entry.keySpan, 'warning');
  if (fields.length > 1 && type !== 'value_count' && type.startsWith('value_'))
    say('correlation-field', `${type} takes one field`, entry?.keySpan ?? keySpan);
  return fields;
}

function readPercentile(condition: RuleNode | undefined, type: CorrelationType, say: Say): number | undefined {
  const entry = condition?.kind === 'map' ? condition.entries.find(({ key }) => key === 'percentile') : undefined;
  if (entry === undefined) return undefined;
  const number = entry.value.kind === 'scalar' ? Number(entry.value.text) : NaN;
  if (type !== 'value_percentile')
    say('correlation-condition', `percentile is of value_percentile alone`, entry.keySpan);
  else if (!(number > 0 && number <= 100))
    say('correlation-condition', 'percentile takes a number above 0 and up to 100', entry.value.span);
  return number;
}

function readAliases(entry: RuleEntry | undefined, names: readonly string[], say: Say): CorrelationRule['aliases'] {
  const aliases = new Map<string, ReadonlyMap<string, string>>();
  if (entry === undefined) return aliases;
  if (entry.value.kind !== 'map') {
    say('correlation-alias', 'expected aliases: a mapping of alias to rule to field', entry.value.span);
    return aliases;
  }
  for (const { key, value } of entry.value.entries) {
    const fields = new Map<string, string>();
    if (value.kind !== 'map')
      say('correlation-alias', `${key.slice(0, 80)}: expected a mapping of rule to field`, value.span);
    else
      for (const one of value.entries) {
        if (!names.includes(one.key))
          say(
            'correlation-alias',
            `${JSON.stringify(one.key.slice(0, 80))} is none of the rules of this correlation`,
            one.keySpan,
          );
        else if (one.value.kind !== 'scalar' || one.value.text === '')
          say('correlation-alias', 'expected a field name', one.value.span);
        else fields.set(one.key, one.value.text);
      }
    aliases.set(key, fields);
  }
  return aliases;
}

function readGenerate(entry: RuleEntry | undefined, say: Say): boolean {
  if (entry === undefined) return false;
  if (entry.value.kind === 'scalar' && typeof entry.value.value === 'boolean') return entry.value.value;
  say('field-type', 'generate: expected true or false', entry.value.span);
  return false;
}

function texts(entry: RuleEntry | undefined, say: Say): readonly string[] {
  if (entry === undefined) return [];
  const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  const found: string[] = [];
  for (const item of items.slice(0, MOST_FIELDS)) {
    if (item.kind === 'scalar' && item.value !== null && item.text !== '') found.push(item.text);
    else say('field-type', `${entry.key}: expected field names`, item.span);
  }
  if (items.length > MOST_FIELDS) say('field-type', `${entry.key}: more than ${MOST_FIELDS} fields`, entry.keySpan);
  return [...new Set(found)];
}
