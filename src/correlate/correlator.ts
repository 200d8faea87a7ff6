import { DueGroups } from './due-groups.ts';
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
const ENTRY_BYTES = 310;
const GROUP_BYTES = 280;
const SAID_BYTES = 16;
/** Once memory is short this part of it is made free: to look for the oldest group each time would cost more. */
const FREED_PART = 1 / 16;
/** The order of events is looked for among these. */
const MOST_ORDERED = 2000;
/** Contributing events that a match names. */
const MOST_NAMED = 100;
const MOST_CHAIN = 64;

/**
 * Joins events into correlations, by event time. A correlation that more events can only make truer (counts and sums with
 * lower bounds, temporal) is judged on the sliding window before each event, and said once for each `timespan`; any other
 * on windows that begin with a group's first event, and are judged when no event of theirs can come any more. Total: whatever
 * is observed, it never throws, and never holds more than `memoryBytes`.
 */
export class Correlator {
  readonly #plan: CorrelationPlan;
  readonly #options: CorrelatorOptions;
  /** By correlation and group, the one touched last at the end. */
  readonly #groups = new Map<string, Group>();
  /** Used only where lateness is bounded: else nothing is over before the end. */
  #due = new DueGroups();
  /** While windows are judged because a scan ends: those still to be judged. */
  #ending: DueGroups | undefined;
  readonly #users = new Map<number, User[]>();
  readonly #isSliding: ReadonlyMap<PlannedCorrelation, boolean>;
  /** How long after an event of its time a correlation may still get events, on top of lateness, by what it is made of. */
  readonly #delays = new Map<number, number>();
  #bytes = 0;
  #latest = -Infinity;
  #nextEvent = 0;
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
    const spans = new Map(
      plan.correlations.map((one) => [one.number, this.#isSliding.get(one) === true ? 0 : one.rule.timespanMs]),
    );
    for (const one of plan.correlations) {
      const behind = one.members.map(({ number }) => (this.#delays.get(number) ?? 0) + (spans.get(number) ?? 0));
      this.#delays.set(one.number, Math.max(0, ...behind));
      one.members.forEach((member, place) => {
        const users = this.#users.get(member.number) ?? [];
        users.push({ plan: one, member, place });
        this.#users.set(member.number, users);
      });
    }
  }

  get heldBytes(): number {
    return this.#bytes;
  }

  /** Takes an event; returns the correlations that now hold, those that others are made of first. */
  observe(observation: Observation): readonly CorrelationMatch[] {
    if (!Number.isFinite(observation.time)) return [];
    this.counts.observed++;
    if (observation.time < this.#watermark) {
      this.counts.late++;
      return [];
    }
    const matches: CorrelationMatch[] = [];
    this.#latest = Math.max(this.#latest, observation.time);
    this.#closeUpTo(this.#watermark, matches);
    const event = this.#nextEvent++;
    this.#take({ ...observation, event }, matches, 0);
    this.#bound(matches);
    return matches;
  }

  /** No more events come: windows that are still open are judged. */
  end(): readonly CorrelationMatch[] {
    return this.#closeAll(Infinity);
  }

  /** Events come later, after `save`: windows are judged that are over by the latest event, and its lateness. */
  pause(): readonly CorrelationMatch[] {
    return this.#closeAll(Number.isFinite(this.#options.latenessMs) ? this.#watermark : this.#latest);
  }

  save(): CorrelatorState {
    return {
      version: 2,
      latest: Number.isFinite(this.#latest) ? this.#latest : null,
      nextEvent: this.#nextEvent,
      counts: { ...this.counts },
      groups: Array.from(this.#groups.values(), ({ plan, key, said, entries }) => ({
        correlation: plan.number,
        key,
        said: [...said],
        entries,
      })),
    };
  }

  /** Goes on exactly where `save` was called, given the same plan. Groups of correlations that are not in it are left out. */
  restore(state: CorrelatorState): void {
    this.#groups.clear();
    this.#bytes = 0;
    this.#latest = state.latest ?? -Infinity;
    this.#nextEvent = state.nextEvent;
    this.counts = { ...state.counts };
    const plans = new Map(this.#plan.correlations.map((plan) => [plan.number, plan]));
    for (const saved of state.groups) {
      const plan = plans.get(saved.correlation);
      if (plan === undefined) continue;
      const group = this.#group(plan, saved.key);
      group.fill(
        saved.entries.filter(({ member }) => member < plan.members.length),
        saved.said,
      );
      this.#charge(group, SAID_BYTES * saved.said.length);
      for (const entry of group.entries) this.#charge(group, entryBytes(entry));
      this.#await(group);
    }
    this.#bound([]);
  }

  get #watermark(): number {
    return this.#latest - this.#options.latenessMs;
  }

  /** An event takes part under all its rules before any correlation is judged. */
  #take(seen: Seen, matches: CorrelationMatch[], depth: number): void {
    if (depth > MOST_CHAIN) return;
    const touched = new Map<Group, boolean>();
    for (const rule of seen.rules)
      for (const user of this.#users.get(rule) ?? []) {
        const key = groupKey(user.member, seen);
        if (key === undefined) {
          this.counts.ungrouped++;
          continue;
        }
        const group = this.#group(user.plan, key);
        const entry = this.#entry(user, rule, seen);
        if (group.has(entry)) {
          this.counts.duplicates++;
          continue;
        }
        const isLast = group.insert(entry);
        this.#charge(group, entryBytes(entry));
        touched.set(group, isLast && touched.get(group) !== false);
      }
    for (const [group, isLast] of touched) {
      if (this.#isSliding.get(group.plan) === true) this.#judge(group, isLast, seen.time, matches, depth);
      this.#await(group);
    }
  }

  #judge(group: Group, isLast: boolean, time: number, matches: CorrelationMatch[], depth: number): void {
    const held = isLast ? group.holds() : group.holdsAround(time);
    if (held) this.#say(group, held, matches, depth);
    this.#uncharge(group, group.dropBefore(this.#forgetBefore(group)));
    if (group.plan.rule.type !== 'temporal_ordered') return;
    const gone = group.drop(group.size - MOST_ORDERED);
    this.#uncharge(group, gone);
    this.counts.dropped_entries += gone.length;
  }

  #entry({ plan, member, place }: User, rule: number, seen: Seen): GroupEntry {
    return {
      time: seen.time,
      event: seen.event,
      member: place,
      values: valuesOf(plan, member, seen),
      id: seen.id,
      place: seen.place,
      rule,
      fields: this.#users.has(plan.number) ? seen.fields : NO_FIELDS,
    };
  }

