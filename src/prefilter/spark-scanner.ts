import type { Sign } from '../base/sign.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { sparkTables } from './spark-table.ts';

/** Lines of one block that may hold sparks; where there are more, all of its lines are taken. */
const MOST_HITS = 16_384;
const ALIGNED = 64;

const MARK_XML = 1;
const MARK_AUDIT = 2;

/** What a run of bytes holds. */
export interface Sparks {
  /** One place in each line that holds a spark, in order of place; `undefined`: too many lines do. */
  readonly places: readonly number[] | undefined;
  /** There are audit records, whose lines belong together. */
  readonly hasAudit: boolean;
}

/** Finds sparks in the memory of a kernel. */
export class SparkScanner {
  readonly #kernel: Kernel;
  readonly #literals: number;
  readonly #plain: number;
  readonly #quoted: number;
  readonly #xml: number;
  readonly #audit: number;
  /** A table that nothing passes. */
  readonly #nothing: number;
  readonly #hits: number;
  /** One past the memory that the scanner uses. */
  readonly end: number;

  /** `at`: where the scanner may put its tables and results. */
  constructor(kernel: Kernel, signs: readonly Sign[], at: number) {
    this.#kernel = kernel;
    let next = at;
    const memory = new Uint8Array(kernel.memory.buffer);
    const put = (bytes: Uint8Array): number => {
      const place = next;
      memory.set(bytes, place);
      next = Math.ceil((place + bytes.length) / ALIGNED) * ALIGNED;
      return place;
    };
    const tables = sparkTables(signs);
    this.#literals = put(tables.literals);
    this.#plain = put(tables.plain);
    this.#quoted = put(tables.quoted);
    this.#xml = put(tables.xml);
    this.#audit = put(tables.audit);
    this.#nothing = put(new Uint8Array(160));
    this.#hits = next;
    this.end = next + 4 * MOST_HITS;
  }

  /** Sparks of the lines in [from, to), addresses in the kernel's memory. */
  scan(from: number, to: number): Sparks {
    const { functions } = this.#kernel;
    let places: Set<number> | undefined = new Set<number>();
    const look = (table: number, quoted: number): void => {
      const count = functions.findSparks(from, to, table, quoted, this.#literals, this.#hits, MOST_HITS);
      if (count > MOST_HITS) places = undefined;
      else if (count > 0)
        for (const place of new Uint32Array(this.#kernel.memory.buffer, this.#hits, count)) places?.add(place);
    };
    look(this.#plain, this.#quoted);
    const marks = functions.sparkMarks();
    if ((marks & MARK_XML) !== 0) look(this.#nothing, this.#xml);
    if ((marks & MARK_AUDIT) !== 0) look(this.#audit, this.#nothing);
    return { places: places && [...places].sort((a, b) => a - b), hasAudit: (marks & MARK_AUDIT) !== 0 };
  }
}
