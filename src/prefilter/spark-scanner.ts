import type { Kernel } from '../kernel/kernel.ts';
import type { RequiredSigns } from './required-signs.ts';
import { sparkTables, TABLE_BYTES } from './spark-table.ts';
import type { NeededSign, SparkTables } from './spark-table.ts';

/** Lines of one block that may hold sparks; where there are more, all of its lines are taken. */
const MOST_HITS = 16_384;
/** For one value that is decoded: an audit record is shorter. */
const DECODED_BYTES = 16 * 1024;
const ALIGNED = 64;

const MARK_XML = 1;
const MARK_AUDIT = 2;

/** What a run of bytes holds. */
export interface Sparks {
  /** One place in each line that holds a spark, in order of place; `undefined`: too many lines do. */
  readonly places: readonly number[] | undefined;
  /** There are audit records, whose lines belong together. */
  readonly hasAudit: boolean;
  /** For `needs` of lines in these bytes. */
  readonly marks: number;
}

/** Where the tables of some signs stand. */
interface Tables {
  readonly table: number;
  readonly literals: number;
}

/** Finds sparks in the memory of a kernel, and tells of lines that hold some whether that is enough for any rule. */
export class SparkScanner {
  readonly #kernel: Kernel;
  readonly #required: RequiredSigns;
  readonly #first: Tables;
  /** Made when the first spark is met. */
  #second: Tables | undefined;
  readonly #secondAt: number;
  readonly #decoded: number;
  readonly #hits: number;
  #set: Tables | undefined;
  /** One past the memory that the scanner uses. */
  readonly end: number;

  /** `at`: where the scanner may put its tables and results. */
  constructor(kernel: Kernel, required: RequiredSigns, at: number) {
    this.#kernel = kernel;
    this.#required = required;
    const tables = sparkTables(required.signs.map((sign) => ({ sign, needs: 1 })));
    this.#first = this.#put(tables, at);
    this.#secondAt = aligned(at + tables.table.length) + aligned(tables.literals.length);
    this.#decoded = this.#secondAt + sizeOf(required.all) + ALIGNED;
    this.#hits = this.#decoded + DECODED_BYTES + ALIGNED;
    this.end = this.#hits + 4 * MOST_HITS;
  }

  /** Sparks of the lines in [from, to), addresses in the kernel's memory. */
  scan(from: number, to: number): Sparks {
    const { functions } = this.#kernel;
    this.#use(this.#first);
    let places: number[] | undefined = [];
    const take = (count: number): void => {
      if (count > MOST_HITS) places = undefined;
      else if (count > 0) places?.push(...new Uint32Array(this.#kernel.memory.buffer, this.#hits, count));
    };
    take(functions.findSparks(from, to, this.#hits, MOST_HITS));
    const marks = functions.sparkMarks();
    if ((marks & MARK_XML) !== 0) take(functions.findMarkupSparks(from, to, this.#hits, MOST_HITS));
    if ((marks & MARK_AUDIT) !== 0) take(functions.findAuditSparks(from, to, this.#hits, MOST_HITS));
    if (places !== undefined && places.length > 1) places = [...new Set(places)].sort((a, b) => a - b);
    return { places, hasAudit: (marks & MARK_AUDIT) !== 0, marks };
  }

  /**
   * What the line [from, to) has of what rules need, as bits, with what other lines of its record have (`before`), until that
   * suffices; `marks`: of the bytes that it was found in.
   */
  needs(from: number, to: number, marks: number, before: number): number {
    const { all, alternatives } = this.#required;
    this.#second ??= this.#put(sparkTables(all, alternatives), this.#secondAt);
    this.#use(this.#second);
    return this.#kernel.functions.needsMet(from, to, marks, before) >>> 0;
  }

  /** Has a record that has all this what one of the rules needs? */
  suffices(needs: number): boolean {
    return this.#required.alternatives.some((wanted) => (wanted & ~needs) === 0);
  }

  #put({ table, literals }: SparkTables, at: number): Tables {
    const memory = new Uint8Array(this.#kernel.memory.buffer);
    const behind = aligned(at + table.length);
    memory.set(table, at);
    memory.set(literals, behind);
    return { table: at, literals: behind };
  }

  #use(tables: Tables): void {
    if (this.#set === tables) return;
    this.#set = tables;
    this.#kernel.functions.setSparks(tables.table, tables.literals, this.#decoded, DECODED_BYTES);
  }
}

function aligned(size: number): number {
  return Math.ceil(size / ALIGNED) * ALIGNED;
}

/** At least what the tables of these signs take. */
function sizeOf(signs: readonly NeededSign[]): number {
  return (
    aligned(TABLE_BYTES + signs.reduce((sum, { sign }) => sum + 2 * sign.text.length, 0)) + aligned(64 * signs.length)
  );
}