  /** A correlation that holds is an event for others: it happens with its last event, and has that one's fields. */
  #say(from: Group, held: Held, matches: CorrelationMatch[], depth: number): void {
    const { plan } = from;
    const last = held.entries.at(-1);
    const first = held.entries[0];
    if (last === undefined || first === undefined) return;
    if (this.#isSliding.get(plan) === true)
      this.#charge(from, SAID_BYTES * from.say(last.time, this.#forgetBefore(from)));
    const values: readonly string[] = JSON.parse(from.key);
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
      rules: [plan.number],
      event: last.event,
      fields: { ...last.fields, ...own },
      place: last.place,
    };
    this.#take(seen, matches, depth + 1);
  }

  #group(plan: PlannedCorrelation, key: string): Group {
    const name = nameOf(plan, key);
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = new Group(plan, key);
      this.#charge(group, GROUP_BYTES + 2 * textBytes(name));
    } else this.#groups.delete(name);
    this.#groups.set(name, group);
    return group;
  }

  /** Entries and times before this can play no part any more. */
  #forgetBefore(group: Group): number {
    const { latenessMs } = this.#options;
    return group.last - group.plan.rule.timespanMs - latenessMs - (this.#delays.get(group.plan.number) ?? 0);
  }

  /** When a group is over: a closed window then is judged, a sliding one forgotten. */
  #dueOf(group: Group): number {
    const { plan } = group;
    const from = this.#isSliding.get(plan) === true ? group.last : group.first;
    return from + plan.rule.timespanMs + (this.#delays.get(plan.number) ?? 0);
  }

  #await(group: Group): void {
    if (group.isGone) return;
    const due = this.#dueOf(group);
    // One that is due later than it was is moved when its old time has come.
    if (due >= group.due) return;
    if (this.#ending === undefined) {
      if (Number.isFinite(this.#options.latenessMs)) this.#due.set(group, due);
    } else if (this.#isSliding.get(group.plan) !== true) this.#ending.set(group, due);
  }

  #charge(group: Group, bytes: number): void {
    group.bytes += bytes;
    if (!group.isGone) this.#bytes += bytes;
  }

  #uncharge(group: Group, gone: readonly GroupEntry[]): void {
    for (const entry of gone) this.#charge(group, -entryBytes(entry));
  }

  #closeUpTo(time: number, matches: CorrelationMatch[]): void {
    for (let group = this.#due.take(time); group !== undefined; group = this.#due.take(time)) {
      if (this.#dueOf(group) > time) this.#await(group);
      else if (this.#isSliding.get(group.plan) === true) this.#forget(group);
      else this.#close(group, matches);
    }
  }

  /** Judges the first window of a group as over. */
  #close(group: Group, matches: CorrelationMatch[]): void {
    const { held, gone } = group.close(group.first + group.plan.rule.timespanMs);
    this.#uncharge(group, gone);
    if (group.size === 0) this.#forget(group);
    else this.#await(group);
    if (held) this.#say(group, held, matches, 0);
  }

  #closeAll(time: number): readonly CorrelationMatch[] {
    const matches: CorrelationMatch[] = [];
    const ending = new DueGroups();
    this.#ending = ending;
    for (const group of this.#groups.values()) {
      group.due = Infinity;
      this.#await(group);
    }
    for (let group = ending.take(time); group !== undefined; group = ending.take(time)) {
      if (group.size > 0 && this.#dueOf(group) <= time) this.#close(group, matches);
      else this.#await(group);
    }
    this.#ending = undefined;
    this.#due = new DueGroups();
    for (const group of this.#groups.values()) {
      group.due = Infinity;
      this.#await(group);
    }
    return matches;
  }

  #bound(matches: CorrelationMatch[]): void {
    const { memoryBytes } = this.#options;
    if (this.#bytes <= memoryBytes) return;
    const enough = memoryBytes * (1 - FREED_PART);
    for (const group of this.#groups.values()) {
      if (this.#bytes <= enough) return;
      // The only group: the newest of its events stay.
      while (this.#groups.size === 1 && group.size > 1 && this.#bytes > enough) {
        const gone = group.drop(group.size >> 1);
        this.#uncharge(group, gone);
        this.counts.dropped_entries += gone.length;
      }
      if (this.#bytes <= enough) return;
      // A window that is over by the latest event loses nothing but what may come late.
      while (this.#isSliding.get(group.plan) !== true && this.#dueOf(group) <= this.#latest)
        this.#close(group, matches);
      if (group.isGone) continue;
      this.counts.dropped_groups++;
      this.counts.dropped_entries += group.size;
      this.#forget(group);
    }
  }

  #forget(group: Group): void {
    if (group.isGone) return;
    this.#groups.delete(nameOf(group.plan, group.key));
    this.#bytes -= group.bytes;
    group.isGone = true;
    this.#due.set(group, Infinity);
  }
}

/** A correlation that a rule is a member of. */
interface User {
  readonly plan: PlannedCorrelation;
  readonly member: PlannedMember;
  readonly place: number;
}

/** An event, or a correlation that holds as one. */
interface Seen extends Observation {
  readonly event: number;
}

const NO_FIELDS: GroupEntry['fields'] = {};

/** More events can only raise the figure, and only lower bounds are asked. */
function isSliding({ rule: { type, condition } }: PlannedCorrelation): boolean {
  if (type === 'value_avg' || type === 'value_median' || type === 'value_percentile') return false;
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

function nameOf(plan: PlannedCorrelation, key: string): string {
  return `${plan.number}\n${key}`;
}

/** A text takes one byte for a character where all are Latin-1, else two. */
function textBytes(text: string): number {
  return 24 + 2 * text.length;
}

function entryBytes({ values, id, place, fields }: GroupEntry): number {
  let bytes = ENTRY_BYTES + textBytes(id) + (place.file.length >> 3);
  for (const value of values) bytes += 8 + textBytes(value);
  for (const [field, texts] of Object.entries(fields))
    for (const text of texts) bytes += 64 + textBytes(text) + 2 * field.length;
  return bytes;
}
