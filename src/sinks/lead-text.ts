import type { Alert, Severity } from '../alert/alert.ts';
import type { RuleCard } from '../alert/rule-card.ts';
import { riskScore } from '../alert/severity.ts';
import { constant } from './json-output.ts';
import type { JsonOutput } from './json-output.ts';
import { jsonText } from './json-text.ts';

const END = constant('"');
const HALF_A_PAIR = /\p{Surrogate}/u;

/** What alerts that a rule leads begin with. */
interface LeadText {
  /** Up to the rule's title. */
  readonly head: Uint8Array;
  /** With the rule's title, and no quote behind it: a title may go on. */
  readonly whole: Uint8Array;
  /** May the rest of a title be written by itself? Two halves of a character must not come apart. */
  readonly isWellFormed: boolean;
}

/** `severity`, `risk_score` and `title` of an alert as JSON text. What does not depend on the event is made once for each rule. */
export class LeadTexts {
  readonly #texts = new WeakMap<RuleCard, LeadText>();

  write(out: JsonOutput, { severity, title, rules }: Pick<Alert, 'severity' | 'title' | 'rules'>): void {
    const card = rules[0]?.card;
    if (card === undefined) {
      out.bytes(headOf(severity));
      out.string(title);
      return;
    }
    const { head, whole, isWellFormed } = this.#of(card);
    if (title === card.title) {
      out.bytes(whole);
      out.bytes(END);
    } else if (isWellFormed && title.startsWith(card.title)) {
      out.bytes(whole);
      out.inside(title.slice(card.title.length));
      out.bytes(END);
    } else {
      out.bytes(head);
      out.string(title);
    }
  }

  #of(card: RuleCard): LeadText {
    let text = this.#texts.get(card);
    if (text === undefined) {
      const head = headOf(card.level);
      const whole = Buffer.concat([head, constant(jsonText(card.title).slice(0, -1))]);
      this.#texts.set(card, (text = { head, whole, isWellFormed: !HALF_A_PAIR.test(card.title) }));
    }
    return text;
  }
}

function headOf(severity: Severity): Uint8Array {
  return constant(`,"severity":"${severity}","risk_score":${riskScore(severity)},"title":`);
}
