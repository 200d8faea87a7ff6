import { createHash } from 'node:crypto';

import type { Alert } from '../alert/alert.ts';
import { buildAlert } from '../alert/build-alert.ts';
import { invariant } from '../base/invariant.ts';
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
      const rule = this.#library.rules[number];
      invariant(rule, `finding names rule ${number}, of ${this.#library.rules.length}`);
      return { rule, evidence, guide: this.#library.guideOf(rule) };
    });
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
      occurrence: this.#occurrence(finding),
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
