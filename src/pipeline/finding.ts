import type { RecordPlace } from '../base/diagnostic.ts';
import type { Evidence } from '../engine/evidence.ts';
import type { Observation } from '../correlate/observation.ts';
import type { ProcessStart } from '../event/process-start.ts';
import type { Intent } from '../kubectl/intent.ts';
import type { Origin } from '../origin/origin.ts';
import type { MatchedEvent } from './scan-event.ts';

/**
 * One event that rules matched, with all that is derived from it, as plain data: it may come from another thread. The
 * alert is made of it where alerts are put in order.
 */
export interface Finding {
  readonly shape: string;
  readonly place: RecordPlace;
  readonly time: string | null;
  /** Rules by their number in the library, with why each matched. */
  readonly matches: readonly { readonly rule: number; readonly evidence: readonly Evidence[] }[];
  readonly process: ProcessStart | null;
  readonly intent: Intent | null;
  readonly origin: Origin | null;
  readonly original: { readonly json: string } | { readonly text: string };
  /** What correlations need of it, or null where it is none of theirs. Then `matches` may be empty. */
  readonly observation: Observation | null;
  /** Which of several events in one record (an EventList), from 0. */
  readonly nth: number;
}

export function toFinding(input: {
  readonly event: MatchedEvent;
  readonly matches: Finding['matches'];
  readonly observation: Observation | undefined;
  readonly place: RecordPlace;
  readonly text: string;
  readonly isJson: boolean;
  readonly nth: number;
}): Finding {
  const { event, matches, place, text, isJson, nth, observation } = input;
  const { start, facts } = event;
  return {
    shape: event.shape.name,
    place,
    time: event.time ?? start?.time ?? null,
    matches,
    observation: observation ?? null,
    // A copy: look-back answers behind getters, which do not travel between threads.
    process: start === null ? null : { ...start },
    intent: facts?.intent ?? null,
    origin: facts?.origin ?? null,
    original: isJson ? { json: text } : { text },
    nth,
  };
}
