import type { Alert } from '../alert/alert.ts';
import type { GuideTemplate, GuideValuePart } from '../alert/guide.ts';
import { constant } from './json-output.ts';
import type { JsonOutput } from './json-output.ts';

const BEGIN = constant(',"guide":"');
const END = constant('"');
const HALF_A_PAIR = /\p{Surrogate}/u;

/** The member `guide` of an alert as JSON text. What its author wrote is made JSON once for each guide. */
export class GuideTexts {
  readonly #texts = new WeakMap<GuideTemplate, GuideText>();

  write(out: JsonOutput, alert: Alert): void {
    const { guide } = alert;
    if (guide === undefined) return;
    let text = this.#texts.get(guide.template);
    if (text === undefined) this.#texts.set(guide.template, (text = new GuideText(guide.template)));
    out.bytes(BEGIN);
    const { length } = out;
    if (!text.write(out, alert)) {
      out.cut(length);
      out.inside(guide.text);
    }
    out.bytes(END);
  }
}

class GuideText {
  /** Text, or the number of a placeholder. */
  readonly #parts: readonly (Uint8Array | number)[];
  readonly #placeholders: readonly GuideValuePart[];
  /** Where each placeholder's value was first written for the alert at hand; -1: nowhere yet. */
  readonly #from: Int32Array;
  readonly #to: Int32Array;

  constructor({ parts }: GuideTemplate) {
    const placeholders = [...new Set(parts.filter((part) => typeof part !== 'string'))];
    this.#parts = parts.map((part) =>
      typeof part === 'string' ? constant(JSON.stringify(part).slice(1, -1)) : placeholders.indexOf(part),
    );
    this.#placeholders = placeholders;
    this.#from = new Int32Array(placeholders.length);
    this.#to = new Int32Array(placeholders.length);
  }

  /** `false`: two halves of a character may stand side by side, which are one that only the whole text shows. */
  write(out: JsonOutput, alert: Alert): boolean {
    this.#from.fill(-1);
    for (const part of this.#parts) {
      if (typeof part !== 'number') out.bytes(part);
      else if (!this.#value(out, alert, part)) return false;
    }
    return true;
  }

  #value(out: JsonOutput, alert: Alert, number: number): boolean {
    const from = this.#from[number] ?? -1;
    if (from !== -1) {
      out.again(from, this.#to[number] ?? from);
      return true;
    }
    const value = this.#placeholders[number]?.fill(alert) ?? '';
    this.#from[number] = out.length;
    if (!out.inside(value) && HALF_A_PAIR.test(value)) return false;
    this.#to[number] = out.length;
    return true;
  }
}
