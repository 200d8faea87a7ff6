import { nativeBuffers } from './native-buffer.ts';
import type { NativeBuffer } from './native-buffer.ts';
import { lengthOf, unitAt } from './text-units.ts';

/** So many units of a plain array are handed on as arguments at once. */
const MOST_ARGUMENTS = 4096;
const plain = Array.from({ length: MOST_ARGUMENTS }, () => 0);
/** Up to here calling for native code takes longer than doing without. */
const SHORT = 48;

/** UTF-16 units of a text in memory, to be looked at and changed, and made a text again. Halves of pairs stay what they are. */
export class UnitBuffer {
  readonly units: Uint16Array<ArrayBuffer>;
  /** Absent where there is no such thing, as in a browser, and where its order of bytes is not that of the machine. */
  readonly #native: NativeBuffer | undefined;

  /** Room for `size` units. `isPlain`: does without what only Node has. */
  constructor(size: number, isPlain = false) {
    this.units = new Uint16Array(size);
    const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
    if (isLittleEndian && !isPlain) this.#native = nativeBuffers?.from(this.units.buffer);
  }

  /** Takes the units of `text`, which has no more than there is room for; gives how many. */
  load(text: string): number {
    const length = lengthOf(text);
    if (length > SHORT && this.#native !== undefined) return this.#native.write(text, 'utf16le') >> 1;
    for (let i = 0; i < length; i++) this.units[i] = unitAt(text, i);
    return length;
  }

  /** The text of the first `length` units. */
  text(length: number): string {
    if (length <= SHORT) return this.#part(0, length);
    if (this.#native !== undefined) return this.#native.toString('utf16le', 0, 2 * length);
    let text = '';
    for (let from = 0; from < length; from += MOST_ARGUMENTS)
      text += this.#part(from, Math.min(length, from + MOST_ARGUMENTS));
    return text;
  }

  #part(from: number, to: number): string {
    // Made of an array of 16-bit numbers it would take twice as long.
    const { units } = this;
    for (let i = from; i < to; i++) plain[i - from] = units[i] ?? 0;
    return String.fromCharCode(...plain.slice(0, to - from));
  }
}
