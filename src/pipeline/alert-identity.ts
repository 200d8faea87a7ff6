import { createHash, hash } from 'node:crypto';

import type { Alert } from '../alert/alert.ts';

/** Longer texts are hashed piece by piece. */
const BUFFER_BYTES = 256 * 1024;
/** Where the text begins. What comes before it in the hash ends here; where that does not fit, all is hashed piece by piece. */
const TEXT_AT = 256;
/** Bytes of UTF-8 that one unit of UTF-16 takes at most. */
const MOST_PER_UNIT = 3;
const FIRST_BEYOND_ASCII = 128;
const LINE_FEED = 10;

/**
 * What tells an alert from others: the rules, which of several alerts on the same text it is, and the text of the event, as
 * SHA-256, a character for each byte. Ids of alerts are made of it, so it must never change.
 */
export class AlertIdentity {
  readonly #rules: Uint8Array;
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  /** What was put before the text last, and where it begins. */
  #which: string | undefined;
  #from = TEXT_AT;
  /** The text that is in the buffer, and where it ends. */
  #text: string | undefined;
  #end = TEXT_AT;

  /** `rules`: the hash of the rule library. */
  constructor(rules: string) {
    this.#rules = Buffer.from(`${rules}\n`);
  }

  /** Of the first event with this text. */
  first(original: Alert['event']['original']): string {
    return this.of('0', original);
  }

  of(which: string, original: Alert['event']['original']): string {
    const text = textOf(original);
    if (!this.#hasText(text) || !this.#hasPrefix(which))
      return createHash('sha256').update(this.#rules).update(`${which}\n`).update(text).digest('binary');
    return hash('sha256', this.#buffer.subarray(this.#from, this.#end), 'binary');
  }

  /** Is the text in the buffer now? A repeat asks for the same text twice. */
  #hasText(text: string): boolean {
    if (text === this.#text) return true;
    if (TEXT_AT + text.length * MOST_PER_UNIT > BUFFER_BYTES) return false;
    this.#end = TEXT_AT + this.#buffer.write(text, TEXT_AT);
    this.#text = text;
    return true;
  }

  #hasPrefix(which: string): boolean {
    if (which === this.#which) return true;
    const at = TEXT_AT - 1 - which.length;
    const from = at - this.#rules.length;
    this.#which = undefined;
    if (from < 0) return false;
    this.#buffer.set(this.#rules, from);
    for (let i = 0; i < which.length; i++) {
      const code = which.charCodeAt(i);
      if (code >= FIRST_BEYOND_ASCII) return false;
      this.#buffer[at + i] = code;
    }
    this.#buffer[TEXT_AT - 1] = LINE_FEED;
    this.#from = from;
    this.#which = which;
    return true;
  }
}

/** Bytes of an identity that ids are made of; as many follow. */
const ID_BYTES = 16;
const repeated = Buffer.allocUnsafeSlow(ID_BYTES);

/**
 * What tells the event that comes again from those before it: the first half of its identity and `before` times the second,
 * as numbers of 128 bits. Its text need not be hashed again, and to make one such number meet another is as hard as it is
 * for hashes of texts.
 *
 * `before`: how often it was met, below 2^40.
 */
export function repeatIdentity(identity: string, before: number): string {
  let carry = 0;
  for (let at = ID_BYTES - 1; at >= 0; at--) {
    const sum = identity.charCodeAt(at) + before * identity.charCodeAt(at + ID_BYTES) + carry;
    carry = Math.floor(sum / 256);
    repeated[at] = sum - carry * 256;
  }
  return repeated.toString('latin1');
}

function textOf(original: Alert['event']['original']): string {
  return 'json' in original ? original.json : original.text;
}
