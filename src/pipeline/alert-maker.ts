import { createHash } from 'node:crypto';

import type { Alert, AlertCorrelation } from '../alert/alert.ts';
import { buildAlert } from '../alert/build-alert.ts';
import type { AlertInput } from '../alert/build-alert.ts';
import { invariant } from '../base/invariant.ts';
import type { CorrelationMatch } from '../correlate/observation.ts';
import { alertCorrelation, correlationEvidence } from './correlation-alert.ts';
import type { Finding } from './finding.ts';
import type { RuleLibrary } from './rule-library.ts';

/** Events whose repeats are counted at once; beyond it the oldest are forgotten. */
const MOST_REMEMBERED = 100_000;

/**
 * Makes alerts of findings, in the order of the input. Identical events get ids of their own by counting how often
 * each has been seen, so the same bytes give the same ids whatever the number of threads.
 */
export class AlertMaker {
  readonly #library: RuleLibrary;
  readonly #seen = new Map<string, number>();

  constructor(library: RuleLibrary) {
    this.#library = library;
  }

  make(finding: Finding): Alert {
    const matches = finding.matches.map(({ rule: number, evidence }) => {
      const rule = this.#library.ruleOf(number);
      invariant(rule, `finding names rule ${number}, of ${this.#library.rules.length}`);
      return { rule, evidence, guide: this.#library.guideOf(number) };
    });
    return this.#build(finding, matches, this.#occurrence(finding));
  }

  /** The alert of a correlation that holds, on the event that came last in it. */
  makeCorrelated(finding: Finding, correlated: CorrelationMatch): Alert {
    const planned = this.#library.plan.correlations.find(({ number }) => number === correlated.correlation);
    invariant(planned, `no correlation ${correlated.correlation}`);
    const { rule, level, number } = planned;
    const match = {
      rule: { ...rule, level },
      evidence: [correlationEvidence(rule, correlated)],
      guide: this.#library.guideOf(number),
    };
    const titleOf = (of: number): string => this.#library.ruleOf(of)?.title ?? '';
    return this.#build(finding, [match], 0, alertCorrelation(rule, correlated, titleOf));
  }

  #build(finding: Finding, matches: AlertInput['matches'], occurrence: number, correlation?: AlertCorrelation): Alert {
    return buildAlert({
      matches,
      process: finding.process ?? undefined,
      kubectl: finding.intent ?? undefined,
      origin: finding.origin ?? undefined,
      shape: finding.shape,
      place: finding.place,
      time: finding.time,
      original: finding.original,
      record: finding.record,
      ruleSetHash: this.#library.hash,
      occurrence,
      ...(correlation === undefined ? {} : { correlation }),
      hash: sha256,
    });
  }

  #occurrence({ original, nth }: Finding): number {
    const key = sha256(`${nth}\n${'json' in original ? original.json : original.text}`);
    const count = this.#seen.get(key) ?? 0;
    this.#seen.delete(key);
    this.#seen.set(key, count + 1);
    if (this.#seen.size > MOST_REMEMBERED) {
      const [oldest] = this.#seen.keys();
      if (oldest !== undefined) this.#seen.delete(oldest);
    }
    return count;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
