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

/** Is this a state that `Correlator.restore` can go on from? Looks at every part, for a file may hold anything. */
export function isCorrelatorState(value: unknown): value is CorrelatorState {
  if (!isRecord(value) || value['version'] !== 1 || !isRecord(value['counts']) || !Array.isArray(value['groups']))
    return false;
  if (!isNumberOrNull(value['latest']) || !Number.isSafeInteger(value['nextEvent'])) return false;
  if (!COUNTS.every((name) => Number.isSafeInteger(isRecord(value['counts']) ? value['counts'][name] : undefined)))
    return false;
  return value['groups'].every(
    (group: unknown) =>
      isRecord(group) &&
      Number.isSafeInteger(group['correlation']) &&
      isTexts(parsed(group['key'])) &&
      isNumberOrNull(group['quietUntil']) &&
      Array.isArray(group['entries']) &&
      group['entries'].every(isEntry),
  );
}

const COUNTS = ['observed', 'duplicates', 'late', 'ungrouped', 'dropped_groups', 'dropped_entries'];

function isEntry(value: unknown): boolean {
  if (!isRecord(value) || typeof value['id'] !== 'string' || !isTexts(value['values'])) return false;
  const { time, event, member, rule, place, fields } = value;
  if (![time, event, member, rule].every(Number.isFinite) || !isRecord(place) || !isRecord(fields)) return false;
  if (typeof place['file'] !== 'string' || ![place['line'], place['byte']].every(Number.isFinite)) return false;
  return Object.values(fields).every(isTexts);
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

function isNumberOrNull(value: unknown): boolean {
  return value === null || Number.isFinite(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
