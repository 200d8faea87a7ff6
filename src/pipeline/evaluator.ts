import { isUtf8 } from 'node:buffer';

import type { RecordDiagnostic, RecordPlace } from '../base/diagnostic.ts';
import type { CorrelationPlan } from '../correlate/plan.ts';
import { invariant } from '../base/invariant.ts';
import type { LineReader } from '../byte-engine/byte-engine.ts';
import type { LineTokens } from '../byte-engine/line-tokens.ts';
import type { RuleMatch, RuleSet } from '../engine/rule-set.ts';
import { isObject } from '../event/json.ts';
import { observe } from '../event/observe.ts';
import type { Observation } from '../event/observe.ts';
import { parseJson } from '../event/parse-json.ts';
import type { Batch } from '../frame/batch.ts';
import type { Shape } from '../shapes/shape.ts';
import type { Finding } from './finding.ts';
import { toFinding } from './finding.ts';
import { parentFinder } from './find-parent.ts';
import type { ReadStarts } from './find-parent.ts';
import { Observer } from './observe.ts';
import type { LineClass, LineClasses } from './line-classes.ts';
import { LookBackWindow } from './look-back.ts';
import type { Past } from './look-back.ts';
import { eventsIn, readRecord, shapeOf } from './read-record.ts';
import type { RecordDiagnosticCode } from './read-record.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import { ScanEvent } from './scan-event.ts';
import type { FindParent, MatchedEvent } from './scan-event.ts';
import { addStatistics, countDiagnostic, emptyStatistics } from './statistics.ts';
import type { Statistics } from './statistics.ts';
import { UnreadEvent } from './unread-event.ts';

/** What came of one batch. Plain data: it travels between threads. */
export interface BatchResult {
  readonly sequence: number;
  readonly findings: readonly Finding[];
  /** The first few of each code; `statistics.diagnostics` has them all. */
  readonly diagnostics: readonly RecordDiagnostic<RecordDiagnosticCode>[];
  readonly statistics: Statistics;
}

export interface EvaluatorOptions {
  readonly lookBackBytes: number;
  /** Every record is taken as this shape. */
  readonly shape: Shape | undefined;
  /** The rules compiled for a shape; compiled when the shape is first seen. */
  readonly rulesFor: (shape: Shape) => RuleSet<ScanEvent>;
  /** Names a rule on every thread. */
  readonly numberOf: (rule: SigmaRule) => number;
  readonly plan: CorrelationPlan;
  /** Absent: every record is parsed, and every rule that it may be for is tried. */
  readonly classes: LineClasses | undefined;
}

/** What the kernel copies (kernel/lines.ts). */
const AUDIT_LINE = /^(?:type|node)=/;
const NOTHING_ASKED: Observation = { asked: new Map(), isWhole: false };

/** From here on a line that rules are tried on is parsed: its values fill memory, once is enough. */
const LONG_BYTES = 128 * 1024;

/** Diagnostics of one code that a batch keeps in words. */
export const KEPT_PER_CODE = 10;

/**
 * Evaluates batches of one input after another, in order. Total on records: whatever a record holds, its neighbours
 * are evaluated.
 */
export class Evaluator {
  readonly #options: EvaluatorOptions;
  readonly #window: LookBackWindow;
  readonly #observer: Observer;

  constructor(options: EvaluatorOptions) {
    this.#options = options;
    this.#window = new LookBackWindow(options.lookBackBytes);
    this.#observer = new Observer(options.plan);
  }

  /** Another input begins: what went before is not its past. */
  begin(): void {
    this.#window.clear();
  }

  /** `batch` is the past of what follows, and was evaluated elsewhere. */
  skip(batch: Batch): void {
    this.#window.push(batch);
  }

