import type { HeldBytes } from './held-bytes.ts';
import { SourceError } from './source-error.ts';

/** RFC 8878, 3.1.1: magic number of a frame, and of the sixteen kinds of skippable frame. */
const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;

/**
 * Splits zstd data at frame borders (RFC 8878, 3.1). Use: `while (await frames.next()) for await (… of frames.bytes())`.
 * Skippable frames are passed over.
 */
export class ZstdFrames {
  readonly #input: HeldBytes;

  constructor(input: HeldBytes) {
    this.#input = input;
  }

  static isMagic(head: Uint8Array): boolean {
    if (head.length < 4) return false;
    const magic = new DataView(head.buffer, head.byteOffset, 4).getUint32(0, true);
    return magic === MAGIC || (magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC;
  }

  /** Is there a further frame? Its bytes must be drawn before the next call. */
  async next(): Promise<boolean> {
    for (;;) {
      if (!(await this.#input.fill(4))) {
        if (this.#input.held.length > 0) throw cut();
        return false;
      }
      if (!ZstdFrames.isMagic(this.#input.held)) {
        throw new SourceError(
          'input-corrupt',
          'the zstd data are followed by bytes that begin no zstd frame; what precedes has been read',
        );
      }
      if (this.#input.uint(0, 4) === MAGIC) return true;
      if (!(await this.#input.fill(8))) throw cut();
      if (!(await this.#input.skip(8 + this.#input.uint(4, 4)))) throw cut();
    }
  }

  /** The bytes of the frame that `next` announced. Cut input ends it early: the decoder says so. */
  async *bytes(): AsyncGenerator<Uint8Array> {
    if (!(await this.#input.fill(5))) {
      yield* this.#remains();
      return;
    }
    const descriptor = this.#input.held[4] ?? 0;
    const single = (descriptor & 0x20) !== 0;
    const dictionaryId = [0, 1, 2, 4][descriptor & 3] ?? 0;
    const contentSize = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
    const header = 5 + (single ? 0 : 1) + dictionaryId + contentSize;
    if (!(await this.#input.fill(header))) {
      yield* this.#remains();
      return;
    }
    yield this.#input.take(header);
    for (let last = false; !last;) {
      if (!(await this.#input.fill(3))) {
        yield* this.#remains();
        return;
      }
      const block = this.#input.uint(0, 3);
      last = (block & 1) === 1;
      const isRunLength = ((block >> 1) & 3) === 1;
      let left = 3 + (isRunLength ? 1 : block >>> 3);
      while (left > 0) {
        if (this.#input.held.length === 0 && !(await this.#input.fill(1))) return;
        const part = this.#input.take(left);
        left -= part.length;
        yield part;
      }
    }
    if ((descriptor & 4) !== 0) {
      if (await this.#input.fill(4)) yield this.#input.take(4);
      else yield* this.#remains();
    }
  }

  *#remains(): Generator<Uint8Array> {
    if (this.#input.held.length > 0) yield this.#input.take(this.#input.held.length);
  }
}

function cut(): SourceError {
  return new SourceError('input-cut', 'the zstd data stop early, between two frames; what was there has been read');
}
