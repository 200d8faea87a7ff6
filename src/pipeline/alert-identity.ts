import { createHash, hash } from 'node:crypto';

import type { Alert } from '../alert/alert.ts';

/** Longer texts are hashed piece by piece. */
const BUFFER_BYTES = 256 * 1024;
/** Bytes of UTF-8 that one unit of UTF-16 takes at most. */
const MOST_PER_UNIT = 3;

/**
 * What tells an alert from others: the rules, which of several alerts on the same text it is, and the text of the event, as
 * SHA-256, a character for each byte. Ids of alerts are made of it, so it must never change.
 */
export class AlertIdentity {
  readonly #rules: string;
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  /** Bytes at the beginning of the buffer that are the same for every event that is the first of its kind. */
  readonly #firstPrefix: number;

  /** `rules`: the hash of the rule library. */
  constructor(rules: string) {
    this.#rules = rules;
    this.#firstPrefix = this.#buffer.write(this.#prefix('0'));
  }

  /** Of the first event with this text. */
  first(original: Alert['event']['original']): string {
    const text = textOf(original);
    if (this.#firstPrefix + text.length * MOST_PER_UNIT > BUFFER_BYTES) return this.of('0', original);
    const end = this.#firstPrefix + this.#buffer.write(text, this.#firstPrefix);
    return hash('sha256', this.#buffer.subarray(0, end), 'binary');
  }

  of(which: string, original: Alert['event']['original']): string {
    return createHash('sha256').update(this.#prefix(which)).update(textOf(original)).digest('binary');
  }

  #prefix(which: string): string {
    return `${this.#rules}\n${which}\n`;
  }
}

function textOf(original: Alert['event']['original']): string {
  return 'json' in original ? original.json : original.text;
}
