import type { EventReference } from './observation.ts';
import { expressionHolds } from '../sigma/expression-holds.ts';
import { figureFor, withinBounds } from './figure.ts';
import type { Figure, WindowEntry } from './figure.ts';
import { longestChain } from './longest-chain.ts';
import type { PlannedCorrelation } from './plan.ts';

/** An entry with what the alert says of it. */
export interface GroupEntry extends WindowEntry {
  readonly id: string;
  readonly place: EventReference;
  readonly rule: number;
  /** The fields that correlations of this one ask for. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

/** A window that holds: its entries from the first to the last. */
export interface Held {
  readonly figure: number;
  readonly entries: readonly GroupEntry[];
}

/** Most groups stay small: up to so many entries are counted anew and looked through, and no table is kept of them. */
const FEW = 8;
/** Times at which a group held that are remembered. */
const MOST_SAID = 1000;

/** The events of one correlation that have the same group, by time. */
export class Group {
  readonly plan: PlannedCorrelation;
  /** The values of the group's fields, as JSON. */
  readonly key: string;
  /** What it takes, by estimate. */
  bytes = 0;
  /** When it is looked at next, in event time. */
  due = Infinity;
  isGone = false;
  #entries: GroupEntry[] = [];
  /** Entries before this one have left; they go from the list when it is worth moving the others. */
  #start = 0;
  /** Where the window begins that ends at the last entry, and its figure once it has more than a few. */
  #head = 0;
  #figure: Figure | undefined;
  #ids: Set<string> | undefined;
  /** When it held, in order: within a timespan of these it is not said again. */
  #said: number[] | undefined;

  constructor(plan: PlannedCorrelation, key: string) {
    this.plan = plan;
    this.key = key;
  }

  get size(): number {
    return this.#entries.length - this.#start;
  }

  get entries(): readonly GroupEntry[] {
    return this.#entries.slice(this.#start);
  }

  get said(): readonly number[] {
    return this.#said ?? [];
  }

  get first(): number {
    return this.#entries[this.#start]?.time ?? Infinity;
  }

