import type { FieldPlaces } from '../event/field-places.ts';
import type { FieldValue, JsonObject } from '../event/json.ts';
import type { LogSource } from '../event/log-source.ts';
import type { ProcessCommand, ProcessStart } from '../event/process-start.ts';

/** Reads one field out of a record of its shape. Total: any record gives a value or `undefined`, never a throw. */
export type FieldReader = (record: JsonObject) => FieldValue;

/**
 * One vendor format: how it is recognised, which of its events start a process, and where each field lives.
 * Rules go to the data: a record is never rewritten before matching.
 */
export interface Shape {
  /** Stable id for `--shape`, alerts and statistics: `elastic`, `crowdstrike`, … */
  readonly name: string;
  /** For people: `CrowdStrike Falcon Data Replicator (raw)`. */
  readonly title: string;
  /**
   * Is this record of this shape? Cheap: a bounded number of property look-ups.
   * Shapes are asked in the order of `shapes.ts`, most particular first.
   */
  recognise(record: JsonObject): boolean;
  /** In Sigma's terms; parts not known are absent. */
  logSource(record: JsonObject): LogSource;
  /** The process start, or `undefined` where the event is something else. */
  processStart(record: JsonObject): ProcessStart | undefined;
  /**
   * What `processStart` gives of these fields (and perhaps of others), without reading the rest: most starts that are looked at
   * turn out to do nothing. Absent: ask that.
   */
  command?(record: JsonObject): ProcessCommand | undefined;
  /**
   * The reader of a field by its Sigma name (`Image`, `ParentCommandLine`), ECS name (`process.executable`) or the
   * vendor's own (`ImageFileName`, dotted path for nested objects). `undefined`: no event of this shape has it.
   * Called once per rule field and shape, while rules are compiled.
   */
  field(name: string): FieldReader | undefined;
  /** Where the values that `field` reads stand in a record; `undefined`: not known, anywhere or nowhere. */
  places?(name: string): FieldPlaces | undefined;
  /**
   * The record that `places` speaks of, for shapes whose records are always read in full: with what of `fields` (names that
   * rules ask for) is derived from it. Absent: the record itself. `undefined`: no such record can be given.
   */
  placed?(record: JsonObject, fields: readonly string[]): JsonObject | undefined;
  /** Does the kernel write the record that `placed` gives by itself, from lines of text (kernel/audit.ts)? */
  readonly isCopied?: boolean;
  /** Is what `places` says true of this record? It is read in full where not. Absent: of all. */
  isPlaced?(record: JsonObject): boolean;
  /** Keys at the top of a record whose values keywords are not looked for in. */
  readonly notKeywords?: readonly string[];
  /** Is it a process start? As `processStart`, without reading one, by a few fields with few values. Absent: ask that. */
  isProcessStart?(record: JsonObject): boolean;
  /** ISO 8601 time of any event of the shape, process start or not. */
  time(record: JsonObject): string | undefined;
  /** Keys of the record: `time` is that of the first of them whose value is one. Absent: it is not so simple. */
  readonly timeKeys?: readonly string[];
  /** How look-back finds a process's ancestors among earlier records; absent where the source needs none. */
  readonly lineage?: Lineage;
}

/** For sources that send only a parent's id (auditd, osquery, CrowdStrike). */
export interface Lineage {
  /**
   * A text that the parent's own start record certainly contains, to be searched for in earlier raw bytes
   * (`" pid=1234 "`, `"TargetProcessId":"…"`); `undefined` where this start names no parent.
   */
  needle(start: ProcessStart): string | undefined;
  /** May a record with this text be a process start of the shape? True where that is not certain; most records that hold a needle are none. */
  mayBeStart(text: string): boolean;
  /** Is `candidate`, an earlier process start of the same shape, the parent of `start` on the same host? */
  isParent(start: ProcessStart, candidate: ProcessStart): boolean;
}
