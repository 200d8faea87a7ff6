import type { RecordPlace } from '../base/diagnostic.ts';
import type { Evidence } from '../engine/evidence.ts';
import type { ProcessStart } from '../event/process-start.ts';
import type { Intent } from '../kubectl/intent.ts';
import type { Origin } from '../origin/origin.ts';
import type { Alert, AlertCorrelation, AlertRule, Guide, Severity } from './alert.ts';
import type { GuideTemplate } from './guide.ts';
import { compareCards } from './rule-card.ts';
import type { RuleCard } from './rule-card.ts';
import { riskScore } from './severity.ts';
import { uuid } from './uuid.ts';

export interface AlertInput {
  readonly matches: readonly { readonly card: RuleCard; readonly evidence: readonly Evidence[] }[];
  readonly process: ProcessStart | undefined;
  readonly kubectl: Intent | undefined;
  readonly origin: Origin | undefined;
  readonly shape: string;
  readonly place: RecordPlace;
  readonly time: string | null;
  readonly original: Alert['event']['original'];
  /** SHA-256 of all that tells this alert from others, a character for each byte. */
  readonly identity: string;
  readonly correlation: AlertCorrelation | undefined;
}

const LONGEST_TITLE = 160;
/** So many rules are put in order faster one by one. */
const FEW = 16;

/** Makes one alert of one event and every rule that matched it. */
export function buildAlert(input: AlertInput): Alert {
  return new BuiltAlert(input);
}

class BuiltAlert implements Alert {
  readonly identity: string;
  readonly time: string | null;
  readonly severity: Severity;
  readonly risk_score: number;
  readonly title: string;
  readonly rules: readonly AlertRule[];
  readonly process: ProcessStart | undefined;
  readonly kubectl: Intent | undefined;
  readonly origin: Origin | undefined;
  readonly correlation: AlertCorrelation | undefined;
  readonly event: Alert['event'];
  readonly guide: Guide | undefined;

  constructor(input: AlertInput) {
    const { kubectl } = input;
    const rules = inOrder(input.matches);
    const severity = rules[0]?.level ?? 'informational';
    const happens = kubectl !== undefined && (kubectl.action !== 'none' || kubectl.binary.kind !== 'other');
    this.identity = input.identity;
    this.time = input.time;
    this.severity = severity;
    this.risk_score = riskScore(severity);
    this.title = title(input, rules[0]);
    this.rules = rules;
    this.process = input.process;
    this.kubectl = happens ? kubectl : undefined;
    this.origin = input.origin;
    this.correlation = input.correlation;
    this.event = { shape: input.shape, place: input.place, original: input.original };
    const template = firstGuide(rules);
    this.guide = template && new FilledGuide(template, this);
  }

  get id(): string {
    return uuid(this.identity);
  }
}

/** A rule on an alert. What its card holds is read from there. */
class MatchedRule implements AlertRule {
  readonly card: RuleCard;
  readonly evidence: readonly Evidence[];

  constructor(card: RuleCard, evidence: readonly Evidence[]) {
    this.card = card;
    this.evidence = evidence;
  }

  get id(): string {
    return this.card.id;
  }
  get title(): string {
    return this.card.title;
  }
  get level(): Severity {
    return this.card.level;
  }
  get tags(): readonly string[] {
    return this.card.tags;
  }
  get description(): string | undefined {
    return this.card.description;
  }
  get references(): readonly string[] | undefined {
    return this.card.references;
  }
  get falsepositives(): readonly string[] | undefined {
    return this.card.falsepositives;
  }
}

class FilledGuide implements Guide {
  readonly template: GuideTemplate;
  readonly #alert: Alert;

  constructor(template: GuideTemplate, alert: Alert) {
    this.template = template;
    this.#alert = alert;
  }

  get text(): string {
    return this.template.render(this.#alert);
  }
}

function firstGuide(rules: readonly AlertRule[]): GuideTemplate | undefined {
  for (const { card } of rules) if (card.guide !== undefined) return card.guide;
  return undefined;
}

/** Those that nothing tells apart stay in the order of the rules. */
function inOrder(matches: AlertInput['matches']): readonly AlertRule[] {
  const first = matches[0];
  if (matches.length === 1 && first !== undefined) return [new MatchedRule(first.card, first.evidence)];
  if (matches.length > FEW)
    return matches
      .toSorted((a, b) => compareCards(a.card, b.card))
      .map(({ card, evidence }) => new MatchedRule(card, evidence));
  const rules: AlertRule[] = [];
  for (const { card, evidence } of matches) {
    let at = rules.length;
    for (; at > 0; at--) {
      const before = rules[at - 1];
      if (before === undefined || compareCards(before.card, card) <= 0) break;
      rules[at] = before;
    }
    rules[at] = new MatchedRule(card, evidence);
  }
  return rules;
}

/** The leading rule's title, and what this event aims at. */
function title({ kubectl, process, correlation }: AlertInput, leading: AlertRule | undefined): string {
  const base = leading?.title ?? 'Match';
  if (correlation !== undefined) {
    const group = Object.values(correlation.group).join(', ');
    return cutTitle(group === '' ? base : `${base}: ${group}`);
  }
  const aim =
    kubectl === undefined || kubectl.action === 'none'
      ? ''
      : `: ${kubectl.verb ?? kubectl.plugin ?? kubectl.action}${kubectl.target === null ? '' : ` ${kubectl.target}`}`;
  const host = process?.host?.name;
  return cutTitle(`${base}${aim}${host === undefined ? '' : ` on ${host}`}`);
}

function cutTitle(text: string): string {
  return text.length > LONGEST_TITLE ? `${text.slice(0, LONGEST_TITLE - 1)}…` : text;
}
