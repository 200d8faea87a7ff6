import type { Batch } from '../frame/batch.ts';
import type { ProcessStart } from '../event/process-start.ts';
import type { Shape } from '../shapes/shape.ts';
import type { LookBackWindow } from './look-back.ts';
import type { FindParent } from './scan-event.ts';

/** Records that hold the needle and still are not the parent, before the search is given up. */
const MOST_CANDIDATES = 64;

/** Reads the process starts of one framed record. */
export type ReadStarts = (
  batch: Batch,
  index: number,
) => readonly { readonly shape: Shape; readonly start: ProcessStart }[];

/** A search for parents before record `index` of `batch`. */
export function parentFinder(
  window: LookBackWindow,
  batch: Batch,
  index: number,
  read: ReadStarts,
  onCut: () => void,
): FindParent {
  // The parent of a parent is looked for before the parent's own record.
  let from = { batch, index };
  return (shape, start) => {
    const { lineage } = shape;
    const needle = lineage?.needle(start);
    if (lineage === undefined || needle === undefined) return undefined;
    let candidates = 0;
    for (const earlier of window.search(from.batch, from.index, needle)) {
      if (++candidates > MOST_CANDIDATES) {
        onCut();
        return undefined;
      }
      for (const candidate of read(earlier.batch, earlier.index)) {
        if (candidate.shape !== shape || !lineage.isParent(start, candidate.start)) continue;
        from = earlier;
        return candidate.start;
      }
    }
    if (window.exhausted) onCut();
    return undefined;
  };
}
