import type { JsonObject } from '../event/json.ts';
import type { Shape } from './shape.ts';
import { shapes } from './shapes.ts';
import { sigmaByPart } from './sigma-fields.ts';

/** Opening envelopes asks after the same record that is recognised next. */
let last: { readonly record: JsonObject; readonly shape: Shape | undefined } | undefined;

/** The shape that `record` arrived in, or `undefined`. */
export function recognise(record: JsonObject): Shape | undefined {
  if (last?.record === record) return last.shape;
  const shape =
    shapes.find((one) => one.recognise(record)) ?? (sigmaByPart.recognise(record) ? sigmaByPart : undefined);
  last = { record, shape };
  return shape;
}
