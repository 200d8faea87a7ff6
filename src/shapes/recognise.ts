import type { JsonObject } from '../event/json.ts';
import { isObserved, observe } from '../event/observe.ts';
import { KeyMarks } from './key-marks.ts';
import { rememberLast } from './remember-last.ts';
import type { Shape } from './shape.ts';
import { shapes } from './shapes.ts';
import { sigmaByPart } from './sigma-fields.ts';

/** In the order in which they are asked. */
const asked: readonly Shape[] = [...shapes, sigmaByPart];

/** The shape that `record` arrived in, or `undefined`. Opening envelopes asks after the same record that is recognised next. */
export const recognise: (record: JsonObject) => Shape | undefined = rememberLast((record) =>
  // To look which keys there are would be a question of its own.
  isObserved(record) ? firstToKnow(record) : byMarks(record),
);

function firstToKnow(record: JsonObject): Shape | undefined {
  return asked.find((shape) => shape.recognise(record));
}

/** A record with more keys is given to each shape: there are fewer of those. */
const MOST_KEYS = 1_000;

/**
 * Shapes by the keys that they look for in a record of none. Where a record has none of a shape's keys, the shape gets the same answers as
 * from an empty record, and comes to the same end: it does not know it.
 */
interface ShapeMarks {
  readonly marks: KeyMarks;
  /** Those that are asked of every record. */
  readonly always: ReadonlySet<number>;
}

let known: ShapeMarks | undefined;

function byMarks(record: JsonObject): Shape | undefined {
  known ??= findMarks();
  const { marks, always } = known;
  if (!marks.look(record)) return firstToKnow(record);
  return asked.find((shape, number) => (marks.has(number) || always.has(number)) && shape.recognise(record));
}

function findMarks(): ShapeMarks {
  const marks = new KeyMarks(MOST_KEYS);
  const always = new Set<number>();
  for (const [number, shape] of asked.entries()) {
    const { result, observation } = observe({}, (nothing) => shape.recognise(nothing));
    if (result || observation.isWhole) always.add(number);
    for (const key of observation.asked.keys()) marks.add(key, number);
  }
  return { marks, always };
}
