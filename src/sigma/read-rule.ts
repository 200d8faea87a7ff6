import type { Document, Node, YAMLMap } from 'yaml';

import type { Source, Span } from '../base/source.ts';
import { parseCondition } from './condition.ts';
import type { SigmaDiagnostic, SigmaDiagnosticCode } from './diagnostic-codes.ts';
import { readDetection } from './read-detection.ts';
import { sigmaLevels, sigmaStatuses } from './rule.ts';
import type { Condition, RuleLogSource, SearchIdentifier, SigmaLevel, SigmaRule, SigmaStatus } from './rule.ts';
import { readNode, TooDeep } from './yaml-reader.ts';
import type { RuleEntry, RuleNode } from './yaml-reader.ts';

/** Reads one document as a detection rule; `undefined` where it has an error, all of which are reported. */
export function readRule(
  root: YAMLMap,
  document: Document<Node>,
  source: Source,
  span: Span,
  report: (diagnostic: SigmaDiagnostic) => void,
): SigmaRule | undefined {
  let failed = false;
  const say = (code: SigmaDiagnosticCode, message: string, at: Span, severity: 'error' | 'warning' = 'error', help?: string): void => {
    failed ||= severity === 'error';
    report({ code, severity, message, span: at, ...(help === undefined ? {} : { help }) });
  };
  let node: RuleNode;
  try {
    node = readNode(root, document, source);
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    say('selection-too-deep', 'the document is nested too deep, or its aliases come to too many nodes', span);
    return undefined;
  }
  const fields = new Map((node.kind === 'map' ? node.entries : []).map((entry) => [entry.key, entry]));
  const keySpan = (key: string): Span => fields.get(key)?.keySpan ?? { ...span, end: Math.min(span.end, span.start + 1) };

  for (const key of ['correlation', 'filter']) {
    if (!fields.has(key)) continue;
    say('document-unsupported', `${key} documents are not read yet; the document is left out`, keySpan(key), 'warning');
    return undefined;
  }

  const text = (key: string): string | undefined => {
    const entry = fields.get(key);
    if (entry === undefined || (entry.value.kind === 'scalar' && entry.value.value === null)) return undefined;
    if (entry.value.kind === 'scalar') return entry.value.text;
    say('field-type', `${key} is a ${entry.value.kind}; expected text`, entry.value.span);
    return undefined;
  };
  const texts = (key: string): readonly string[] => {
    const entry = fields.get(key);
    if (entry === undefined) return [];
    if (entry.value.kind === 'scalar') return entry.value.value === null ? [] : [entry.value.text];
    if (entry.value.kind === 'list') return entry.value.items.flatMap((item) => (item.kind === 'scalar' && item.value !== null ? [item.text] : []));
    say('field-type', `${key} is a mapping; expected a list of texts`, entry.value.span, 'warning');
    return [];
  };

  const title = text('title');
  if (title === undefined || title.trim() === '') say('field-missing', 'the rule has no title', keySpan('title'));
  const level = oneOf<SigmaLevel>(text('level') ?? 'medium', sigmaLevels);
  if (level === undefined) {
    say('level-unknown', `level is ${JSON.stringify(text('level'))}; expected one of ${sigmaLevels.join(', ')}`, fields.get('level')?.value.span ?? span);
  }
  const statusText = text('status');
  const status = statusText === undefined ? undefined : oneOf<SigmaStatus>(statusText, sigmaStatuses);
  if (statusText !== undefined && status === undefined) {
    say('status-unknown', `status is ${JSON.stringify(statusText)}; expected one of ${sigmaStatuses.join(', ')}`, fields.get('status')?.value.span ?? span, 'warning');
  }
  const logsource = readLogSource(fields.get('logsource'), keySpan('logsource'), say);
  const detection = readIdentifiers(fields.get('detection'), keySpan('detection'), say);
  const condition = detection === undefined ? undefined : readConditions(detection, source, say, report, () => (failed = true));
  if (failed || title === undefined || level === undefined || condition === undefined || detection === undefined) return undefined;

  const optional = <K extends string>(key: K): { readonly [P in K]?: string } => {
    const value = text(key);
    return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string };
  };
  return {
    source,
    span,
    title,
    level,
    ...(status === undefined ? {} : { status }),
    ...optional('id'),
    ...optional('name'),
    ...optional('description'),
    ...optional('author'),
    ...optional('date'),
    ...optional('modified'),
    references: texts('references'),
    tags: texts('tags'),
    falsepositives: texts('falsepositives'),
    fields: texts('fields'),
    logsource,
    identifiers: detection.identifiers,
    condition,
  };
}