  /** `mayMatch`: a byte for each record, 0 where no rule can match. `goesOn`: this is more of the batch that came last. */
  evaluate(file: string, batch: Batch, mayMatch?: Uint8Array, goesOn = false): BatchResult {
    const result = this.evaluateAmong(file, batch, this.#window, mayMatch, goesOn);
    this.#window.push(batch);
    return result;
  }

  /** `past` holds what went before the records of `batch`; the evaluator keeps none of it. */
  evaluateAmong(file: string, batch: Batch, past: Past, mayMatch?: Uint8Array, goesOn = false): BatchResult {
    if (!goesOn) past.begin();
    const run = new BatchRun(file, batch, mayMatch, past, this.#options, this.#observer);
    run.all();
    return run.result();
  }
}

class BatchRun implements LineReader<LineClass> {
  readonly #file: string;
  readonly #batch: Batch;
  readonly #mayMatch: Uint8Array | undefined;
  readonly #bytes: Buffer;
  readonly #past: Past;
  readonly #options: EvaluatorOptions;
  readonly #observer: Observer;
  readonly #findings: Finding[] = [];
  readonly #diagnostics: RecordDiagnostic<RecordDiagnosticCode>[] = [];
  readonly #statistics = emptyStatistics();
  /** Events by shape; kept in a Map so that counting is not a dictionary look-up by a dynamic key. */
  readonly #shapes = new Map<Shape, number>();

  constructor(
    file: string,
    batch: Batch,
    mayMatch: Uint8Array | undefined,
    past: Past,
    options: EvaluatorOptions,
    observer: Observer,
  ) {
    this.#file = file;
    this.#batch = batch;
    this.#mayMatch = mayMatch;
    this.#bytes = bufferOver(batch);
    this.#past = past;
    this.#options = options;
    this.#observer = observer;
  }

  all(): void {
    if (this.#options.classes?.engine.run(this.#batch, this)) return;
    for (let i = 0; i < this.#batch.count; i++) this.slow(i);
  }

  classify(index: number): { readonly of: LineClass | undefined; readonly observation: Observation } | undefined {
    const { shape: forced, classes } = this.#options;
    if (classes === undefined) return undefined;
    const text = this.#text(index);
    if (AUDIT_LINE.test(text)) return { of: this.#classOfText(text, classes), observation: NOTHING_ASKED };
    let value: unknown;
    try {
      value = parseJson(text);
    } catch {
      return undefined;
    }
    if (!isObject(value)) return undefined;
    const { result, observation } = observe(value, (record) => {
      const [only, ...others] = eventsIn(record, forced);
      if (only !== record || others.length > 0) return undefined;
      const shape = shapeOf(record, forced);
      if (shape.isProcessStart === undefined || shape.isPlaced?.(record) === false) return undefined;
      return { shape, source: classes.sourceOf(shape, record), isStart: shape.isProcessStart(record) };
    });
    return { of: result && classes.classOf(result.shape, result.source, result.isStart), observation };
  }

  /** Of a record that the kernel has copied: which class it is of, is all that the kernel tells apart. */
  #classOfText(text: string, classes: LineClasses): LineClass | undefined {
    const { events, problem } = readRecord(text, this.#options.shape);
    const [event] = events;
    if (event?.shape.isCopied !== true || events.length > 1 || problem !== undefined) return undefined;
    const { shape, record } = event;
    return classes.classOf(shape, classes.sourceOf(shape, record), shape.processStart(record) !== undefined);
  }

  candidates(index: number, of: LineClass, rules: readonly number[], tokens: LineTokens): void {
    const { classes } = this.#options;
    if (classes === undefined || this.#mayMatch?.[index] === 0) return;
    if (of.of.isCopied === true) {
      this.#matchText(index, of.of, rules);
      return;
    }
    const left = of.refuters.left(rules, tokens);
    if (left.length === 0) return;
    const isLong = (this.#batch.ends[index] ?? 0) - (this.#batch.starts[index] ?? 0) >= LONG_BYTES;
    if (isLong || classes.needsEvent(left)) {
      // Then nothing is gained by trying rules on the line first; the values of a long one would be decoded twice.
      const text = this.#text(index);
      const event = this.#event(of.of, text, index);
      const matches = this.#options.rulesFor(of.of).matchThese(event, left);
      if (matches.length > 0) this.#found(event, matches, index, text, true, 0);
      return;
    }
    let known: string | undefined;
    const text = (): string => (known ??= this.#text(index));
    classes.line.begin(tokens, () => this.#event(of.of, text(), index));
    of.rules.begin(classes.line);
    let matches: { readonly rule: number; readonly match: RuleMatch }[] | undefined;
    for (const rule of left) {
      if (of.memo.excludes(rule, tokens)) continue;
      const match = of.rules.match(rule);
      if (match) (matches ??= []).push({ rule, match });
      else of.memo.remember();
    }
    if (matches === undefined) return;
    if (matches.length > 1) matches.sort((a, b) => a.rule - b.rule);
    const found = matches.map(({ match }) => match);
    const event =
      of.isProcessStart || of.timeNodes === undefined
        ? classes.line.event
        : new UnreadEvent(of.of, classes.line, of.timeNodes);
    this.#found(event, found, index, text(), true, 0);
  }

  /** Tries rules on a record that is no JSON. */
  #matchText(index: number, shape: Shape, rules: readonly number[]): void {
    const text = this.#text(index);
    const [found] = readRecord(text, this.#options.shape).events;
    invariant(found, 'the byte engine reads a text that holds no event');
    const event = new ScanEvent(shape, found.record, this.#findParent(index, text));
    const matches = this.#options.rulesFor(shape).matchThese(event, rules);
    if (matches.length > 0) this.#found(event, matches, index, text, false, 0);
  }

  /** The event of a line whose class is known: what the record is was found out with it. */
  #event(shape: Shape, text: string, index: number): ScanEvent {
    const record = parseJson(text);
    invariant(isObject(record), 'the byte engine reads a line that holds no event');
    return new ScanEvent(shape, record, this.#findParent(index, text));
  }

  counted({ of, isProcessStart }: LineClass, lines: number): void {
    this.#statistics.records += lines;
    if (isProcessStart) this.#statistics.process_starts += lines;
    this.#shapes.set(of, (this.#shapes.get(of) ?? 0) + lines);
  }

  slow(index: number): void {
    this.#statistics.records++;
    if (!isUtf8(this.#bytes.subarray(this.#batch.starts[index] ?? 0, this.#batch.ends[index] ?? 0))) {
      this.#report(index, 'warning', 'record-invalid-utf8', 'bytes that are not UTF-8 were read as U+FFFD');
    }
    const text = this.#text(index);
    const { events, isJson, problem } = readRecord(text, this.#options.shape);
    if (problem) this.#report(index, 'error', problem.code, problem.message);
    if (events.length === 0) {
      if (!problem) this.#statistics.unrecognised++;
      return;
    }
    const findParent = this.#findParent(index, text);
    events.forEach(({ shape, record }, nth) => {
      this.#shapes.set(shape, (this.#shapes.get(shape) ?? 0) + 1);
      const event = new ScanEvent(shape, record, findParent);
      const matches = this.#mayMatch?.[index] === 0 ? [] : this.#matches(event);
      if (event.isStart) this.#statistics.process_starts++;
      if (matches.length > 0) this.#found(event, matches, index, text, isJson, nth);
    });
  }

  #matches(event: ScanEvent): readonly RuleMatch[] {
    const { shape, record } = event;
    const candidates = this.#options.classes?.candidatesOf(shape, record);
    const rules = this.#options.rulesFor(shape);
    return candidates === undefined ? rules.matchAll(event) : rules.matchThese(event, candidates);
  }

  #found(
    event: MatchedEvent,
    matches: readonly RuleMatch[],
    index: number,
    text: string,
    isJson: boolean,
    nth: number,
  ): void {
    const { plan, numberOf } = this.#options;
    const place = this.#place(index);
    const observation = plan.fieldsOf.size === 0 ? undefined : this.#observe(event, matches, index, nth, place);
    // As long as it is, and no longer: thousands of findings may wait for their turn.
    const numbered = matches.map(({ rule, evidence }) => ({ rule: numberOf(rule), evidence }));
    const loud = plan.silent.size === 0 ? numbered : numbered.filter(({ rule }) => !plan.silent.has(rule));
    if (loud.length === 0 && observation === undefined) return;
    this.#findings.push(toFinding({ event, matches: loud, observation, place, text, isJson, nth }));
  }

  #observe(
    event: MatchedEvent,
    matches: readonly RuleMatch[],
    index: number,
    nth: number,
    place: RecordPlace,
  ): Exclude<Finding['observation'], null> | undefined {
    const rules = matches.map(({ rule }) => this.#options.numberOf(rule));
    const observed = this.#observer.observe(event, rules, place, nth);
    if (observed !== 'no-time') return observed;
    this.#report(index, 'warning', 'correlation-no-time', 'the event has no time; correlations pass it over');
    return undefined;
  }

  #findParent(index: number, text: string): FindParent {
    // Most events are never asked for their parent.
    let find: FindParent | undefined;
    return (shape, start) => {
      find ??= parentFinder(
        this.#past,
        this.#past.record(this.#batch, index),
        text,
        readStarts,
        () => this.#statistics.look_backs_cut++,
      );
      return find(shape, start);
    };
  }

  #text(index: number): string {
    return this.#bytes.toString('utf8', this.#batch.starts[index] ?? 0, this.#batch.ends[index] ?? 0);
  }

  result(): BatchResult {
    const statistics = emptyStatistics();
    addStatistics(statistics, this.#statistics);
    for (const [{ name }, count] of this.#shapes) {
      if (name === 'unrecognised') statistics.unrecognised += count;
      else statistics.shapes[name] = (statistics.shapes[name] ?? 0) + count;
    }
    return { sequence: this.#batch.sequence, findings: this.#findings, diagnostics: this.#diagnostics, statistics };
  }

  #place(index: number): RecordPlace {
    return { file: this.#file, line: this.#batch.lines[index] ?? 0, byte: this.#batch.offsets[index] ?? 0 };
  }

  #report(index: number, severity: 'error' | 'warning', code: RecordDiagnosticCode, message: string): void {
    countDiagnostic(this.#statistics, code);
    if ((this.#statistics.diagnostics[code] ?? 0) > KEPT_PER_CODE) return;
    this.#diagnostics.push({ code, severity, message, place: this.#place(index) });
  }
}

/** The process starts of an earlier record, for look-back. */
function readStarts(text: string): ReturnType<ReadStarts> {
  return readRecord(text, undefined).events.flatMap(({ shape, record }) => {
    const start = shape.processStart(record);
    return start === undefined ? [] : [{ shape, start }];
  });
}

function bufferOver({ bytes }: Batch): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
