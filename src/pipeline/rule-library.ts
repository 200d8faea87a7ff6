import type { Diagnostic } from '../base/diagnostic.ts';
import type { Source } from '../base/source.ts';
import { compileRules } from '../engine/rule-set.ts';
import type { RuleSet } from '../engine/rule-set.ts';
import type { Shape } from '../shapes/shape.ts';
import { parseRules } from '../sigma/parse-rules.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import { schemaOf } from './event-schema.ts';
import type { RuleTexts } from './rule-texts.ts';
import type { ScanEvent } from './scan-event.ts';

/** The rules of a scan: parsed once, compiled for each shape when that shape is first seen. */
export class RuleLibrary {
  readonly rules: readonly SigmaRule[];
  readonly hash: string;
  /** What is wrong with the rule files; a bad rule is left out, its neighbours stay. */
  readonly diagnostics: readonly Diagnostic[];
  readonly #guides = new Map<SigmaRule, Source>();
  readonly #numbers = new Map<SigmaRule, number>();
  readonly #compiled = new Map<Shape, RuleSet<ScanEvent>>();

  constructor(texts: RuleTexts) {
    const rules: SigmaRule[] = [];
    const diagnostics: Diagnostic[] = [];
    for (const { source, guide } of texts.files) {
      const parsed = parseRules(source);
      diagnostics.push(...parsed.diagnostics);
      for (const rule of parsed.rules) {
        this.#numbers.set(rule, rules.length);
        if (guide) this.#guides.set(rule, guide);
        rules.push(rule);
      }
    }
    this.rules = rules;
    this.hash = texts.hash;
    this.diagnostics = diagnostics;
  }

  /** The rules as they run on events of `shape`. */
  rulesFor(shape: Shape): RuleSet<ScanEvent> {
    let compiled = this.#compiled.get(shape);
    if (compiled === undefined) {
      compiled = compileRules(this.rules, schemaOf(shape));
      this.#compiled.set(shape, compiled);
    }
    return compiled;
  }

  /** A number that names the rule on every thread that has read the same texts. */
  numberOf(rule: SigmaRule): number {
    return this.#numbers.get(rule) ?? -1;
  }

  guideOf(rule: SigmaRule): Source | undefined {
    return this.#guides.get(rule);
  }
}
