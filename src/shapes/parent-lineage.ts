import type { ProcessStart } from '../event/process-start.ts';
import type { Lineage } from './shape.ts';

function sameHost(a: ProcessStart, b: ProcessStart): boolean {
  if (a.host?.id !== undefined && b.host?.id !== undefined) return a.host.id === b.host.id;
  return a.host?.name === b.host?.name;
}

/** A pid is used again in time; a parent that started after its child is another process. */
function notLater(candidate: ProcessStart, start: ProcessStart): boolean {
  return (
    candidate.time === undefined || start.time === undefined || withoutZone(candidate.time) <= withoutZone(start.time)
  );
}

/** Times of one shape sort as text once the `Z` is gone: a shorter fraction then comes first, as it should. */
function withoutZone(time: string): string {
  return time.slice(0, -1);
}

/** Told by what every start of the shape holds, unless a writer of JSON has spelled it in escapes. */
function mayBeStart(sign: RegExp): (text: string) => boolean {
  return (text) => sign.test(text) || text.includes('\\u');
}

/**
 * Parents by operating-system process id. `needle`: how a start record of the shape writes its own pid; `sign`: what every start
 * holds.
 */
export function lineageByPid(needle: (pid: string) => string, sign: RegExp): Lineage {
  return {
    mayBeStart: mayBeStart(sign),
    needle: ({ parent }) =>
      parent?.pid === undefined || !/^\d{1,10}$/.test(parent.pid) ? undefined : needle(parent.pid),
    isParent: (start, candidate) =>
      candidate.pid !== undefined &&
      candidate.pid === start.parent?.pid &&
      sameHost(start, candidate) &&
      notLater(candidate, start),
  };
}

/** Parents by the source's own process id, which is never used twice. */
export function lineageByEntity(needle: (entityId: string) => string, sign: RegExp): Lineage {
  return {
    mayBeStart: mayBeStart(sign),
    needle: ({ parent }) =>
      parent?.entityId === undefined || parent.entityId.length > 200 ? undefined : needle(parent.entityId),
    isParent: (start, candidate) =>
      candidate.entityId !== undefined && candidate.entityId === start.parent?.entityId && sameHost(start, candidate),
  };
}
