import type { Alert, Severity } from '../alert/alert.ts';
import type { JsonOutput } from './json-output.ts';

/** A rule that a scan runs, for formats that list rules. */
export interface FormatRule {
  readonly id: string;
  readonly title: string;
  readonly level: Severity;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly references: readonly string[];
}

export interface FormatContext {
  readonly version: string;
  /** Asked only by formats that list rules: it reads every one. */
  readonly rules: () => readonly FormatRule[];
  /** Columns of the terminal, or a width to fit. */
  readonly width: number;
  readonly colour: boolean;
}

/**
 * How alerts are written; the caller sees to it that `out` goes where it should. `begin` once, `alert` for each in order, `end` once. Formats
 * are deterministic: times come from the alerts.
 */
export interface AlertFormat {
  readonly name: string;
  begin(context: FormatContext): string;
  alert(alert: Alert, out: JsonOutput): void;
  end(): string;
}
