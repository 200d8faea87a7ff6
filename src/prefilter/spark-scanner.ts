import type { Kernel } from '../kernel/kernel.ts';
import { looksOf } from './looks.ts';
import type { Look, Looks } from './looks.ts';
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

/** A look with the place of its tables. */
class PlacedLook {
  readonly look: Look;
  readonly at: number;
  /** Made when the first record is looked at. */
  tables: Tables | undefined;

  constructor(look: Look, at: number) {
    this.look = look;
    this.at = at;
  }

  suffices(needs: number): boolean {
    return this.look.alternatives.some((wanted) => (wanted & ~needs) === 0);
  }
}

/** A line, without what ends it: addresses in the kernel's memory. */
interface Line {
  readonly start: number;
  readonly end: number;
}

/** Finds sparks in the memory of a kernel, and tells of records around them whether they hold enough for any rule. */
export class SparkScanner {
  readonly #kernel: Kernel;
  readonly #looks: Looks;
  readonly #first: Tables;
  /** For records that may hold a spark or not. */
  readonly #whole: PlacedLook;
  /** For those that do. */
  readonly #inTurn: readonly PlacedLook[];
  readonly #decoded: number;
  readonly #hits: number;
  #set: Tables | undefined;
  /** One past the memory that the scanner uses. */
  readonly end: number;

  /** `at`: where the scanner may put its tables and results. */
  constructor(kernel: Kernel, required: RequiredSigns, at: number) {
    this.#kernel = kernel;
    this.#looks = looksOf(required);
    const tables = sparkTables(required.signs.map((sign) => ({ sign, needs: 1 })));
    this.#first = this.#put(tables, at);
    let next = aligned(at + tables.table.length) + aligned(tables.literals.length);
    const placed = (look: Look): PlacedLook => {
      const one = new PlacedLook(look, next);
      next += sizeOf(look.signs);
      return one;
    };
    this.#whole = placed({ signs: required.all, alternatives: required.alternatives });
    this.#inTurn = this.#looks.inTurn.map(placed);
    this.#decoded = next + ALIGNED;
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

  /** Has a record in which there is a spark all that one of the rules needs? `marks`: of the bytes that it was found in. */
  mayMatch(lines: readonly Line[], marks: number): boolean {
    let needs = this.#looks.given;
    for (const placed of this.#inTurn) {
      needs = this.#needs(placed, lines, marks, needs);
      if (!placed.suffices(needs)) return false;
    }
    return true;
  }

  /** The same of any record. */
  mayMatchAny(lines: readonly Line[], marks: number): boolean {
    return this.#whole.suffices(this.#needs(this.#whole, lines, marks, 0));
  }

  /** What the lines have of what is looked for, as bits, with what is known of them (`before`), until that suffices. */
  #needs(placed: PlacedLook, lines: readonly Line[], marks: number, before: number): number {
    let needs = before;
    for (const { start, end } of lines) {
      if (placed.suffices(needs)) return needs;
      placed.tables ??= this.#put(sparkTables(placed.look.signs, placed.look.alternatives), placed.at);
      this.#use(placed.tables);
      needs = this.#kernel.functions.needsMet(start, end, marks, needs) >>> 0;
    }
    return needs;
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
