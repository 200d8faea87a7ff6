import { Group } from './group.ts';
import type { GroupEntry, Held } from './group.ts';
import type { CorrelationMatch, Observation } from './observation.ts';
import type { CorrelationPlan, PlannedCorrelation, PlannedMember } from './plan.ts';
import type { CorrelatorState } from './state.ts';

export interface CorrelatorOptions {
  /** Events this much older than the latest are not looked at, and counted. `Infinity`: none is too late. */
  readonly latenessMs: number;
  /** What all windows together may take, by estimate. The groups not touched for longest go first, and are counted. */
  readonly memoryBytes: number;
}

export interface CorrelatorCounts {
  observed: number;
  duplicates: number;
  late: number;
  /** Events that lack a field of the group. */
  ungrouped: number;
  /** Groups and entries that went because of the bound on memory. */
  dropped_groups: number;
  dropped_entries: number;
}

/** What an entry costs besides its texts, and a group besides its entries; measured on V8. */
const ENTRY_BYTES = 160;
const GROUP_BYTES = 700;
/** Entries of one group. */
const MOST_ENTRIES = 20_000;
/** The order of events is looked for among these. */
const MOST_ORDERED = 2000;
/** Contributing events that a match names. */
const MOST_NAMED = 100;
const MOST_CHAIN = 64;

/**
 * Joins events into correlations, by event time. A correlation that more events can only make truer (counts with lower
 * bounds, temporal) is judged on the sliding window before each event, and said once for each `timespan`; any other
 * on windows that begin with a group's first event and are judged when they are over. Total: whatever is observed, it never
 * throws, and never holds more than `memoryBytes`.
 */
export class Correlator {
  readonly #plan: CorrelationPlan;
  readonly #options: CorrelatorOptions;
  /** By correlation and group, the one touched last at the end. */
  readonly #groups = new Map<
    string,
    { readonly plan: PlannedCorrelation; readonly key: string; readonly group: Group; bytes: number }
  >();
  readonly #users = new Map<
    number,
    { readonly plan: PlannedCorrelation; readonly member: PlannedMember; readonly place: number }[]
  >();
  readonly #isSliding: ReadonlyMap<PlannedCorrelation, boolean>;
  #bytes = 0;
  #latest = -Infinity;
  #nextEvent = 0;
  #sinceSweep = 0;
  counts: CorrelatorCounts = {
    observed: 0,
    duplicates: 0,
    late: 0,
    ungrouped: 0,
    dropped_groups: 0,
    dropped_entries: 0,
  };

  constructor(plan: CorrelationPlan, options: CorrelatorOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#isSliding = new Map(plan.correlations.map((one) => [one, isSliding(one)]));
    for (const one of plan.correlations)
      one.members.forEach((member, place) => {
        const users = this.#users.get(member.number) ?? [];
        users.push({ plan: one, member, place });
        this.#users.set(member.number, users);
      });
  }

  get heldBytes(): number {
    return this.#bytes;
  }

