/** Where a contributing event can be found again. */
export interface EventReference {
  readonly file: string;
  readonly line: number;
  readonly byte: number;
}

/** One event that rules matched which correlations refer to. Plain data: it travels between threads. */
export interface Observation {
  /** The event's identity: the same event delivered twice counts once. */
  readonly id: string;
  /** Event time in milliseconds since 1970. */
  readonly time: number;
  /** The rules that matched, by number. */
  readonly rules: readonly number[];
  /** The event's fields that correlations ask for; one that it does not have is absent. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  readonly place: EventReference;
}

/** One event in a correlation that holds. */
export interface ContributingEvent {
  /** The event's identity. */
  readonly id: string;
  readonly rule: number;
  readonly time: number;
  readonly place: EventReference;
}

/** A correlation that holds. */
export interface CorrelationMatch {
  /** By number in the plan. */
  readonly correlation: number;
  readonly group: Readonly<Record<string, string>>;
  /** What was compared with the condition: a count, a sum, …; for an expression the number of rules seen. */
  readonly figure: number;
  /** First and last contributing event. */
  readonly from: number;
  readonly to: number;
  /** Contributing events in all, of which `events` are the latest. */
  readonly count: number;
  readonly events: readonly ContributingEvent[];
}
