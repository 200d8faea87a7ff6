/** Something in a record that is not as the format says, at a byte of its chunk. */
export class EvtxError extends Error {
  override readonly name = 'EvtxError';
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Reads little-endian values of a stretch of a chunk; every read is checked against its end. */
export class Cursor {
  readonly #view: DataView;
  readonly #end: number;
  at: number;

  constructor(view: DataView, start: number, end: number) {
    this.#view = view;
    this.at = start;
    this.#end = Math.min(end, view.byteLength);
    if (start < 0 || start > this.#end) throw new EvtxError(`an offset of ${start} lies outside`, start);
  }

  get left(): number {
    return this.#end - this.at;
  }

  get view(): DataView {
    return this.#view;
  }

  /** The place of the next `count` bytes, which are passed over. */
  take(count: number): number {
    const { at } = this;
    if (count < 0 || at + count > this.#end) throw new EvtxError(`${count} bytes wanted, ${this.left} left`, at);
    this.at = at + count;
    return at;
  }

  u8(): number {
    return this.#view.getUint8(this.take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.take(4), true);
  }

  utf16(units: number): string {
    return utf16(this.#view, this.take(2 * units), units);
  }
}

export function utf16(view: DataView, at: number, units: number): string {
  let text = '';
  for (let i = 0; i < units; i++) text += String.fromCharCode(view.getUint16(at + 2 * i, true));
  return text;
}
