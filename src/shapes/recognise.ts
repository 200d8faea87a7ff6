import type { JsonObject } from '../event/json.ts';
import type { Shape } from './shape.ts';
import { shapes } from './shapes.ts';

/** The shape that `record` arrived in, or `undefined`. */
export function recognise(record: JsonObject): Shape | undefined {
  return shapes.find((shape) => shape.recognise(record));
}
