import type { AlertRule } from '../alert/alert.ts';
import type { RuleCard } from '../alert/rule-card.ts';
import { ecsThreat } from '../alert/threat.ts';
import { constant } from './json-output.ts';
import { jsonText } from './json-text.ts';

/** Beginnings of lists of rules that are kept; when there are more, all are forgotten. */
const MOST_KEPT = 4096;

/** Rules of an alert up to one of them. */
interface Beginning {
  readonly next: Map<RuleCard, Beginning>;
  /** Of the alert with just these rules. */
  text: Uint8Array | undefined;
}

/** The member `threat` of an alert, which depends on its rules alone; made once for each list of rules. */
export class ThreatTexts {
  #root: Beginning = { next: new Map(), text: undefined };
  #kept = 0;

  /** With its comma; empty where no rule names a tactic or technique. */
  of(rules: readonly AlertRule[]): Uint8Array {
    let found = this.#root;
    for (const { card } of rules) found = found.next.get(card) ?? this.#add(found, card);
    return (found.text ??= textOf(rules));
  }

  #add(before: Beginning, card: RuleCard): Beginning {
    if (++this.#kept > MOST_KEPT) {
      this.#root = { next: new Map(), text: undefined };
      this.#kept = 0;
    }
    const added: Beginning = { next: new Map(), text: undefined };
    before.next.set(card, added);
    return added;
  }
}

function textOf(rules: readonly AlertRule[]): Uint8Array {
  const threat = ecsThreat(rules);
  return constant(Object.keys(threat).length === 0 ? '' : `,"threat":${jsonText(threat)}`);
}
