import type { Evidence } from '../engine/evidence.ts';
import type { RecordPlace } from '../base/diagnostic.ts';
import type { ProcessStart } from '../event/process-start.ts';
import type { Intent } from '../kubectl/intent.ts';
import type { Origin } from '../origin/origin.ts';
import type { GuideTemplate } from './guide.ts';
import type { RuleCard } from './rule-card.ts';

/** Sigma's levels, which are also an alert's severities. */
export type Severity = 'informational' | 'low' | 'medium' | 'high' | 'critical';

/** One rule that matched: the rule's card, and why. */
export interface AlertRule {
  readonly card: RuleCard;
  /** The rule's `id`, or a name derived from its file where it has none. */
  readonly id: string;
  readonly title: string;
  readonly level: Severity;
  /** As in the rule: `attack.t1090`, … */
  readonly tags: readonly string[];
  readonly description: string | undefined;
  readonly references: readonly string[] | undefined;
  readonly falsepositives: readonly string[] | undefined;
  readonly evidence: readonly Evidence[];
}

/** The investigation guide of the leading rule, with the alert's values filled in. */
export interface Guide {
  readonly template: GuideTemplate;
  /** Markdown; made when it is asked for. */
  readonly text: string;
}

/** What a correlation rule found. Times in ISO 8601. */
export interface AlertCorrelation {
  /** `event_count`, `temporal`, … */
  readonly type: string;
  readonly timespan_seconds: number;
  /** The group-by fields and their values. */
  readonly group: Readonly<Record<string, string>>;
  /** What was compared with the condition. */
  readonly value: number;
  readonly first: string;
  readonly last: string;
  /** Contributing events in all; `events` are the latest, at most a hundred. */
  readonly count: number;
  readonly events: readonly {
    /** Title of the rule that matched. */
    readonly rule: string;
    readonly time: string;
    readonly file: string;
    readonly line: number;
    readonly byte: number;
  }[];
}

/**
 * What leaves: one event, every rule that matched it, and what it means.
 * One event with several matching rules is one alert.
 */
export interface Alert {
  /** SHA-256 of all that tells this alert from others, a character for each byte. */
  readonly identity: string;
  /** `identity` as a UUID: the same bytes under the same rules give the same id. */
  readonly id: string;
  /** ISO 8601 event time, or null where the event has none. */
  readonly time: string | null;
  /** The highest level among `rules`. */
  readonly severity: Severity;
  /** 0–100, follows from the level. */
  readonly risk_score: number;
  readonly title: string;
  /** Highest level first, then by id. */
  readonly rules: readonly AlertRule[];
  /** Present for process starts. */
  readonly process: ProcessStart | undefined;
  readonly kubectl: Intent | undefined;
  readonly origin: Origin | undefined;
  readonly guide: Guide | undefined;
  /** Present on alerts of correlation rules; `event` is then the last of those that contribute. */
  readonly correlation: AlertCorrelation | undefined;
  readonly event: {
    readonly shape: string;
    readonly place: RecordPlace;
    /** The event as it came. `json`: its text, valid JSON on one line, byte for byte but for line ends. `text`: a line or lines. */
    readonly original: { readonly json: string } | { readonly text: string };
  };
}