  /** Takes an event; returns the correlations that now hold, those that others are made of first. */
  observe(observation: Observation): readonly CorrelationMatch[] {
    if (!Number.isFinite(observation.time)) return [];
    this.counts.observed++;
    if (observation.time < this.#latest - this.#options.latenessMs) {
      this.counts.late++;
      return [];
    }
    const matches: CorrelationMatch[] = [];
    this.#latest = Math.max(this.#latest, observation.time);
    if (Number.isFinite(this.#options.latenessMs)) this.#closeOver(this.#latest - this.#options.latenessMs, matches);
    const event = this.#nextEvent++;
    for (const rule of observation.rules) this.#take({ ...observation, rule, event }, matches, 0);
    this.#bound();
    return matches;
  }

  /** No more events come: windows that are still open are judged. */
  end(): readonly CorrelationMatch[] {
    const matches: CorrelationMatch[] = [];
    this.#closeOver(Infinity, matches);
    return matches;
  }

  save(): CorrelatorState {
    return {
      version: 1,
      latest: Number.isFinite(this.#latest) ? this.#latest : null,
      nextEvent: this.#nextEvent,
      counts: { ...this.counts },
      groups: [...this.#groups.values()].map(({ plan, key, group }) => ({
        correlation: plan.number,
        key,
        quietUntil: Number.isFinite(group.quietUntil) ? group.quietUntil : null,
        entries: [...group.entries],
      })),
    };
  }

  /** Goes on exactly where `save` was called, given the same plan. */
  restore(state: CorrelatorState): void {
    this.#groups.clear();
    this.#bytes = 0;
    this.#latest = state.latest ?? -Infinity;
    this.#nextEvent = state.nextEvent;
    this.counts = { ...state.counts };
    for (const saved of state.groups) {
      const plan = this.#plan.correlations.find(({ number }) => number === saved.correlation);
      if (plan === undefined) continue;
      const kept = this.#group(plan, saved.key);
      kept.group.fill(saved.entries);
      kept.group.quietUntil = saved.quietUntil ?? -Infinity;
      for (const entry of saved.entries) this.#charge(kept, entryBytes(entry));
    }
  }

  #take(seen: Seen, matches: CorrelationMatch[], depth: number): void {
    if (depth > MOST_CHAIN) return;
    for (const { plan, member, place } of this.#users.get(seen.rule) ?? []) {
      const key = groupKey(member, seen);
      if (key === undefined) {
        this.counts.ungrouped++;
        continue;
      }
      const kept = this.#group(plan, key);
      const { group } = kept;
      const entry: GroupEntry = {
        time: seen.time,
        event: seen.event,
        member: place,
        values: valuesOf(plan, member, seen),
        id: seen.id,
        place: seen.place,
        rule: seen.rule,
        fields: this.#users.has(plan.number) ? seen.fields : NO_FIELDS,
      };
      if (group.has(entry)) {
        this.counts.duplicates++;
        continue;
      }
      if (this.#isSliding.get(plan) !== true) {
        // A window begins with its first event; one before it makes it begin earlier.
        const end = group.first + plan.rule.timespanMs;
        if (seen.time >= end) {
          const before = group.entries.length;
          const held = group.close(end);
          this.#shrink(kept, before - group.entries.length);
          this.#say(kept, plan, held, matches, depth);
        }
        group.insert(entry);
        this.#charge(kept, entryBytes(entry));
        this.#cut(kept, MOST_ENTRIES);
        continue;
      }
      const isLast = group.insert(entry);
      this.#charge(kept, entryBytes(entry));
      const isQuiet = seen.time < group.quietUntil;
      const held = isQuiet ? undefined : isLast ? group.holds() : group.holdsAround(seen.time);
      if (held) {
        group.quietUntil = (held.entries.at(-1)?.time ?? seen.time) + plan.rule.timespanMs;
        this.#say(kept, plan, held, matches, depth);
      }
      const before =
        group.last -
        plan.rule.timespanMs -
        (Number.isFinite(this.#options.latenessMs) ? this.#options.latenessMs : Infinity);
      this.#shrink(kept, group.dropBefore(before));
      this.#cut(kept, plan.rule.type === 'temporal_ordered' ? MOST_ORDERED : MOST_ENTRIES);
    }
  }

  /** A correlation that holds is an event for others: it happens with its last event, and has that one's fields. */
  #say(
    kept: { readonly key: string },
    plan: PlannedCorrelation,
    held: Held | undefined,
    matches: CorrelationMatch[],
    depth: number,
  ): void {
    const last = held?.entries.at(-1);
    const first = held?.entries[0];
    if (held === undefined || last === undefined || first === undefined) return;
    const values: readonly string[] = JSON.parse(kept.key);
    const group = Object.fromEntries(plan.rule.groupBy.map((field, i) => [field, values[i] ?? '']));
    matches.push({
      correlation: plan.number,
      group,
      figure: held.figure,
      from: first.time,
      to: last.time,
      count: held.entries.length,
      events: held.entries.slice(-MOST_NAMED).map(({ id, rule, time, place }) => ({ id, rule, time, place })),
    });
    if (!this.#users.has(plan.number)) return;
    const own = Object.fromEntries(Object.entries(group).map(([field, value]) => [field, [value]]));
    const seen: Seen = {
      id: last.id,
      time: last.time,
      rule: plan.number,
      event: last.event,
      fields: { ...own, ...last.fields },
      place: last.place,
    };
    this.#take(seen, matches, depth + 1);
  }

  #group(plan: PlannedCorrelation, key: string): Kept {
    const name = `${plan.number}\n${key}`;
    let kept = this.#groups.get(name);
    if (kept === undefined) {
      kept = { plan, key, group: new Group(plan), bytes: 0 };
      this.#charge(kept, GROUP_BYTES + 4 * name.length);
    } else this.#groups.delete(name);
    this.#groups.set(name, kept);
    return kept;
  }

  #charge(kept: Kept, bytes: number): void {
    kept.bytes += bytes;
    this.#bytes += bytes;
  }

