import type { Alert } from '../alert/alert.ts';
import { Correlator } from '../correlate/correlator.ts';
import type { CorrelatorOptions } from '../correlate/correlator.ts';
import type { CorrelationMatch } from '../correlate/observation.ts';
import type { CorrelationPlan } from '../correlate/plan.ts';
import type { AlertMaker } from './alert-maker.ts';
import type { Finding } from './finding.ts';

/** Findings kept for windows that are judged later than their last event; beyond it alerts only say where the event is. */
const KEPT_BYTES = 16 * 1024 * 1024;
/** Where there are more, so much of it is given up at once: the first entry of a `Map` is dear to find behind those that have gone. */
const GIVEN_UP = 1 / 4;

/** Makes alerts of correlations that hold. */
export class CorrelationAlerts {
  readonly correlator: Correlator;
  readonly #plan: CorrelationPlan;
  readonly #alerts: AlertMaker;
  readonly #kept = new Map<string, { readonly finding: Finding; readonly bytes: number }>();
  #bytes = 0;

  constructor(plan: CorrelationPlan, options: CorrelatorOptions, alerts: AlertMaker) {
    this.#plan = plan;
    this.#alerts = alerts;
    this.correlator = new Correlator(plan, options);
  }

  take(finding: Finding): readonly Alert[] {
    const { observation } = finding;
    if (observation === null) return [];
    this.#keep(observation.id, finding);
    return this.#made(this.correlator.observe(observation));
  }

  pause(): readonly Alert[] {
    return this.#made(this.correlator.pause());
  }

  end(): readonly Alert[] {
    return this.#made(this.correlator.end());
  }

  /** Those that other correlations alone are made of give no alert. */
  #made(matches: readonly CorrelationMatch[]): readonly Alert[] {
    return matches
      .filter(({ correlation }) => !this.#plan.silent.has(correlation))
      .map((match) => this.#alerts.makeCorrelated(this.#findingOf(match), match));
  }

  #findingOf(match: CorrelationMatch): Finding {
    const last = match.events.at(-1);
    const kept = last && this.#kept.get(last.id)?.finding;
    if (kept) return kept;
    const place = last?.place ?? { file: '', line: 0, byte: 0 };
    return {
      shape: 'correlation',
      place,
      time: new Date(match.to).toISOString(),
      matches: [],
      process: null,
      intent: null,
      origin: null,
      original: { json: JSON.stringify(place) },
      observation: null,
      nth: 0,
    };
  }

  #keep(id: string, finding: Finding): void {
    const bytes = 2000 + 4 * ('json' in finding.original ? finding.original.json : finding.original.text).length;
    this.#bytes += bytes - (this.#kept.get(id)?.bytes ?? 0);
    this.#kept.set(id, { finding, bytes });
    if (this.#bytes <= KEPT_BYTES) return;
    for (const [oldest, kept] of this.#kept) {
      if (this.#bytes <= KEPT_BYTES * (1 - GIVEN_UP)) return;
      this.#kept.delete(oldest);
      this.#bytes -= kept.bytes;
    }
  }
}
