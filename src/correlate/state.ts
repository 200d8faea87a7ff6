import type { CorrelatorCounts } from './correlator.ts';
import type { GroupEntry } from './group.ts';

/** All that a correlator remembers, as plain data that JSON keeps exactly. */
export interface CorrelatorState {
  readonly version: 1;
  readonly latest: number | null;
  readonly nextEvent: number;
  readonly counts: CorrelatorCounts;
  readonly groups: readonly {
    readonly correlation: number;
    readonly key: string;
    readonly quietUntil: number | null;
    readonly entries: readonly GroupEntry[];
  }[];
}
