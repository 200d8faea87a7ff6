import type { Source } from '../base/source.ts';
import type { RuleHeader } from '../sigma/rule.ts';
import type { Severity } from './alert.ts';
import { GuideTemplate } from './guide.ts';
import { compareSeverity } from './severity.ts';

/** What alerts say of a rule, whatever the event. One for each rule, so that what is made of it can be kept by it. */
export class RuleCard {
  /** The rule's `id`, or a name derived from its file where it has none. */
  readonly id: string;
  readonly title: string;
  readonly level: Severity;
  readonly tags: readonly string[];
  readonly description: string | undefined;
  /** These two are absent where the rule has none. */
  readonly references: readonly string[] | undefined;
  readonly falsepositives: readonly string[] | undefined;
  readonly guide: GuideTemplate | undefined;

  /** `level`: where it is another than the rule's own, as a correlation's may be. */
  constructor(rule: RuleHeader, guide?: Source, level: Severity = rule.level) {
    this.id = ruleId(rule);
    this.title = rule.title;
    this.level = level;
    this.tags = rule.tags;
    this.description = rule.description?.trim();
    this.references = rule.references.length === 0 ? undefined : rule.references;
    this.falsepositives = rule.falsepositives.length === 0 ? undefined : rule.falsepositives;
    this.guide = guide && new GuideTemplate(guide.text);
  }
}

/** The rule's id, or its title where it has none. */
export function ruleId(rule: RuleHeader): string {
  return rule.id ?? rule.name ?? rule.title;
}

/** Below 0: `a` comes first on an alert. Highest level first, then by id. */
export function compareCards(a: RuleCard, b: RuleCard): number {
  return compareSeverity(b.level, a.level) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
