import type { JsonObject } from '../event/json.ts';
import { isObserved, observe } from '../event/observe.ts';
import type { Shape } from './shape.ts';
import { shapes } from './shapes.ts';
import { sigmaByPart } from './sigma-fields.ts';

/** In the order in which they are asked. */
const asked: readonly Shape[] = [...shapes, sigmaByPart];

/** Opening envelopes asks after the same record that is recognised next. */
let last: { readonly record: JsonObject; readonly shape: Shape | undefined } | undefined;

/** The shape that `record` arrived in, or `undefined`. */
export function recognise(record: JsonObject): Shape | undefined {
  if (last?.record === record) return last.shape;
  // To look which keys there are would be a question of its own.
  const shape = isObserved(record) ? asked.find((one) => one.recognise(record)) : byMarks(record);
  last = { record, shape };
  return shape;
}

/**
 * Shapes by the keys that they look for in a record of none. Where a record has none of a shape's keys, the shape gets the same answers as
 * from an empty record, and comes to the same end: it does not know it.
 */
let marks: ReadonlyMap<string, readonly number[]> | undefined;
/** For each shape, the number of the record that it was last marked by; -1: it is asked of every record. */
const marked = asked.map(() => 0);
let records = 0;
/** A record with more keys is given to each shape: there are fewer of those. */
const MOST_KEYS = 1_000;

function byMarks(record: JsonObject): Shape | undefined {
  marks ??= findMarks();
  records++;
  let keys = 0;
  for (const key in record) {
    if (++keys > MOST_KEYS) return asked.find((one) => one.recognise(record));
    const by = marks.get(key);
    if (by !== undefined) for (const number of by) if (marked[number] !== -1) marked[number] = records;
  }
  for (let i = 0; i < asked.length; i++) {
    if (marked[i] !== records && marked[i] !== -1) continue;
    const shape = asked[i];
    if (shape?.recognise(record) === true) return shape;
  }
  return undefined;
}

function findMarks(): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const [number, shape] of asked.entries()) {
    const { result, observation } = observe({}, (nothing) => shape.recognise(nothing));
    if (result || observation.isWhole) marked[number] = -1;
    for (const key of observation.asked.keys()) {
      const known = found.get(key);
      if (known) known.push(number);
      else found.set(key, [number]);
    }
  }
  return found;
}
