import type { Alert, AlertCorrelation } from '../alert/alert.ts';
import { buildAlert } from '../alert/build-alert.ts';
import type { AlertInput } from '../alert/build-alert.ts';
import type { RuleCard } from '../alert/rule-card.ts';
import { invariant } from '../base/invariant.ts';
import type { CorrelationMatch } from '../correlate/observation.ts';
import { AlertIdentity, repeatIdentity } from './alert-identity.ts';
import { alertCorrelation, correlationEvidence } from './correlation-alert.ts';
import type { Finding } from './finding.ts';
import type { RuleLibrary } from './rule-library.ts';
import { SeenCounts } from './seen-counts.ts';

/**
 * Makes alerts of findings, in the order of the input. Identical events get ids of their own by counting how often
 * each has been seen, so the same bytes give the same ids whatever the number of threads.
 */
export class AlertMaker {
  readonly #library: RuleLibrary;
  readonly #identity: AlertIdentity;
  readonly #seen = new SeenCounts();

  constructor(library: RuleLibrary) {
    this.#library = library;
    this.#identity = new AlertIdentity(library.hash);
  }

  make(finding: Finding): Alert {
    return this.#buildMatched(finding, this.identityOf(this.#firstIdentity(finding)));
  }

  /** The alert as it is if no such event came before. */
  makeFirst(finding: Finding): Alert {
    return this.#buildMatched(finding, this.#firstIdentity(finding));
  }

  /** The identity of an alert, whose event is counted, from the one that it has if no such event came before. */
  identityOf(first: string): string {
    const before = this.#seen.count(first);
    return before === 0 ? first : repeatIdentity(first, before);
  }

  /** The alert of a correlation that holds, on the event that came last in it. */
  makeCorrelated(finding: Finding, correlated: CorrelationMatch): Alert {
    const planned = this.#library.plan.correlations.find(({ number }) => number === correlated.correlation);
    invariant(planned, `no correlation ${correlated.correlation}`);
    const card = this.#cardOf(planned.number);
    const match = { card, evidence: [correlationEvidence(planned.rule, correlated)] };
    const titleOf = (of: number): string => this.#library.ruleOf(of)?.title ?? '';
    const correlation = alertCorrelation(planned.rule, correlated, titleOf);
    const which = JSON.stringify([card.id, correlation.group, correlation.first, correlation.last, correlation.count]);
    return this.#build(finding, [match], this.#identity.of(which, finding.original), correlation);
  }

  #firstIdentity({ nth, original }: Finding): string {
    return nth === 0 ? this.#identity.first(original) : this.#identity.of(`0/${nth}`, original);
  }

  #buildMatched(finding: Finding, identity: string): Alert {
    const matches = finding.matches.map(({ rule, evidence }) => ({ card: this.#cardOf(rule), evidence }));
    return this.#build(finding, matches, identity, undefined);
  }

  #build(
    finding: Finding,
    matches: AlertInput['matches'],
    identity: string,
    correlation: AlertCorrelation | undefined,
  ): Alert {
    return buildAlert({
      matches,
      process: finding.process ?? undefined,
      kubectl: finding.intent ?? undefined,
      origin: finding.origin ?? undefined,
      shape: finding.shape,
      place: finding.place,
      time: finding.time,
      original: finding.original,
      identity,
      correlation,
    });
  }

  #cardOf(number: number): RuleCard {
    const card = this.#library.cardOf(number);
    invariant(card, `finding names rule ${number}, of ${this.#library.rules.length}`);
    return card;
  }
}
