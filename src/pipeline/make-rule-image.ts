import type { Diagnostic } from '../base/diagnostic.ts';
import type { Source } from '../base/source.ts';
import { openRuleImage, RuleImageWriter } from '../cache/rule-image.ts';
import type { SourceNumbers } from '../cache/pack.ts';
import { planCorrelations } from '../correlate/plan.ts';
import { applyPipelines } from '../processing/apply-pipeline.ts';
import { applyToCorrelation } from '../processing/apply-to-correlation.ts';
import type { ProcessingPipeline } from '../processing/pipeline.ts';
import { readPipeline } from '../processing/read-pipeline.ts';
import type { CorrelationRule } from '../sigma/correlation-rule.ts';
import type { FilterRule } from '../sigma/filter-rule.ts';
import { applyFilters } from '../sigma/link-rules.ts';
import { parseRules } from '../sigma/parse-rules.ts';
import type { RuleLogSource, SigmaRule } from '../sigma/rule.ts';
import { chooseRules } from './choose-rules.ts';
import type { PlannedRules } from './choose-rules.ts';
import { spanSources } from './rule-library.ts';
import type { RuleTexts } from './rule-texts.ts';
import { textOf } from './source-table.ts';

type Report = (diagnostic: Diagnostic) => void;

/**
 * Reads rules and joins them with their filters, pipelines and correlations: the slow way, which a cached image saves.
 * A bad rule is left out and reported; its neighbours stay.
 */
export function makeRuleImage(texts: RuleTexts): Uint8Array {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => void diagnostics.push(diagnostic);
  const sources = spanSources(texts);
  const numbers = new WeakMap(sources.map((source, number) => [source, number]));
  const known: SourceNumbers = { numberOf: (source) => numbers.get(source) };

  const pipelines = readPipelines(texts, report);
  const isUsable = pipelines.length === texts.pipelines.length;
  const placeholders = (name: string): readonly string[] | undefined => {
    const given = texts.placeholders.get(name);
    if (given !== undefined) return given;
    return pipelines.map((pipeline) => pipeline.placeholder(name)).find((values) => values !== undefined);
  };
  const correlations: CorrelationRule[] = [];
  const filters: FilterRule[] = [];
  let writer = new RuleImageWriter(known);
  for (const [i, { source: kept }] of texts.files.entries()) {
    // A text of its own for each file, so that it goes when the file has been read.
    const source: Source = { name: kept.name, text: textOf(texts.table, i) };
    numbers.set(source, i);
    const parsed = parseRules(source, { placeholders });
    diagnostics.push(...parsed.diagnostics);
    for (const rule of parsed.rules) writer.add(rule);
    correlations.push(...parsed.correlations);
    filters.push(...parsed.filters);
  }
  const planned = (rules: readonly SigmaRule[], of: readonly CorrelationRule[]): PlannedRules => ({
    rules,
    correlations: of,
    plan: planCorrelations(rules, of, report),
  });
  const end = ({ correlations: of, plan }: Omit<PlannedRules, 'rules'>, leftOut = 0): Uint8Array =>
    writer.end({ correlations: of, plan, diagnostics, isUsable, leftOut });
  const { choice } = texts;
  const isAll = choice.level === undefined && choice.statuses === undefined;
  if (filters.length + pipelines.length + correlations.length === 0 && isAll) return end(planned([], []));

  // From here on rules look at one another. They are read from what was written: all of them as trees take much memory.
  const { rules } = openRuleImage(end(planned([], [])), sources);
  const isAsWritten = filters.length + pipelines.length === 0;
  const ready = isAsWritten
    ? rules
    : applyFilters(rules, filters, report).flatMap((rule) => applyPipelines(rule, pipelines, report) ?? []);
  const logSources = logSourcesOf([...rules, ...ready], correlations);
  const renamed = correlations.flatMap((rule) => applyToCorrelation(rule, logSources(rule), pipelines, report) ?? []);
  const all = planned(ready, renamed);
  if (isAsWritten && isAll) return end(all);
  const chosen = chooseRules(all, choice);
  writer = new RuleImageWriter(known);
  for (const rule of chosen.rules) writer.add(rule);
  return end(chosen, ready.length + renamed.length - chosen.rules.length - chosen.correlations.length);
}

/** The log sources of the rules that a correlation refers to, by way of others too; as written, and as pipelines changed them. */
function logSourcesOf(
  rules: readonly SigmaRule[],
  correlations: readonly CorrelationRule[],
): (rule: CorrelationRule) => readonly RuleLogSource[] {
  const byReference = new Map<string, (SigmaRule | CorrelationRule)[]>();
  for (const rule of [...rules, ...correlations])
    for (const key of new Set([rule.id?.toLowerCase(), rule.name]))
      if (key !== undefined) byReference.set(key, [...(byReference.get(key) ?? []), rule]);
  return (rule) => {
    const found: RuleLogSource[] = [];
    const seen = new Set<SigmaRule | CorrelationRule>([rule]);
    // Grows while it is walked.
    for (const one of seen) {
      if ('logsource' in one) found.push(one.logsource);
      else
        for (const { to } of one.rules)
          for (const target of byReference.get(to) ?? byReference.get(to.toLowerCase()) ?? []) seen.add(target);
    }
    return found;
  };
}

/** Those without an error, the lowest priority first. */
function readPipelines(texts: RuleTexts, report: Report): readonly ProcessingPipeline[] {
  return texts.pipelines
    .flatMap((source) => {
      const { pipeline, diagnostics } = readPipeline(source);
      diagnostics.forEach(report);
      return pipeline ?? [];
    })
    .sort((a, b) => a.priority - b.priority);
}
