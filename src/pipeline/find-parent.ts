import type { ProcessStart } from '../event/process-start.ts';
import type { Shape } from '../shapes/shape.ts';
import type { Past, PastRecord } from './look-back.ts';
import type { FindParent } from './scan-event.ts';

/** Records that hold the needle, and process starts among them that still are not the parent, before the search is given up. */
const MOST_RECORDS = 128;
const MOST_STARTS = 64;

/** Reads the process starts of one record's text. */
export type ReadStarts = (text: string) => readonly { readonly shape: Shape; readonly start: ProcessStart }[];

/** A search for parents in what went before `record`. */
export function parentFinder(past: Past, record: PastRecord, read: ReadStarts, onCut: () => void): FindParent {
  // The parent of a parent is looked for before the parent's own record.
  let from = record;
  return (shape, start) => {
    const { lineage } = shape;
    const needle = lineage?.needle(start);
    if (lineage === undefined || needle === undefined) return undefined;
    let records = 0;
    let starts = 0;
    for (const earlier of from.earlier(needle)) {
      const text = earlier.text();
      const mayBeStart = lineage.mayBeStart(text);
      if (++records > MOST_RECORDS || (mayBeStart && ++starts > MOST_STARTS)) {
        onCut();
        return undefined;
      }
      if (!mayBeStart) continue;
      for (const candidate of read(text)) {
        if (candidate.shape !== shape || !lineage.isParent(start, candidate.start)) continue;
        from = earlier;
        return candidate.start;
      }
    }
    if (past.exhausted) onCut();
    return undefined;
  };
}
