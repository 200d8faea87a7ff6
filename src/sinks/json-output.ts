import { isHyphenBefore, UUID_BYTES, uuidByte } from '../alert/uuid.ts';
import { lengthOf, unitAt } from '../base/text-units.ts';
import { jsonText } from './json-text.ts';

/** So much is worth writing at once. */
export const CHUNK_BYTES = 64 * 1024;
/** Room for a chunk and the alert that fills it. A larger one gets more, for once. */
const ROOM_BYTES = 2 * CHUNK_BYTES;
/** Chunks kept for later. A stream gives them back several at a time. */
const MOST_SPARE = 8;
/** Up to here a string is written letter by letter; the machine's own code costs as much to call as that takes. */
const SHORT = 28;
/** So many bytes are copied one by one faster than by calling for it. */
const FEW = 16;
/** Beyond it, and where much is to be escaped, `JSON.stringify` is fastest. */
const LONG = 256;
/** Bytes of UTF-8 that one unit of UTF-16 takes at most. */
const MOST_PER_UNIT = 3;
/** Longer texts are written piece by piece: strings as long as they are, made on the way, are work for the garbage collector. */
const PIECE_UNITS = 16 * 1024;

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const COLON = 58;
const OPEN = 123;
const CLOSE = 125;
const FIRST_PRINTABLE = 32;
const FIRST_BEYOND_ASCII = 128;
const ZERO = 48;
const HYPHEN = 45;
/** Bytes that a UUID takes with its quotes. */
const UUID_SPACE = 38;
/** Whole numbers below it are written digit by digit. */
const SMALL = 1e9;

/** Text that is the same on every alert, as bytes. */
export function constant(text: string): Uint8Array {
  return Buffer.from(text);
}

const HEX_DIGITS = constant('0123456789abcdef');
const NULL = constant('null');
const TRUE = constant('true');
const FALSE = constant('false');

/**
 * Text on its way out, most of it JSON, as bytes of UTF-8 in chunks that are used again. JSON comes out as `JSON.stringify`
 * writes it, letter by letter.
 */
export class JsonOutput {
  #bytes: Buffer = Buffer.allocUnsafeSlow(ROOM_BYTES);
  #length = 0;
  readonly #spare: Buffer[] = [];

  /** Bytes written since the last `take`. */
  get length(): number {
    return this.#length;
  }

  /** What was written, which is the caller's until it is given back. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = this.#spare.pop() ?? Buffer.allocUnsafeSlow(ROOM_BYTES);
    this.#length = 0;
    return taken;
  }

  /** A chunk that was taken is needed no more. */
  giveBack({ buffer }: Buffer): void {
    if (buffer.byteLength === ROOM_BYTES && this.#spare.length < MOST_SPARE) this.#spare.push(Buffer.from(buffer));
  }

  /** Forgets all but the first `length` bytes. */
  cut(length: number): void {
    this.#length = length;
  }

  /** As it is. */
  bytes(bytes: Uint8Array): void {
    const { length } = bytes;
    this.#reserve(length);
    if (length > FEW) this.#bytes.set(bytes, this.#length);
    else {
      const to = this.#bytes;
      const at = this.#length;
      for (let i = 0; i < length; i++) to[at + i] = bytes[i] ?? 0;
    }
    this.#length += length;
  }

  /** What was written from one length to another, once more. */
  again(from: number, to: number): void {
    this.#reserve(to - from);
    this.#bytes.copyWithin(this.#length, from, to);
    this.#length += to - from;
  }

  /** As it is; half a surrogate pair becomes U+FFFD. */
  text(text: string): void {
    for (let from = 0; from < text.length;) {
      const to = pieceEnd(text, from);
      this.#reserve((to - from) * MOST_PER_UNIT);
      this.#length += this.#bytes.write(from === 0 && to === text.length ? text : text.slice(from, to), this.#length);
      from = to;
    }
  }

  /** A string with its quotes. */
  string(value: string): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = QUOTE;
    this.inside(value);
    this.#reserve(1);
    this.#bytes[this.#length++] = QUOTE;
  }