type Say = (code: SigmaDiagnosticCode, message: string, at: Span, severity?: 'error' | 'warning', help?: string) => void;

function readLogSource(entry: RuleEntry | undefined, at: Span, say: Say): RuleLogSource {
  if (entry === undefined || entry.value.kind !== 'map') {
    say(entry === undefined ? 'field-missing' : 'field-type', 'expected logsource: a mapping with product, category or service', at);
    return {};
  }
  const parts: { product?: string; category?: string; service?: string } = {};
  for (const { key, value } of entry.value.entries) {
    if (key !== 'product' && key !== 'category' && key !== 'service') continue;
    if (value.kind === 'scalar' && value.value !== null) parts[key] = value.text;
    else say('field-type', `logsource ${key}: expected text`, value.span);
  }
  if (Object.keys(parts).length === 0) {
    say('logsource-empty', 'logsource names no product, category or service: the rule is tried on every event', at, 'warning');
  }
  return parts;
}

interface Identifiers {
  /** Also of those that could not be read: the condition may name them. */
  readonly names: readonly string[];
  readonly identifiers: readonly SearchIdentifier[];
  readonly conditions: readonly (RuleNode & { readonly kind: 'scalar' })[];
}

function readIdentifiers(entry: RuleEntry | undefined, at: Span, say: Say): Identifiers | undefined {
  if (entry === undefined || entry.value.kind !== 'map') {
    say(entry === undefined ? 'field-missing' : 'field-type', 'expected detection: a mapping of search identifiers, and a condition', at);
    return undefined;
  }
  const identifiers: SearchIdentifier[] = [];
  const names: string[] = [];
  let conditions: readonly (RuleNode & { readonly kind: 'scalar' })[] | undefined;
  for (const { key, keySpan, value } of entry.value.entries) {
    if (key === 'condition') {
      const items = value.kind === 'list' ? value.items : [value];
      const given = items.flatMap((item) => (item.kind === 'scalar' && typeof item.value === 'string' ? [item] : []));
      if (given.length === 0 || given.length < items.length) say('condition-syntax', 'the condition is no text, nor a list of texts', value.span);
      conditions = given;
    } else if (key !== 'timeframe') {
      names.push(key);
      const detection = readDetection(value, say);
      if (detection) identifiers.push({ name: key, detection, span: keySpan });
    }
  }
  if (conditions === undefined) say('condition-missing', 'the detection has no condition', at);
  if (names.length === 0) say('detection-empty', 'the detection has no search identifier', at);
  return { names, identifiers, conditions: conditions ?? [] };
}

function readConditions(
  { names, conditions }: Identifiers,
  source: Source,
  say: Say,
  report: (diagnostic: SigmaDiagnostic) => void,
  fail: () => void,
): Condition | undefined {
  const items: Condition[] = [];
  for (const { text, span } of conditions) {
    if (text.trim() === '') {
      say('condition-missing', 'the condition is empty', span);
      continue;
    }
    const condition = parseCondition(text, names, spanWithin(source, text, span), (diagnostic) => {
      fail();
      report(diagnostic);
    });
    if (condition) items.push(condition);
  }
  const [only] = items;
  return items.length === 1 ? only : items.length === 0 ? undefined : { kind: 'or', items };
}

/** Maps offsets in a scalar's value to the source. A folded or escaped scalar has no such map: then it is the whole scalar. */
function spanWithin(source: Source, text: string, span: Span): (start: number, end: number) => Span {
  const written = source.text.slice(span.start, span.end);
  const shift = written.startsWith(text) ? 0 : written.slice(1).startsWith(text) ? 1 : undefined;
  if (shift === undefined) return () => span;
  return (start, end) => ({ source, start: span.start + shift + start, end: span.start + shift + Math.max(end, start + 1) });
}

function oneOf<T extends string>(text: string, known: readonly T[]): T | undefined {
  return known.find((name) => name === text.toLowerCase());
}
