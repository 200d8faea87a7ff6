import type { Diagnostic } from '../base/diagnostic.ts';
import type { Source } from '../base/source.ts';
import { openRuleImage, RuleImageWriter } from '../cache/rule-image.ts';
import type { SourceNumbers } from '../cache/pack.ts';
import { planCorrelations } from '../correlate/plan.ts';
import { applyPipelines } from '../processing/apply-pipeline.ts';
import type { ProcessingPipeline } from '../processing/pipeline.ts';
import { readPipeline } from '../processing/read-pipeline.ts';
import type { CorrelationRule } from '../sigma/correlation-rule.ts';
import type { FilterRule } from '../sigma/filter-rule.ts';
import { applyFilters } from '../sigma/link-rules.ts';
import { parseRules } from '../sigma/parse-rules.ts';
import type { SigmaRule } from '../sigma/rule.ts';
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
  const plan = (rules: readonly SigmaRule[]): Uint8Array =>
    writer.end({ correlations, plan: planCorrelations(rules, correlations, report), diagnostics, isUsable });
  if (filters.length + pipelines.length + correlations.length === 0) return plan([]);

  // From here on rules look at one another. They are read from what was written: all of them as trees take much memory.
  const nothing = planCorrelations([], [], report);
  const { rules } = openRuleImage(writer.end({ correlations: [], plan: nothing, diagnostics: [], isUsable }), sources);
  if (filters.length + pipelines.length === 0) return plan(rules);
  writer = new RuleImageWriter(known);
  const kept = applyFilters(rules, filters, report).flatMap((rule) => applyPipelines(rule, pipelines, report) ?? []);
  for (const rule of kept) writer.add(rule);
  return plan(kept);
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
