import type { RecordPlace } from '../base/diagnostic.ts';
import type { Source } from '../base/source.ts';
import type { Evidence } from '../engine/evidence.ts';
import type { Json } from '../event/json.ts';
import type { ProcessStart } from '../event/process-start.ts';
import type { Intent } from '../kubectl/intent.ts';
import type { Origin } from '../origin/origin.ts';
import type { RuleHeader } from '../sigma/rule.ts';
import type { Alert, AlertCorrelation, AlertRule } from './alert.ts';
import { renderGuide } from './guide.ts';
import { compareSeverity, riskScore } from './severity.ts';

/** Hexadecimal SHA-256. */
export type Hash = (text: string) => string;

export interface AlertInput {
  readonly matches: readonly {
    readonly rule: RuleHeader;
    readonly evidence: readonly Evidence[];
    readonly guide: Source | undefined;
  }[];
  readonly process: ProcessStart | undefined;
  readonly kubectl: Intent | undefined;
  readonly origin: Origin | undefined;
  readonly shape: string;
  readonly place: RecordPlace;
  readonly time: string | null;
  readonly original: Alert['event']['original'];
  readonly record: Json;
  readonly ruleSetHash: string;
  /** How many identical events came before. */
  readonly occurrence: number;
  readonly hash: Hash;
  readonly correlation?: AlertCorrelation;
}

const LONGEST_TITLE = 160;

/** Makes one alert of one event and every rule that matched it. */
export function buildAlert(input: AlertInput): Alert {
  const matches = input.matches.toSorted(
    (a, b) => compareSeverity(b.rule.level, a.rule.level) || compareText(ruleId(a.rule), ruleId(b.rule)),
  );
  const rules = matches.map(({ rule, evidence }) => toAlertRule(rule, evidence));
  const severity = rules[0]?.level ?? 'informational';
  const { original, occurrence, ruleSetHash, hash } = input;
  const { correlation } = input;
  const which =
    correlation === undefined
      ? String(occurrence)
      : JSON.stringify([rules[0]?.id, correlation.group, correlation.first, correlation.last, correlation.count]);
  const identity = hash(`${ruleSetHash}\n${which}\n${'json' in original ? original.json : original.text}`);
  const happens =
    input.kubectl !== undefined && (input.kubectl.action !== 'none' || input.kubectl.binary.kind !== 'other');
  const alert: Alert = {
    id: uuid(identity),
    time: input.time,
    severity,
    risk_score: riskScore(severity),
    title: title(input, rules[0]),
    rules,
    ...(input.process === undefined ? {} : { process: input.process }),
    ...(happens && input.kubectl ? { kubectl: input.kubectl } : {}),
    ...(input.origin === undefined ? {} : { origin: input.origin }),
    ...(correlation === undefined ? {} : { correlation }),
    event: { shape: input.shape, place: input.place, original, record: input.record },
  };
  const guide = matches.find((match) => match.guide !== undefined)?.guide;
  return guide === undefined ? alert : { ...alert, guide: { text: renderGuide(guide.text, alert) } };
}

function toAlertRule(rule: RuleHeader, evidence: readonly Evidence[]): AlertRule {
  return {
    id: ruleId(rule),
    title: rule.title,
    level: rule.level,
    tags: rule.tags,
    evidence,
    ...(rule.description === undefined ? {} : { description: rule.description.trim() }),
    ...(rule.references.length === 0 ? {} : { references: rule.references }),
    ...(rule.falsepositives.length === 0 ? {} : { falsepositives: rule.falsepositives }),
  };
}

/** The rule's id, or its title where it has none. */
export function ruleId(rule: RuleHeader): string {
  return rule.id ?? rule.name ?? rule.title;
}

/** The leading rule's title, and what this event aims at. */
function title({ kubectl, process, correlation }: AlertInput, leading: AlertRule | undefined): string {
  const base = leading?.title ?? 'Match';
  const aim =
    kubectl === undefined || kubectl.action === 'none'
      ? undefined
      : `${kubectl.verb ?? kubectl.plugin ?? kubectl.action}${kubectl.target === null ? '' : ` ${kubectl.target}`}`;
  const where = process?.host?.name === undefined ? '' : ` on ${process.host.name}`;
  if (correlation !== undefined) {
    const group = Object.values(correlation.group).join(', ');
    return cutTitle(group === '' ? base : `${base}: ${group}`);
  }
  const made = aim === undefined ? `${base}${where}` : `${base}: ${aim}${where}`;
  return cutTitle(made);
}

function cutTitle(text: string): string {
  return text.length > LONGEST_TITLE ? `${text.slice(0, LONGEST_TITLE - 1)}…` : text;
}

/** A hash's first 128 bits in the form of a name-based UUID (RFC 9562, version 8). */
function uuid(hex: string): string {
  const variant = ((parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