  /** What stands between the quotes of a string. `false`: there may be halves of surrogate pairs in it. */
  inside(value: string): boolean {
    const length = lengthOf(value);
    if (length > SHORT) return length <= LONG && this.#asIs(value) ? true : this.#long(value);
    this.#reserve(2 * length);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < length; i++) {
      const code = unitAt(value, i);
      if (code < FIRST_PRINTABLE || code >= FIRST_BEYOND_ASCII) return this.#long(value);
      if (code === QUOTE || code === BACKSLASH) bytes[at++] = BACKSLASH;
      bytes[at++] = code;
    }
    this.#length = at;
    return true;
  }

  /** Writes it if it is ASCII that needs no escapes: bytes are looked through faster than a string. */
  #asIs(value: string): boolean {
    this.#reserve(lengthOf(value) * MOST_PER_UNIT);
    const bytes = this.#bytes;
    const from = this.#length;
    const length = lengthOf(value);
    if (bytes.write(value, from) !== length) return false;
    const end = from + length;
    for (let at = from; at < end; at++) {
      const code = bytes[at] ?? 0;
      if (code < FIRST_PRINTABLE || code === QUOTE || code === BACKSLASH) return false;
    }
    this.#length = end;
    return true;
  }

  #long(value: string): boolean {
    for (let from = 0; from < value.length;) {
      const to = pieceEnd(value, from);
      this.text(JSON.stringify(value.slice(from, to)).slice(1, -1));
      from = to;
    }
    return false;
  }

  /** The UUID of a hash, with its quotes. */
  uuid(digest: string): void {
    this.#reserve(UUID_SPACE);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = QUOTE;
    for (let i = 0; i < UUID_BYTES; i++) {
      const byte = uuidByte(digest, i);
      if (isHyphenBefore(i)) bytes[at++] = HYPHEN;
      bytes[at++] = HEX_DIGITS[byte >> 4] ?? 0;
      bytes[at++] = HEX_DIGITS[byte & 15] ?? 0;
    }
    bytes[at++] = QUOTE;
    this.#length = at;
  }

  number(value: number): void {
    if (!(value >= 0 && value < SMALL && Number.isInteger(value))) {
      this.text(Number.isFinite(value) ? String(value) : 'null');
      return;
    }
    let digits = 1;
    for (let power = 10; power <= value; power *= 10) digits++;
    this.#reserve(digits);
    this.#length += digits;
    let left = value;
    for (let at = this.#length - 1; digits > 0; at--, digits--) {
      const before = (left / 10) | 0;
      this.#bytes[at] = ZERO + left - before * 10;
      left = before;
    }
  }

  boolean(value: boolean): void {
    this.bytes(value ? TRUE : FALSE);
  }

  stringOrNull(value: string | null): void {
    if (value === null) this.bytes(NULL);
    else this.string(value);
  }

  strings(values: readonly string[]): void {
    this.#reserve(2);
    this.#bytes[this.#length++] = OPEN_LIST;
    for (let i = 0; i < values.length; i++) {
      if (i > 0) this.#unit(COMMA);
      this.string(values[i] ?? '');
    }
    this.#unit(CLOSE_LIST);
  }

  /** Plain data: what is absent is left out, or null in a list; a `bigint` is text. */
  plain(value: unknown): void {
    if (typeof value === 'string') this.string(value);
    else if (typeof value === 'number') this.number(value);
    else if (typeof value === 'boolean') this.boolean(value);
    else if (value === null) this.bytes(NULL);
    else if (typeof value !== 'object') this.text(jsonText(value));
    else if (Array.isArray(value)) this.#list(value);
    else this.#object(value);
  }

  #list(values: readonly unknown[]): void {
    this.#unit(OPEN_LIST);
    for (let i = 0; i < values.length; i++) {
      if (i > 0) this.#unit(COMMA);
      this.plain(values[i]);
    }
    this.#unit(CLOSE_LIST);
  }

  #object(value: object): void {
    this.#unit(OPEN);
    let isFirst = true;
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue;
      if (!isFirst) this.#unit(COMMA);
      isFirst = false;
      this.string(key);
      this.#unit(COLON);
      this.plain(member);
    }
    this.#unit(CLOSE);
  }

  /** The name of a member, as `constant(',"name":')` or, for a member that is an object, `constant(',"name":{')`. */
  member(name: Uint8Array): void {
    const last = this.#length - 1;
    if (this.#bytes[last] !== OPEN) {
      this.bytes(name);
      return;
    }
    // The first one of its object: its comma goes where the brace stands, and the brace is put back.
    this.#reserve(name.length);
    this.#bytes.set(name, last);
    this.#bytes[last] = OPEN;
    this.#length = last + name.length;
  }

  /** Ends an object; one without members is taken back to `before`, the length before its name. */
  close(before: number): void {
    if (this.#bytes[this.#length - 1] === OPEN) this.#length = before;
    else this.#unit(CLOSE);
  }

  #unit(code: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = code;
  }

  #reserve(more: number): void {
    if (this.#length + more > this.#bytes.length) this.#grow(this.#length + more);
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, needed));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Where a piece of the text that begins at `from` ends: the two halves of a character stay together. */
function pieceEnd(text: string, from: number): number {
  const to = from + PIECE_UNITS;
  if (to >= text.length) return text.length;
  return (text.charCodeAt(to - 1) & 0xfc00) === 0xd800 ? to - 1 : to;
}
