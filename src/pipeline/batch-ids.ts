import type { Batch } from '../frame/batch.ts';
import { isIdByte, LONGEST_ID } from './needle.ts';

/** Ids of one batch; where there are more, they are not kept. */
const MOST_IDS = 32_768;
const FIRST_ROOM = 1024;

/** An id that is looked for in many batches. */
export interface SoughtId {
  readonly bytes: Buffer;
  readonly hash: number;
}

export function soughtId(id: string): SoughtId {
  const bytes = Buffer.from(id);
  return { bytes, hash: hashOf(bytes, 0, bytes.length) };
}

/**
 * Where in the records of a batch ids stand behind one text. The bytes are read once: whoever looks for many ids, most of which are not
 * there, would read them over and over.
 */
export class BatchIds {
  readonly #bytes: Buffer;
  /** First byte of each id, in order, and one past its last; of one that is too long, past more than the longest has. */
  readonly #places: Int32Array;
  readonly #ends: Int32Array;
  readonly #hashes: Int32Array;
  /** By place: the one before it with the same slot, or -1. By slot: the last place. */
  readonly #earlier: Int32Array;
  readonly #latest: Int32Array;

  /** `undefined`: there are too many. */
  static behind(before: string, batch: Batch): BatchIds | undefined {
    const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.length);
    const text = Buffer.from(before);
    let places = new Int32Array(FIRST_ROOM);
    let count = 0;
    for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1)) {
      if (count === MOST_IDS) return undefined;
      if (count === places.length) {
        const larger = new Int32Array(2 * count);
        larger.set(places);
        places = larger;
      }
      places[count++] = at + text.length;
    }
    return new BatchIds(bytes, places.subarray(0, count), batch.ends);
  }

  /** `recordEnds`: where no id goes on. */
  private constructor(bytes: Buffer, places: Int32Array, recordEnds: Uint32Array) {
    this.#bytes = bytes;
    this.#places = places;
    this.#ends = new Int32Array(places.length);
    this.#hashes = new Int32Array(places.length);
    this.#earlier = new Int32Array(places.length);
    this.#latest = new Int32Array(1 << (32 - Math.clz32(places.length))).fill(-1);
    let record = 0;
    places.forEach((place, i) => {
      while ((recordEnds[record] ?? Infinity) < place) record++;
      const end = idEnd(bytes, place, recordEnds[record] ?? place);
      const hash = hashOf(bytes, place, end);
      const slot = this.#slot(hash);
      this.#ends[i] = end;
      this.#hashes[i] = hash;
      this.#earlier[i] = this.#latest[slot] ?? -1;
      this.#latest[slot] = i;
    });
  }

  /** Looks for `id`, nearest first: gives the first byte of the last one that ends before a place, or -1. Places may only fall. */
  lookFor({ bytes: id, hash }: SoughtId): (before: number) => number {
    let at = this.#latest[this.#slot(hash)] ?? -1;
    return (before) => {
      while (at !== -1) {
        const place = this.#places[at] ?? 0;
        const end = this.#ends[at] ?? 0;
        const isSame = this.#hashes[at] === hash;
        at = this.#earlier[at] ?? -1;
        if (!isSame) continue;
        if (end <= before && end - place === id.length && id.compare(this.#bytes, place, end) === 0) return place;
      }
      return -1;
    };
  }

  #slot(hash: number): number {
    return hash & (this.#latest.length - 1);
  }
}

/** FNV-1a, its upper half in the lower too. */
function hashOf(bytes: Buffer, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return hash ^ (hash >>> 15);
}

function idEnd(bytes: Buffer, from: number, recordEnd: number): number {
  const most = Math.min(recordEnd, from + LONGEST_ID + 1);
  let end = from;
  while (end < most && isIdByte(bytes[end])) end++;
  return end;
}
