import type { Diagnostic } from '../base/diagnostic.ts';
import type { Source } from '../base/source.ts';
import { planCorrelations } from '../correlate/plan.ts';
import type { CorrelationPlan } from '../correlate/plan.ts';
import { compileRules } from '../engine/rule-set.ts';
import type { RuleSet } from '../engine/rule-set.ts';
import type { LogSource } from '../event/log-source.ts';
import { applyPipelines } from '../processing/apply-pipeline.ts';
import { applyToCorrelation } from '../processing/apply-to-correlation.ts';
import type { ProcessingPipeline } from '../processing/pipeline.ts';
import { readPipeline } from '../processing/read-pipeline.ts';
import type { Shape } from '../shapes/shape.ts';
import type { CorrelationRule } from '../sigma/correlation-rule.ts';
import type { FilterRule } from '../sigma/filter-rule.ts';
import { applyFilters } from '../sigma/link-rules.ts';
import { parseRules } from '../sigma/parse-rules.ts';
import type { RuleHeader, RuleLogSource, SigmaRule } from '../sigma/rule.ts';
import { chooseRules } from './choose-rules.ts';
import { schemaOf } from './event-schema.ts';
import { LineClasses } from './line-classes.ts';
import type { RuleTexts } from './rule-texts.ts';
import type { ScanEvent } from './scan-event.ts';

/** The rules of a scan: parsed and joined once, compiled for each shape when that shape is first seen. */
export class RuleLibrary {
  /** Detection rules, with the filters that name them. */
  readonly rules: readonly SigmaRule[];
  readonly plan: CorrelationPlan;
  /** Every pipeline could be read; without one of them rules would mean something else. */
  readonly isUsable: boolean;
  /** Rules and correlations that the choice of level and status leaves out. */
  readonly leftOut: number;
  readonly hash: string;
  readonly givenLogSource: LogSource;
  /** What is wrong with the rule files; a bad rule is left out, its neighbours stay. */
  readonly diagnostics: readonly Diagnostic[];
  readonly #correlations: readonly CorrelationRule[];
  readonly #guides = new Map<number, Source>();
  readonly #numbers: ReadonlyMap<RuleHeader, number>;
  #lineClasses: { readonly made: LineClasses | undefined } | undefined;
  readonly #compiled = new Map<Shape, RuleSet<ScanEvent>>();

  /** `givenLogSource`: where events come from that do not say it themselves. */
  constructor(texts: RuleTexts, givenLogSource: LogSource = {}) {
    this.givenLogSource = givenLogSource;
    const rules: SigmaRule[] = [];
    const correlations: CorrelationRule[] = [];
    const filters: FilterRule[] = [];
    const diagnostics: Diagnostic[] = [];
    const guides = new Map<Source, Source>();
    const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
    const pipelines = readPipelines(texts, report);
    this.isUsable = pipelines.length === texts.pipelines.length;
    const placeholders = (name: string): readonly string[] | undefined => {
      const given = texts.placeholders.get(name);
      if (given !== undefined) return given;
      return pipelines.map((pipeline) => pipeline.placeholder(name)).find((values) => values !== undefined);
    };
    for (const { source, guide } of texts.files) {
      const parsed = parseRules(source, { placeholders });
      diagnostics.push(...parsed.diagnostics);
      rules.push(...parsed.rules);
      correlations.push(...parsed.correlations);
      filters.push(...parsed.filters);
      if (guide) guides.set(source, guide);
    }
    const ready = applyFilters(rules, filters, report).flatMap((rule) => applyPipelines(rule, pipelines, report) ?? []);
    const sources = logSources([...rules, ...ready], correlations);
    const renamed = correlations.flatMap((rule) => applyToCorrelation(rule, sources(rule), pipelines, report) ?? []);
    const everything = { rules: ready, correlations: renamed, plan: planCorrelations(ready, renamed, report) };
    const chosen = chooseRules(everything, texts.choice);
    this.rules = chosen.rules;
    this.#correlations = chosen.correlations;
    this.plan = chosen.plan;
    this.leftOut = ready.length + renamed.length - chosen.rules.length - chosen.correlations.length;
    this.hash = texts.hash;
    this.diagnostics = diagnostics;
    const all = [...this.rules, ...this.#correlations];
    this.#numbers = new Map(all.map((rule, number) => [rule, number]));
    all.forEach(({ source }, number) => {
      const guide = guides.get(source);
      if (guide) this.#guides.set(number, guide);
    });
  }

  /** Rules that an alert can name: correlations with the level that they give. */
  get reported(): readonly RuleHeader[] {
    const { silent, correlations } = this.plan;
    return [
      ...this.rules.filter((rule) => !silent.has(this.numberOf(rule))),
      ...correlations.filter(({ number }) => !silent.has(number)).map(({ rule, level }) => ({ ...rule, level })),
    ];
  }

  /** The rules as they run on events of `shape`. */
  rulesFor(shape: Shape): RuleSet<ScanEvent> {
    let compiled = this.#compiled.get(shape);
    if (compiled === undefined) {
      compiled = compileRules(this.rules, schemaOf(shape, this.givenLogSource));
      this.#compiled.set(shape, compiled);
    }
    return compiled;
  }

  /**
   * The rules as the byte engine runs them; `undefined` where the machine cannot. One for all scans of this thread: what it
   * has learnt of one stream serves the next.
   */
  get lineClasses(): LineClasses | undefined {
    this.#lineClasses ??= { made: LineClasses.create(this.rules, this.givenLogSource) };
    return this.#lineClasses.made;
  }

  /** A number that names the rule on every thread that has read the same texts: detection rules, then correlations. */
  numberOf(rule: RuleHeader): number {
    return this.#numbers.get(rule) ?? -1;
  }

  ruleOf(number: number): RuleHeader | undefined {
    return number < this.rules.length ? this.rules[number] : this.#correlations[number - this.rules.length];
  }

  guideOf(number: number): Source | undefined {
    return this.#guides.get(number);
  }
}

/** The log sources of the rules that a correlation refers to, by way of others too; as written, and as pipelines changed them. */
function logSources(
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
function readPipelines(texts: RuleTexts, report: (diagnostic: Diagnostic) => void): readonly ProcessingPipeline[] {
  return texts.pipelines
    .flatMap((source) => {
      const { pipeline, diagnostics } = readPipeline(source);
      diagnostics.forEach(report);
      return pipeline ?? [];
    })
    .sort((a, b) => a.priority - b.priority);
}
