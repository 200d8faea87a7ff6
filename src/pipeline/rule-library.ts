import { RuleCard } from '../alert/rule-card.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Source } from '../base/source.ts';
import type { StoredNeeds } from '../byte-engine/need-code.ts';
import { openRuleImage } from '../cache/rule-image.ts';
import type { CorrelationPlan } from '../correlate/plan.ts';
import { compileRules } from '../engine/rule-set.ts';
import type { RuleSet } from '../engine/rule-set.ts';
import type { LogSource } from '../event/log-source.ts';
import type { Shape } from '../shapes/shape.ts';
import type { CorrelationRule } from '../sigma/correlation-rule.ts';
import type { RuleHeader, SigmaRule } from '../sigma/rule.ts';
import { schemaOf } from './event-schema.ts';
import { LineClasses } from './line-classes.ts';
import type { RuleTexts } from './rule-texts.ts';
import type { ScanEvent } from './scan-event.ts';
import { ruleTextsOf } from './source-table.ts';
import type { SourceTable } from './source-table.ts';

/** All that a rule library is made of. Plain data: it travels between threads, and its bytes are shared. */
export interface LibraryParts {
  /** As `makeRuleImage` gives it. */
  readonly image: Uint8Array;
  /** What the image points into. */
  readonly table: SourceTable;
  /** Investigation guides, by place of the rule file in the table. */
  readonly guides: ReadonlyMap<number, Source>;
  readonly pipelines: readonly Source[];
  readonly hash: string;
  readonly givenLogSource: LogSource;
}

/** Texts that spans of rules point into, in the order in which an image numbers them. */
export function spanSources({ files, pipelines }: Pick<RuleTexts, 'files' | 'pipelines'>): readonly Source[] {
  return [...files.map(({ source }) => source), ...pipelines];
}

/** The rules of a scan: read when they are looked at, compiled for each shape when that shape is first seen. */
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
  /** For another thread to make the same library of. */
  readonly parts: LibraryParts;
  readonly #needs: StoredNeeds;
  readonly #correlations: readonly CorrelationRule[];
  readonly #guides: ReadonlyMap<Source, Source>;
  readonly #numbers: ReadonlyMap<RuleHeader, number>;
  readonly #cards: (RuleCard | undefined)[] = [];
  #lineClasses: { readonly made: LineClasses | undefined } | undefined;
  readonly #compiled = new Map<Shape, RuleSet<ScanEvent>>();

  /** `files`: those of the table, where they are at hand. */
  constructor(parts: LibraryParts, files = ruleTextsOf(parts.table, parts.guides)) {
    const { rules, needs, correlations, plan, diagnostics, isUsable, leftOut } = openRuleImage(
      parts.image,
      spanSources({ files, pipelines: parts.pipelines }),
    );
    this.parts = parts;
    this.rules = rules;
    this.#needs = needs;
    this.plan = plan;
    this.diagnostics = diagnostics;
    this.isUsable = isUsable;
    this.leftOut = leftOut;
    this.hash = parts.hash;
    this.givenLogSource = parts.givenLogSource;
    this.#correlations = correlations;
    this.#guides = new Map(files.flatMap(({ source, guide }) => (guide ? [[source, guide]] : [])));
    this.#numbers = new Map([...rules, ...correlations].map((rule, number) => [rule, number]));
  }

  /** Rules that an alert can name: correlations with the level that they give. */
  get reported(): readonly RuleHeader[] {
    const { silent, correlations } = this.plan;
    return [
      ...this.rules.filter((_, number) => !silent.has(number)),
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
    this.#lineClasses ??= { made: LineClasses.create(this.rules, this.#needs, this.givenLogSource) };
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
    const rule = this.ruleOf(number);
    return rule && this.#guides.get(rule.source);
  }

  /** What alerts say of the rule with this number; made when it is first asked for. */
  cardOf(number: number): RuleCard | undefined {
    const made = this.#cards[number];
    if (made !== undefined) return made;
    const rule = this.ruleOf(number);
    if (rule === undefined) return undefined;
    // A correlation has the level that its plan gives.
    const level = this.plan.correlations.find((planned) => planned.number === number)?.level;
    const card = new RuleCard(rule, this.guideOf(number), level);
    this.#cards[number] = card;
    return card;
  }
}
