import { ByteEngine } from '../byte-engine/byte-engine.ts';
import type { EventClass } from '../byte-engine/byte-engine.ts';
import type { StoredNeeds } from '../byte-engine/need-code.ts';
import { fieldsOf } from '../byte-engine/requirements.ts';
import { Refuters } from '../byte-engine/refuter.ts';
import type { FieldPlaces } from '../event/field-places.ts';
import { KnownSources, sourceKey } from '../engine/known-sources.ts';
import { neededTest } from '../engine/needed-test.ts';
import { compileRules, isFor } from '../engine/rule-set.ts';
import type { RuleSet } from '../engine/rule-set.ts';
import type { JsonObject } from '../event/json.ts';
import type { LogSource } from '../event/log-source.ts';
import { factField } from '../facts/fact-fields.ts';
import { systemCalls } from '../shapes/audit/syscalls.ts';
import type { Shape } from '../shapes/shape.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import { isLookBackField, schemaOf, sourceOf } from './event-schema.ts';
import { LineEvent, lineSchema } from './line-event.ts';
import { NegativeMemo } from './negative-memo.ts';

/** Events of one shape and log source, as the byte engine tells them apart. */
export interface LineClass extends EventClass {
  readonly of: Shape;
  readonly isProcessStart: boolean;
  /** The rules as they run on lines of the shape. */
  readonly rules: RuleSet<LineEvent>;
  readonly memo: NegativeMemo;
  readonly refuters: Refuters;
  /** Where the time of an event stands, in the order of `Shape.timeKeys`; `undefined`: only the event says. */
  readonly timeNodes: readonly number[] | undefined;
}

/** To try so few on a record that is parsed costs less than to write it for the kernel and search it. */
const FEW_RULES = 64;

/** What a thread keeps for the byte engine: the engine, and the classes of events that it has met. */
export class LineClasses {
  readonly engine: ByteEngine<LineClass>;
  /** The line that is looked at. */
  readonly line = new LineEvent();
  readonly #rules: readonly SigmaRule[];
  readonly #given: LogSource;
  readonly #sources: KnownSources;
  readonly #classes = new Map<string, LineClass>();
  readonly #sets = new Map<Shape, RulesOfShape>();
  readonly #byFact: (boolean | undefined)[] = [];
  readonly #fields = new Map<LogSource, readonly string[]>();
  #asked: { readonly rules: readonly number[]; readonly answer: boolean } = { rules: [], answer: false };

  private constructor(engine: ByteEngine<LineClass>, rules: readonly SigmaRule[], given: LogSource) {
    this.engine = engine;
    this.#rules = rules;
    this.#given = given;
    this.#sources = KnownSources.in(rules);
  }

  /** `undefined` where the machine has no WebAssembly with SIMD. `given`: the log source of events that do not say it. */
  static create(rules: readonly SigmaRule[], needs: StoredNeeds, given: LogSource): LineClasses | undefined {
    const isForSource = (rule: SigmaRule, source: LogSource): boolean => isFor(rule.logsource, source);
    const engine = ByteEngine.create<LineClass>(rules, needs, isForSource, systemCalls());
    return engine && new LineClasses(engine, rules, given);
  }

  /** The class of events of `shape` from `source`. */
  classOf(shape: Shape, source: LogSource, isProcessStart: boolean): LineClass {
    const logSource = this.#sources.of(source);
    const key = `${shape.name}\n${String(isProcessStart)}\n${sourceKey(logSource)}`;
    let known = this.#classes.get(key);
    if (known === undefined) {
      known = {
        of: shape,
        shape: shape.name,
        logSource,
        isProcessStart,
        ...this.#setOf(shape),
        places: (field) => placesOf(shape, field),
      };
      this.#classes.set(key, known);
    }
    return known;
  }

  /** Where a record of `shape` comes from. */
  sourceOf(shape: Shape, record: JsonObject): LogSource {
    return sourceOf(shape, this.#given, record);
  }

  /** Will any of the rules ask for something that only the whole event says, whatever the line holds? */
  needsEvent(rules: readonly number[]): boolean {
    if (this.#asked.rules !== rules) this.#asked = { rules, answer: rules.some((rule) => this.#beginsWithFact(rule)) };
    return this.#asked.answer;
  }

  /** The first that the rule asks for is derived from the event. */
  #beginsWithFact(number: number): boolean {
    const rule = this.#rules[number];
    if (rule === undefined) return false;
    let known = this.#byFact[number];
    if (known === undefined) {
      const field = neededTest(rule)?.field ?? null;
      this.#byFact[number] = known = field !== null && factField(field) !== undefined;
    }
    return known;
  }

  /** Rules by number that may hold for the record; `undefined`: any of those for where it comes from. */
  candidatesOf(shape: Shape, record: JsonObject): readonly number[] | undefined {
    if (this.#rules.length <= FEW_RULES || shape.isPlaced?.(record) === false) return undefined;
    const of = this.classOf(shape, this.sourceOf(shape, record), false);
    const placed = shape.placed === undefined ? record : shape.placed(record, this.#fieldsFor(of.logSource));
    return placed && this.engine.candidatesOf(of, placed);
  }

  /** What the rules for a log source, as far as rules tell log sources apart, ask for. */
  #fieldsFor(source: LogSource): readonly string[] {
    let known = this.#fields.get(source);
    if (known === undefined) {
      const fields = this.#rules.flatMap((rule) => (isFor(rule.logsource, source) ? [...fieldsOf(rule)] : []));
      this.#fields.set(source, (known = [...new Set(fields)]));
    }
    return known;
  }

  #setOf(shape: Shape): RulesOfShape {
    let made = this.#sets.get(shape);
    if (made === undefined) {
      const node = (path: string): number => this.engine.node(path);
      const places = (field: string): FieldPlaces | undefined => placesOf(shape, field);
      // Of shapes whose records are read in full no line is looked at.
      const all = shape.placed === undefined ? this.#rules : [];
      const rules = compileRules(all, lineSchema(schemaOf(shape, this.#given), places, node));
      const memo = new NegativeMemo(all, (field) => {
        const found = places(field);
        if (found?.kind === 'absent') return null;
        return found?.kind === 'own' ? node(found.key) || undefined : undefined;
      });
      const refuters = new Refuters(all, places, node);
      // Asked for now, so that every line of the class is read with them.
      const nodes = shape.timeKeys?.map(node);
      const timeNodes = nodes?.includes(0) === true ? undefined : nodes;
      this.#sets.set(shape, (made = { rules, memo, refuters, timeNodes }));
    }
    return made;
  }
}

interface RulesOfShape {
  readonly rules: RuleSet<LineEvent>;
  readonly memo: NegativeMemo;
  readonly refuters: Refuters;
  readonly timeNodes: readonly number[] | undefined;
}

function placesOf(shape: Shape, field: string): FieldPlaces | undefined {
  if (factField(field) || (shape.lineage && isLookBackField(field))) return undefined;
  return shape.field(field) === undefined ? { kind: 'absent' } : shape.places?.(field);
}
