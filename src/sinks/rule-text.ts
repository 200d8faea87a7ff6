import type { AlertRule } from '../alert/alert.ts';
import type { RuleCard } from '../alert/rule-card.ts';
import type { Evidence } from '../engine/evidence.ts';
import { constant } from './json-output.ts';
import type { JsonOutput } from './json-output.ts';
import { jsonText } from './json-text.ts';

const BEGIN = constant(',"rules":[');
const NEXT = constant(',');
const END = constant(']');
/** Patterns that are kept for one rule. Most rules have fewer; what is beyond is written anew each time. */
const MOST_KEPT = 32;

/** What stands around the value of one piece of evidence. */
interface EvidenceText {
  readonly of: Evidence;
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** `rules` of an alert as JSON text. What does not depend on the event is made once for each rule. */
export class RuleTexts {
  readonly #texts = new WeakMap<RuleCard, RuleText>();

  write(out: JsonOutput, rules: readonly AlertRule[]): void {
    out.bytes(BEGIN);
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i];
      if (rule === undefined) continue;
      if (i > 0) out.bytes(NEXT);
      let text = this.#texts.get(rule.card);
      if (text === undefined) this.#texts.set(rule.card, (text = new RuleText(rule.card)));
      text.write(out, rule.evidence);
    }
    out.bytes(END);
  }
}

class RuleText {
  readonly #head: Uint8Array;
  readonly #tail: Uint8Array;
  readonly #kept: EvidenceText[] = [];

  constructor({ id, title, level, tags, references, falsepositives }: RuleCard) {
    this.#head = constant(`${jsonText({ id, title, level, tags }).slice(0, -1)},"evidence":[`);
    const more = jsonText({ references, falsepositives });
    this.#tail = constant(more === '{}' ? ']}' : `],${more.slice(1)}`);
  }

  write(out: JsonOutput, evidence: readonly Evidence[]): void {
    out.bytes(this.#head);
    for (let i = 0; i < evidence.length; i++) {
      const one = evidence[i];
      if (one === undefined) continue;
      if (i > 0) out.bytes(NEXT);
      const { head, tail } = this.#around(one);
      out.bytes(head);
      out.stringOrNull(one.value);
      out.bytes(tail);
    }
    out.bytes(this.#tail);
  }

  #around(evidence: Evidence): EvidenceText {
    const { selection, field, pattern } = evidence;
    for (const kept of this.#kept) {
      const { of } = kept;
      if (of.pattern === pattern && of.field === field && of.selection === selection) return kept;
    }
    const head = constant(`${jsonText({ selection, field }).slice(0, -1)},"value":`);
    const made = {
      of: { selection, field, pattern, value: null },
      head,
      tail: constant(`,${jsonText({ pattern }).slice(1)}`),
    };
    if (this.#kept.length < MOST_KEPT) this.#kept.push(made);
    return made;
  }
}
