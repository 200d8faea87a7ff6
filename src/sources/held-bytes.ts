/** Bytes that come in chunks, looked at before they are taken, and given back where too many were taken. */
export class HeldBytes implements AsyncIterable<Uint8Array> {
  readonly #input: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);
  #hasEnded = false;
  /** Memory of what was held and given out last: it is nobody else's. */
  #own: ArrayBufferLike | undefined;

  constructor(input: AsyncIterable<Uint8Array>) {
    this.#input = input[Symbol.asyncIterator]();
  }

  /** What is there without waiting: at least as much as the last `fill` has promised. */
  get held(): Uint8Array {
    return this.#held;
  }

  /** Waits until so many bytes are held; `false`: the input ends before. */
  async fill(count: number): Promise<boolean> {
    while (this.#held.length < count) {
      if (this.#hasEnded) return false;
      const next = await this.#input.next();
      if (next.done) {
        this.#hasEnded = true;
        return false;
      }
      // The memory of a chunk is used again when the next is asked for.
      this.#held = this.#held.length === 0 ? next.value.slice() : Buffer.concat([this.#held, next.value]);
    }
    return true;
  }

  /** Takes the first `count` of the bytes held, or all there are. */
  take(count: number): Uint8Array {
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  /** Little-endian, of at most 4 of the bytes held. */
  uint(at: number, size: number): number {
    let value = 0;
    for (let i = size - 1; i >= 0; i--) value = value * 256 + (this.#held[at + i] ?? 0);
    return value;
  }

  /** Passes over `count` bytes; `false`: the input ends before. */
  async skip(count: number): Promise<boolean> {
    for (let left = count; left > 0;) {
      if (this.#held.length === 0 && !(await this.fill(1))) return false;
      left -= this.take(left).length;
    }
    return true;
  }

  /** Bytes of the chunk that came last, which were not used. */
  giveBack(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    // Of many small members each gives back nearly all: they must not be copied each time.
    if (this.#held.length > 0) this.#held = Buffer.concat([bytes, this.#held]);
    else this.#held = bytes.buffer === this.#own ? bytes : bytes.slice();
  }

  /** What is held, else the next chunk as it comes, good until the next call; `undefined`: the input has ended. */
  async next(): Promise<Uint8Array | undefined> {
    if (this.#held.length > 0) {
      this.#own = this.#held.buffer;
      return this.take(this.#held.length);
    }
    this.#own = undefined;
    if (this.#hasEnded) return undefined;
    const next = await this.#input.next();
    this.#hasEnded = next.done === true;
    return next.done ? undefined : next.value;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (let chunk = await this.next(); chunk !== undefined; chunk = await this.next()) yield chunk;
  }

  /** No more is wanted. */
  async close(): Promise<void> {
    await this.#input.return?.();
  }
}
