import type { Json, JsonObject } from './json.ts';
import { isObject } from './json.ts';
import { rootOf } from './path-root.ts';
import type { PathRoot } from './path-root.ts';

/**
 * How something was asked of a record: is there a value and of what kind (`kind`), what is it (`value`), is it a text
 * that is certainly no record of its own (`plainness`), or what does it begin as, taken for a path (`root`)?
 */
export type Asked = 'kind' | 'value' | 'plainness' | 'root';

/** What was asked of a record: whoever gets the same answers comes to the same end. */
export interface Observation {
  /** By dotted path: each dot is a step into an object, or part of a key. */
  readonly asked: ReadonlyMap<string, ReadonlySet<Asked>>;
  /** More was looked at than paths can say: arrays of objects, all keys of an object. */
  readonly isWhole: boolean;
}

/** Longest list of scalars that is taken as one value. */
const MOST_ITEMS = 64;

/** What observes the record that is being looked at now; most of the time nothing does. */
let observer: Observer | undefined;

/**
 * Runs `look` on a stand-in for `record` that behaves as it does, and says what was asked of it. `look` must be a
 * function of the record alone.
 */
export function observe<T>(
  record: JsonObject,
  look: (record: JsonObject) => T,
): { result: T; observation: Observation } {
  const outer = observer;
  observer = new Observer();
  try {
    const result = look(observer.standIn(record, ''));
    return { result, observation: observer };
  } finally {
    observer = outer;
  }
}

/** Is this a stand-in, which notes what is asked of it? */
export function isObserved(record: JsonObject): boolean {
  return observer?.peek(record) !== undefined;
}

/** The value of a key, unless it is a text that is certainly no record: then `undefined`. */
export function unlessPlain(record: JsonObject, key: string): Json | undefined {
  const original = observer?.peek(record);
  if (observer === undefined || original === undefined) {
    const value = Object.hasOwn(record, key) ? record[key] : undefined;
    return typeof value === 'string' && isPlain(value) ? undefined : value;
  }
  const value = Object.hasOwn(original, key) ? original[key] : undefined;
  if (typeof value !== 'string') return Object.hasOwn(record, key) ? record[key] : undefined;
  observer.ask(record, key, 'plainness');
  if (isPlain(value)) return undefined;
  observer.isWhole = true;
  return value;
}

/** `rootOf` the value of a key, where that is a text. */
export function rootOfValue(record: JsonObject, key: string): PathRoot | undefined {
  const held = observer?.ask(record, key, 'root') ?? record;
  const value = Object.hasOwn(held, key) ? held[key] : undefined;
  return typeof value === 'string' ? rootOf(value) : undefined;
}

/** The first character that is no blank is no brace, and neither an audit record nor an event in XML can be in it. */
function isPlain(text: string): boolean {
  const first = /\S/.exec(text.slice(0, 64))?.[0];
  if (first === undefined && text.length > 64) return false;
  if (first === '{' || (first !== undefined && first > '\u007f')) return false;
  return !text.includes('<Event') && !text.includes('audit(');
}

class Observer implements Observation {
  readonly asked = new Map<string, Set<Asked>>();
  isWhole = false;
  readonly #originals = new WeakMap<object, { readonly record: JsonObject; readonly prefix: string }>();
  readonly #standIns = new WeakMap<object, JsonObject>();

  standIn(record: JsonObject, prefix: string): JsonObject {
    const known = this.#standIns.get(record);
    if (known !== undefined) return known;
    const made = new Proxy(record, {
      get: (target, key) => (typeof key === 'string' ? this.#get(target, prefix, key) : undefined),
      has: (target, key) => {
        if (typeof key === 'string') this.#note(prefix, key, 'kind');
        return Reflect.has(target, key);
      },
      getOwnPropertyDescriptor: (target, key) => {
        if (typeof key === 'string') this.#note(prefix, key, 'kind');
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
      ownKeys: (target) => {
        this.isWhole = true;
        return Reflect.ownKeys(target);
      },
    });
    this.#originals.set(made, { record, prefix });
    this.#standIns.set(record, made);
    return made;
  }

  /** Notes the question where `record` is a stand-in, and gives what it stands for. */
  ask(record: JsonObject, key: string, how: Asked): JsonObject | undefined {
    const found = this.#originals.get(record);
    if (found) this.#note(found.prefix, key, how);
    return found?.record;
  }

  peek(record: JsonObject): JsonObject | undefined {
    return this.#originals.get(record)?.record;
  }

  #get(record: JsonObject, prefix: string, key: string): Json | undefined {
    const value = Object.hasOwn(record, key) ? record[key] : undefined;
    if (isObject(value)) {
      this.#note(prefix, key, 'kind');
      return this.standIn(value, `${prefix}${key}.`);
    }
    this.#note(prefix, key, value === undefined ? 'kind' : 'value');
    if (
      Array.isArray(value) &&
      (value.length > MOST_ITEMS || value.some((item) => typeof item === 'object' && item !== null))
    )
      this.isWhole = true;
    return value;
  }

  #note(prefix: string, key: string, how: Asked): void {
    const path = prefix + key;
    const known = this.asked.get(path);
    if (known) known.add(how);
    else this.asked.set(path, new Set([how]));
  }
}