  /** Entries are charged alike when they go: what a group holds is made exact when it is empty. */
  #shrink(kept: Kept, entries: number): void {
    if (entries === 0) return;
    const each = kept.bytes / (kept.group.entries.length + entries + 1);
    this.#charge(kept, -Math.min(kept.bytes, each * entries));
  }

  /** The oldest entries beyond `most` go, and are counted. */
  #cut(kept: Kept, most: number): void {
    const dropped = kept.group.drop(Math.max(0, kept.group.entries.length - most));
    this.#shrink(kept, dropped);
    this.counts.dropped_entries += dropped;
  }

  #closeOver(watermark: number, matches: CorrelationMatch[]): void {
    // Sweeping costs a walk over the groups, so it waits until as many events have come as there are groups.
    if (watermark !== Infinity && this.#sinceSweep++ < this.#groups.size) return;
    this.#sinceSweep = 0;
    // A copy: what is said makes and moves groups of other correlations.
    const before = Array.from(this.#groups);
    for (const [name, kept] of before) {
      const { plan, group } = kept;
      if (this.#isSliding.get(plan) === true) {
        if (group.last + plan.rule.timespanMs <= watermark && watermark !== Infinity) this.#forget(name, kept);
        continue;
      }
      while (group.entries.length > 0 && group.first + plan.rule.timespanMs <= watermark) {
        const length = group.entries.length;
        const held = group.close(group.first + plan.rule.timespanMs);
        this.#shrink(kept, length - group.entries.length);
        this.#say(kept, plan, held, matches, 0);
      }
      if (group.entries.length === 0) this.#forget(name, kept);
    }
  }

  #bound(): void {
    for (const [name, kept] of this.#groups) {
      if (this.#bytes <= this.#options.memoryBytes) return;
      this.counts.dropped_groups++;
      this.counts.dropped_entries += kept.group.entries.length;
      this.#forget(name, kept);
    }
  }

  #forget(name: string, kept: Kept): void {
    this.#groups.delete(name);
    this.#bytes -= kept.bytes;
  }
}

interface Kept {
  readonly plan: PlannedCorrelation;
  readonly key: string;
  readonly group: Group;
  bytes: number;
}

/** One event as one rule's match. */
interface Seen extends Omit<Observation, 'rules'> {
  readonly rule: number;
  readonly event: number;
}

const NO_FIELDS: GroupEntry['fields'] = {};

/** More events can only raise the figure, and only lower bounds are asked. */
function isSliding({ rule: { type, condition } }: PlannedCorrelation): boolean {
  if (type !== 'event_count' && type !== 'value_count' && type !== 'temporal' && type !== 'temporal_ordered')
    return false;
  if (condition.kind === 'expression') return !hasNot(condition.expression);
  return condition.bounds.every(({ operator }) => operator === 'gt' || operator === 'gte');
}

function hasNot(
  condition: Extract<PlannedCorrelation['rule']['condition'], { kind: 'expression' }>['expression'],
): boolean {
  if (condition.kind === 'not') return true;
  return condition.kind === 'and' || condition.kind === 'or' ? condition.items.some(hasNot) : false;
}

/** The values of the group's fields; undefined where the event lacks one. */
function groupKey({ groupFields }: PlannedMember, { fields }: Seen): string | undefined {
  const values: string[] = [];
  for (const field of groupFields) {
    const found = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (found === undefined || found.length === 0) return undefined;
    values.push(found.length === 1 ? (found[0] ?? '') : JSON.stringify(found));
  }
  return JSON.stringify(values);
}

/** Several fields count as one value of several parts; one field with several values as several. */
function valuesOf({ rule }: PlannedCorrelation, { valueFields }: PlannedMember, { fields }: Seen): readonly string[] {
  const own = (field: string): readonly string[] => (Object.hasOwn(fields, field) ? (fields[field] ?? []) : []);
  const [only, ...others] = rule.type.startsWith('value_') ? valueFields : [];
  if (only === undefined) return [];
  if (others.length === 0) return own(only);
  const parts = valueFields.map(own);
  return parts.some((part) => part.length === 0) ? [] : [JSON.stringify(parts)];
}

function entryBytes({ values, id, place, fields }: GroupEntry): number {
  let bytes = ENTRY_BYTES + 2 * (id.length + place.file.length);
  for (const value of values) bytes += 32 + 2 * value.length;
  for (const [field, texts] of Object.entries(fields))
    for (const text of texts) bytes += 64 + 2 * (text.length + field.length);
  return bytes;
}
