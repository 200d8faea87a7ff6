import { OpenAlertsWriter } from '../sinks/open-alerts.ts';
import type { OpenAlerts } from '../sinks/open-alerts.ts';
import { AlertMaker } from './alert-maker.ts';
import type { Finding } from './finding.ts';
import type { RuleLibrary } from './rule-library.ts';

/** Alerts are twice as long as findings. Beyond it those of one batch are left to who has room for one at a time. */
const MOST_BYTES = 1024 * 1024;

/** Writes the alerts of findings on a thread that does not know what came before them. */
export class OpenAlertMaker {
  readonly #alerts: AlertMaker;
  readonly #writer = new OpenAlertsWriter();

  constructor(library: RuleLibrary) {
    this.#alerts = new AlertMaker(library);
  }

  /** Takes as many of the first findings as it can, and gives the others, of which more than an alert is made. */
  take(findings: readonly Finding[]): { readonly open: OpenAlerts | undefined; readonly left: readonly Finding[] } {
    let taken = 0;
    for (const finding of findings) {
      if (this.#writer.length >= MOST_BYTES || finding.observation !== null) break;
      const alert = this.#alerts.makeFirst(finding);
      if (alert.guide?.template.needsOrder === true) break;
      this.#writer.add(alert);
      taken++;
    }
    return { open: this.#writer.take(), left: taken === 0 ? findings : findings.slice(taken) };
  }
}