  get last(): number {
    return this.size === 0 ? -Infinity : (this.#entries.at(-1)?.time ?? -Infinity);
  }

  /** Did this event come before, as the same member? */
  has({ member, id }: GroupEntry): boolean {
    if (this.#ids) return this.#ids.has(idOf(member, id));
    for (let i = this.#start; i < this.#entries.length; i++)
      if (this.#entries[i]?.id === id && this.#entries[i]?.member === member) return true;
    return false;
  }

  /** Takes an entry in its place by time, behind those of the same time. Returns whether it is the last. */
  insert(entry: GroupEntry): boolean {
    if (this.#ids === undefined && this.size >= FEW)
      this.#ids = new Set(this.entries.map(({ member, id }) => idOf(member, id)));
    this.#ids?.add(idOf(entry.member, entry.id));
    const { last } = this;
    if (entry.time >= last) {
      // A list made with its first entry has room for one; one that is pushed to has room for many.
      if (this.#entries.length === 0) this.#entries = [entry];
      else this.#entries.push(entry);
      this.#figure?.add(entry);
      this.#slide(entry.time);
      return true;
    }
    const isBeforeHead = entry.time <= last - this.plan.rule.timespanMs;
    this.#putAt(this.#after(entry.time), entry, isBeforeHead);
    if (!isBeforeHead) this.#figure?.add(entry);
    return false;
  }

  /** Moves the fewer entries; events that come newest first are put before all others. */
  #putAt(at: number, entry: GroupEntry, isBeforeHead: boolean): void {
    if (at - this.#start > this.size >> 1) {
      this.#entries.splice(at, 0, entry);
      if (isBeforeHead) this.#head++;
      return;
    }
    let place = at;
    if (this.#start === 0) {
      const room = FEW + (this.size >> 1);
      this.#entries = [...Array.from({ length: room }, () => entry), ...this.#entries];
      this.#start += room;
      this.#head += room;
      place += room;
    }
    this.#start--;
    this.#entries.copyWithin(this.#start, this.#start + 1, place);
    this.#entries[place - 1] = entry;
    if (!isBeforeHead) this.#head--;
  }

  /** Leaves out entries before `time`. */
  dropBefore(time: number): readonly GroupEntry[] {
    let count = 0;
    while ((this.#entries[this.#start + count]?.time ?? Infinity) < time) count++;
    return this.drop(count);
  }

  /** Leaves out the oldest. */
  drop(count: number): readonly GroupEntry[] {
    if (count <= 0) return [];
    const end = this.#start + count;
    const gone = this.#entries.slice(this.#start, end);
    for (let i = this.#head; i < end; i++) {
      const entry = this.#entries[i];
      if (entry) this.#figure?.remove(entry);
    }
    for (const { member, id } of gone) this.#ids?.delete(idOf(member, id));
    this.#head = Math.max(end, this.#head);
    this.#start = end;
    if (this.#start > FEW + (this.#entries.length >> 3)) {
      this.#entries = this.#entries.slice(this.#start);
      this.#head -= this.#start;
      this.#start = 0;
    }
    return gone;
  }

  /** Does the window that ends with the last entry hold? */
  holds(): Held | undefined {
    const end = this.#entries.length;
    if (this.#isQuiet(this.last)) return undefined;
    if (this.#figure === undefined && end - this.#head > FEW) this.#figure = this.#figureOver(this.#head, end);
    return this.#judge(this.#figure ?? this.#figureOver(this.#head, end), this.#head, end);
  }

  /** Does any window hold that ends with an entry of `time` or later, and may still have that time in it? */
  holdsAround(time: number): Held | undefined {
    const { timespanMs } = this.plan.rule;
    // A time that was said in that stretch makes all of it quiet.
    const next = this.said[firstIndex(this.said, (said) => said >= time)];
    if (next !== undefined && next < time + timespanMs) return undefined;
    const figure = figureFor(this.plan);
    let head = this.#after(time - timespanMs);
    for (let end = head; end < this.#entries.length; end++) {
      const entry = this.#entries[end];
      if (entry === undefined || entry.time >= time + timespanMs) break;
      figure.add(entry);
      for (let old = this.#entries[head]; old && old.time <= entry.time - timespanMs; old = this.#entries[++head])
        figure.remove(old);
      // An event is in the window under all its rules.
      if (entry.time < time || entry.event === this.#entries[end + 1]?.event || this.#isQuiet(entry.time)) continue;
      const held = this.#judge(figure, head, end + 1);
      if (held) return held;
    }
    return undefined;
  }

  /** Remembers that it held. Returns by how many the times remembered have grown. */
  say(time: number, forgetBefore: number): number {
    const said = (this.#said ??= []);
    const before = said.length;
    const at = firstIndex(said, (one) => one > time);
    said.splice(at, 0, time);
    said.splice(
      0,
      firstIndex(said, (one) => one >= forgetBefore),
    );
    if (said.length > MOST_SAID) said.splice(at * 2 > MOST_SAID ? 0 : MOST_SAID, 1);
    return said.length - before;
  }

  /** Judges the entries before `end` (a time) as one closed window, and leaves them out. */
  close(end: number): { readonly held: Held | undefined; readonly gone: readonly GroupEntry[] } {
    const { type, percentile } = this.plan.rule;
    const until = firstIndex(this.#entries, ({ time }) => time >= end, this.#start);
    const figure = this.#figureOver(this.#start, until);
    let held: Held | undefined;
    // The share of a value is asked of each; every other figure is the same whichever came last.
    const asked = type === 'value_percentile' && percentile === undefined ? this.#start : until - 1;
    for (let i = Math.max(asked, this.#start); i < until; i++)
      held ??= this.#judge(figure, this.#start, until, this.#entries[i]);
    return { held, gone: this.drop(until - this.#start) };
  }

  /** For restoring. */
  fill(entries: readonly GroupEntry[], said: readonly number[]): void {
    for (const entry of entries) this.insert(entry);
    this.#said = said.length === 0 ? undefined : [...said];
  }

  #judge(figure: Figure, from: number, end: number, latest = this.#entries[end - 1]): Held | undefined {
    const { rule, members } = this.plan;
    const { condition } = rule;
    const value = figure.value(latest);
    if (condition.kind === 'bounds') {
      // Members in order are never more than members; so those can be too many, but not too few.
      const asked =
        rule.type === 'temporal_ordered'
          ? condition.bounds.filter(({ operator }) => operator.startsWith('gt'))
          : condition.bounds;
      if (!withinBounds(value, asked)) return undefined;
    } else {
      const seen = (reference: string): boolean =>
        members.some((member, i) => member.reference === reference && figure.seen(i));
      if (!expressionHolds(condition.expression, seen)) return undefined;
    }
    const entries = this.#entries.slice(from, end);
    if (rule.type !== 'temporal_ordered') return { figure: value ?? 0, entries };
    const longest = longestChain(entries, members.length);
    const isEnough = condition.kind === 'bounds' ? withinBounds(longest, condition.bounds) : longest === (value ?? 0);
    return isEnough ? { figure: longest, entries } : undefined;
  }

  #figureOver(from: number, end: number): Figure {
    const figure = figureFor(this.plan);
    for (let i = from; i < end; i++) {
      const entry = this.#entries[i];
      if (entry) figure.add(entry);
    }
    return figure;
  }

  #slide(time: number): void {
    const { timespanMs } = this.plan.rule;
    for (let old = this.#entries[this.#head]; old && old.time <= time - timespanMs; old = this.#entries[++this.#head])
      this.#figure?.remove(old);
  }

  #isQuiet(time: number): boolean {
    const { timespanMs } = this.plan.rule;
    const next = firstIndex(this.said, (said) => said >= time);
    return (this.said[next] ?? Infinity) - time < timespanMs || time - (this.said[next - 1] ?? -Infinity) < timespanMs;
  }

  /** The place behind all entries up to and with `time`. */
  #after(time: number): number {
    return firstIndex(this.#entries, (entry) => entry.time > time, this.#start);
  }
}

/** The first place from which on `is` holds, in a list where it holds of none before and of all after. */
function firstIndex<T>(list: readonly T[], is: (one: T) => boolean, from = 0): number {
  let low = from;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = list[middle];
    if (one !== undefined && is(one)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function idOf(member: number, id: string): string {
  return `${member}|${id}`;
}
