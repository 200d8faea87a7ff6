import type { CorrelatorCounts } from './correlator.ts';
import type { GroupEntry } from './group.ts';

/** All that a correlator remembers, as plain data that JSON keeps exactly. */
export interface CorrelatorState {
  readonly version: 2;
  readonly latest: number | null;
  readonly nextEvent: number;
  readonly counts: CorrelatorCounts;
  readonly groups: readonly {
    readonly correlation: number;
    readonly key: string;
    /** When it held, within a timespan of which it is not said again. */
    readonly said: readonly number[];
    readonly entries: readonly GroupEntry[];
  }[];
}

export type SavedGroup = Omit<CorrelatorState['groups'][number], 'entries'>;

/** Is this what a state begins with, all but its groups? Looks at every part, for a file may hold anything. */
export function isStateHead(value: unknown): value is Omit<CorrelatorState, 'groups'> {
  if (!isRecord(value) || value['version'] !== 2) return false;
  const { latest, nextEvent, counts } = value;
  return (
    (latest === null || isTime(latest)) &&
    isCount(nextEvent) &&
    isRecord(counts) &&
    COUNTS.every((name) => isCount(counts[name]))
  );
}

const COUNTS = ['observed', 'duplicates', 'late', 'ungrouped', 'dropped_groups', 'dropped_entries'];

export function isSavedGroup(value: unknown): value is SavedGroup {
  return (
    isRecord(value) &&
    isCount(value['correlation']) &&
    isTexts(parsed(value['key'])) &&
    Array.isArray(value['said']) &&
    value['said'].every(isTime) &&
    value['said'].every((time: unknown, i, all: readonly unknown[]) => i === 0 || Number(all[i - 1]) <= Number(time))
  );
}

/** Is this an entry of a group, not before the one `before` it? */
export function isSavedEntry(value: unknown, before: GroupEntry | undefined): value is GroupEntry {
  if (!isRecord(value) || typeof value['id'] !== 'string' || !isTexts(value['values'])) return false;
  const { time, event, member, rule, place, fields } = value;
  if (!isTime(time) || ![event, member, rule].every(isCount) || !isRecord(place) || !isRecord(fields)) return false;
  if (before !== undefined && before.time > time) return false;
  if (typeof place['file'] !== 'string' || !isCount(place['line']) || !isCount(place['byte'])) return false;
  return Object.values(fields).every(isTexts);
}

/** The latest time that JavaScript has a date for. */
const LAST_TIME = 8.64e15;

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= LAST_TIME;
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
