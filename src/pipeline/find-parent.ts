import type { ProcessStart } from '../event/process-start.ts';
import type { Shape } from '../shapes/shape.ts';
import type { Past, PastRecord } from './look-back.ts';
import type { FindParent } from './scan-event.ts';

/** Records that hold the needle, and process starts among them that still are not the parent, before the search is given up. */
const MOST_RECORDS = 128;
const MOST_STARTS = 64;

/** Reads the process starts of one record's text. */
export type ReadStarts = (text: string) => readonly { readonly shape: Shape; readonly start: ProcessStart }[];

/** A search for parents in what went before `record`, which is written as `text`. */
export function parentFinder(
  past: Past,
  record: PastRecord,
  text: string,
  read: ReadStarts,
  onCut: () => void,
): FindParent {
  // The parent of a parent is looked for before the parent's own record.
  let from = record;
  return (shape, start) => {
    const { lineage } = shape;
    const compact = lineage?.needle(start);
    if (lineage === undefined || compact === undefined) return undefined;
    const needle = asWritten(compact, text);
    let records = 0;
    let starts = 0;
    for (const earlier of from.earlier(needle)) {
      const found = earlier.text();
      const mayBeStart = lineage.mayBeStart(found);
      if (++records > MOST_RECORDS || (mayBeStart && ++starts > MOST_STARTS)) {
        onCut();
        return undefined;
      }
      if (!mayBeStart) continue;
      for (const candidate of read(found)) {
        if (candidate.shape !== shape || !lineage.isParent(start, candidate.start)) continue;
        from = earlier;
        return candidate.start;
      }
    }
    if (past.exhausted) onCut();
    return undefined;
  };
}

/** A needle that begins with a key of JSON, with a blank behind the colon where the record has one: whoever wrote it wrote its parent. */
function asWritten(needle: string, text: string): string {
  const colon = needle.startsWith('"') ? needle.indexOf('":') + 1 : 0;
  if (colon === 0 || !text.includes(`${needle.slice(0, colon)}: `)) return needle;
  return `${needle.slice(0, colon)}: ${needle.slice(colon + 1)}`;
}
