import type { Source, Span } from '../base/source.ts';
import type { CorrelationRule } from './correlation-rule.ts';
import type { SigmaDiagnostic } from './diagnostic-codes.ts';
import type { FilterRule } from './filter-rule.ts';
import { readCondition } from './read-condition.ts';
import { readCorrelation } from './read-correlation.ts';
import { readDetection } from './read-detection.ts';
import type { Say } from './read-detection.ts';
import { readFilterRules } from './read-filter.ts';
import { readMetadata } from './read-metadata.ts';
import type { ResolvePlaceholder } from './placeholders.ts';
import type { Condition, RuleLogSource, SearchIdentifier, SigmaRule } from './rule.ts';
import type { MapNode, RuleEntry } from './yaml-reader.ts';

export type SigmaDocument =
  | { readonly kind: 'rule'; readonly rule: SigmaRule }
  | { readonly kind: 'correlation'; readonly rule: CorrelationRule }
  | { readonly kind: 'filter'; readonly rule: FilterRule };

/** Reads one document; `undefined` where it has an error, all of which are reported. */
export function readRule(
  root: MapNode,
  source: Source,
  report: (diagnostic: SigmaDiagnostic) => void,
  resolve?: ResolvePlaceholder,
): SigmaDocument | undefined {
  let failed = false;
  const note = (diagnostic: SigmaDiagnostic): void => {
    failed ||= diagnostic.severity === 'error';
    report(diagnostic);
  };
  const say: Say = (code, message, span, severity = 'error', help) =>
    note({ code, severity, message, span, ...(help === undefined ? {} : { help }) });

  const entryOf = (name: string): RuleEntry | undefined => root.entries.find(({ key }) => key === name);
  const start: Span = { ...root.span, end: Math.min(root.span.end, root.span.start + 1) };

  const metadata = readMetadata(root, start, say);
  const header = { source, span: root.span, ...metadata };
  const correlated = entryOf('correlation');
  if (correlated) {
    const correlation = readCorrelation(correlated, say, note);
    if (failed || correlation === undefined) return undefined;
    return { kind: 'correlation', rule: { ...header, ...correlation, hasLevel: entryOf('level') !== undefined } };
  }
  const logsource = readLogSource(entryOf('logsource'), start, say);
  const filtering = entryOf('filter');
  const references = filtering && readFilterRules(filtering, say);
  const detection = readIdentifiers(filtering ?? entryOf('detection'), start, say, note, resolve);
  if (failed || detection === undefined) return undefined;
  if (references === undefined) return { kind: 'rule', rule: { ...header, logsource, ...detection } };
  return { kind: 'filter', rule: { ...header, logsource, ...detection, rules: references } };
}

function readLogSource(entry: RuleEntry | undefined, start: Span, say: Say): RuleLogSource {
  if (entry === undefined || entry.value.kind !== 'map') {
    const code = entry === undefined ? 'field-missing' : 'field-type';
    say(code, 'expected logsource: a mapping with product, category or service', entry?.keySpan ?? start);
    return {};
  }
  const parts: { product?: string; category?: string; service?: string; definition?: string } = {};
  for (const { key, value } of entry.value.entries) {
    if (key !== 'product' && key !== 'category' && key !== 'service' && key !== 'definition') continue;
    if (value.kind === 'scalar' && value.value !== null) parts[key] = value.text;
    else if (key !== 'definition') say('field-type', `logsource ${key}: expected text`, value.span);
  }
  if (parts.product === undefined && parts.category === undefined && parts.service === undefined) {
    say(
      'logsource-empty',
      'logsource names no product, category or service: the rule is tried on every event',
      entry.keySpan,
      'warning',
    );
  }
  return parts;
}

/** Search identifiers that one rule may have. */
const MOST_IDENTIFIERS = 1000;

function readIdentifiers(
  entry: RuleEntry | undefined,
  start: Span,
  say: Say,
  report: (diagnostic: SigmaDiagnostic) => void,
  resolve?: ResolvePlaceholder,
): { readonly identifiers: readonly SearchIdentifier[]; readonly condition: Condition } | undefined {
  if (entry === undefined || entry.value.kind !== 'map') {
    const code = entry === undefined ? 'field-missing' : 'field-type';
    say(code, 'expected detection: a mapping of search identifiers, and a condition', entry?.keySpan ?? start);
    return undefined;
  }
  const { entries } = entry.value;
  if (entries.length > MOST_IDENTIFIERS) {
    say('detection-empty', `${entries.length} search identifiers; expected at most ${MOST_IDENTIFIERS}`, entry.keySpan);
    return undefined;
  }
  const identifiers: SearchIdentifier[] = [];
  const given = entries.find(({ key }) => key === 'condition');
  const isAggregated = given?.value.kind === 'scalar' && given.value.text.includes('|');
  // Also of those that could not be read: the condition may name them.
  const names: string[] = [];
  for (const { key, keySpan, value } of entries) {
    if (key === 'condition' || (entry.key === 'filter' && key === 'rules')) continue;
    if (key === 'timeframe') {
      // With an aggregation, which is refused itself, it is what a correlation needs.
      if (!isAggregated)
        say(
          'detection-timeframe',
          'timeframe is of Sigma 1 and means nothing without an aggregation; it is left out',
          keySpan,
          'warning',
        );
      continue;
    }
    names.push(key);
    const detection = readDetection(value, say, resolve);
    if (detection) identifiers.push({ name: key, detection, span: keySpan });
  }
  if (names.length === 0) say('detection-empty', 'the detection has no search identifier', entry.keySpan);
  if (given === undefined) say('condition-missing', 'the detection has no condition', entry.keySpan);
  const condition = given && readCondition(given.value, names, report);
  return condition && { identifiers, condition };
}
