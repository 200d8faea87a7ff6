import type { Alert } from '../alert/alert.ts';
import type { GuideTemplate, Placeholder } from '../alert/guide.ts';
import { constant } from './json-output.ts';
import type { JsonOutput } from './json-output.ts';

const BEGIN = constant(',"guide":"');
const END = constant('"');
const HALF_A_PAIR = /\p{Surrogate}/u;

/** The member `guide` of an alert as JSON text. What its author wrote is made JSON once for each guide. */
export class GuideTexts {
  readonly #parts = new WeakMap<GuideTemplate, readonly (Uint8Array | Placeholder)[]>();

  write(out: JsonOutput, alert: Alert): void {
    const { guide } = alert;
    if (guide === undefined) return;
    out.bytes(BEGIN);
    const { length } = out;
    for (const part of this.#partsOf(guide.template)) {
      if (part instanceof Uint8Array) {
        out.bytes(part);
        continue;
      }
      const value = part.fill(alert);
      if (out.inside(value) || !HALF_A_PAIR.test(value)) continue;
      // Two halves that come to stand side by side are one character, which only the whole text shows.
      out.cut(length);
      out.inside(guide.text);
      break;
    }
    out.bytes(END);
  }

  #partsOf(template: GuideTemplate): readonly (Uint8Array | Placeholder)[] {
    let parts = this.#parts.get(template);
    if (parts === undefined) {
      parts = template.parts.map((part) =>
        typeof part === 'string' ? constant(JSON.stringify(part).slice(1, -1)) : part,
      );
      this.#parts.set(template, parts);
    }
    return parts;
  }
}
