import type { EventReference } from './observation.ts';
import { expressionHolds, figureFor, withinBounds } from './figure.ts';
import type { Figure, WindowEntry } from './figure.ts';
import type { PlannedCorrelation } from './plan.ts';

/** An entry with what the alert says of it. */
export interface GroupEntry extends WindowEntry {
  readonly id: string;
  readonly place: EventReference;
  readonly rule: number;
  /** The fields that correlations of this one ask for. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

/** A window that holds: its entries from `from` on, up to and with `to`. */
export interface Held {
  readonly figure: number;
  readonly entries: readonly GroupEntry[];
}

/** The events of one correlation that have the same group, by time. */
export class Group {
  readonly #plan: PlannedCorrelation;
  #entries: GroupEntry[] = [];
  /** The figure of the window that ends at the last entry, and where that window begins. */
  #figure: Figure;
  #head = 0;
  readonly #ids = new Set<string>();
  /** Until when a window that holds is the one already said. */
  quietUntil = -Infinity;

  constructor(plan: PlannedCorrelation) {
    this.#plan = plan;
    this.#figure = figureFor(plan);
  }

  get entries(): readonly GroupEntry[] {
    return this.#entries;
  }

  get first(): number {
    return this.#entries[0]?.time ?? Infinity;
  }

  get last(): number {
    return this.#entries.at(-1)?.time ?? -Infinity;
  }

  /** Did this event come before, as the same member? */
  has(entry: GroupEntry): boolean {
    return this.#ids.has(idOf(entry));
  }

  /** Takes an entry in its place by time, behind those of the same time. Returns whether it is the last. */
  insert(entry: GroupEntry): boolean {
    this.#ids.add(idOf(entry));
    if (entry.time >= this.last) {
      this.#entries.push(entry);
      this.#figure.add(entry);
      this.#slide(entry.time);
      return true;
    }
    let at = this.#entries.length;
    while (at > 0 && (this.#entries[at - 1]?.time ?? 0) > entry.time) at--;
    this.#entries.splice(at, 0, entry);
    this.#rebuild();
    return false;
  }

  /** Leaves out entries before `time`; returns how many. */
  dropBefore(time: number): number {
    let count = 0;
    while (count < this.#entries.length && (this.#entries[count]?.time ?? 0) < time) count++;
    return this.drop(count);
  }

  /** Leaves out the oldest. */
  drop(count: number): number {
    if (count === 0) return 0;
    for (let i = this.#head; i < count; i++) {
      const entry = this.#entries[i];
      if (entry) this.#figure.remove(entry);
    }
    for (const gone of this.#entries.splice(0, count)) this.#ids.delete(idOf(gone));
    this.#head = Math.max(0, this.#head - count);
    return count;
  }

  /** Does the window that ends with the last entry hold? */
  holds(): Held | undefined {
    return this.#judge(this.#figure, this.#head, this.#entries.length);
  }

  /** Does any window hold that ends with an entry of `time` or later, and may still have that time in it? */
  holdsAround(time: number): Held | undefined {
    const { timespanMs } = this.#plan.rule;
    const figure = figureFor(this.#plan);
    let head = 0;
    for (let end = 0; end < this.#entries.length; end++) {
      const entry = this.#entries[end];
      if (entry === undefined || entry.time >= time + timespanMs) break;
      if (entry.time <= time - timespanMs) {
        head = end + 1;
        continue;
      }
      figure.add(entry);
      for (let old = this.#entries[head]; old && old.time <= entry.time - timespanMs; old = this.#entries[++head])
        figure.remove(old);
      if (entry.time < time) continue;
      const held = this.#judge(figure, head, end + 1);
      if (held) return held;
    }
    return undefined;
  }

  /** Judges the entries before `end` (a time) as one closed window, and leaves them out. */
  close(end: number): Held | undefined {
    let count = 0;
    while (count < this.#entries.length && (this.#entries[count]?.time ?? 0) < end) count++;
    const figure = figureFor(this.#plan);
    const inside = this.#entries.slice(0, count);
    for (const entry of inside) figure.add(entry);
    let held: Held | undefined;
    // The share of a value is asked of each; every other figure is the same whichever came last.
    const asked =
      this.#plan.rule.type === 'value_percentile' && this.#plan.rule.percentile === undefined
        ? inside
        : inside.slice(-1);
    for (const entry of asked) held ??= this.#judge(figure, 0, count, entry);
    for (const gone of this.#entries.splice(0, count)) this.#ids.delete(idOf(gone));
    this.#rebuild();
    return held;
  }

  /** For restoring. */
  fill(entries: readonly GroupEntry[]): void {
    this.#entries = [...entries];
    this.#ids.clear();
    for (const entry of entries) this.#ids.add(idOf(entry));
    this.#rebuild();
  }

  #judge(figure: Figure, from: number, end: number, latest = this.#entries[end - 1]): Held | undefined {
    const { rule, members } = this.#plan;
    const { condition } = rule;
    const value = figure.value(latest);
    if (condition.kind === 'bounds') {
      if (!withinBounds(value, condition.bounds)) return undefined;
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

  #slide(time: number): void {
    const { timespanMs } = this.#plan.rule;
    for (let old = this.#entries[this.#head]; old && old.time <= time - timespanMs; old = this.#entries[++this.#head])
      this.#figure.remove(old);
  }

  #rebuild(): void {
    this.#figure = figureFor(this.#plan);
    this.#head = 0;
    for (const entry of this.#entries) this.#figure.add(entry);
    if (this.#entries.length > 0) this.#slide(this.last);
  }
}

/**
 * The most members that occur in the order of the rule, each by an event of its own that is not before the one of the
 * member before it. `best[n]`: the chains of n members, by the member that they end with.
 */
function longestChain(entries: readonly GroupEntry[], members: number): number {
  const endsWith: number[] = Array.from({ length: members }, () => 0);
  let pending: { member: number; length: number }[] = [];
  let event = -1;
  const settle = (): void => {
    for (const { member, length } of pending) endsWith[member] = Math.max(endsWith[member] ?? 0, length);
    pending = [];
  };
  for (const entry of entries) {
    // Chains that this very event ends are not gone on with by the same event.
    if (entry.event !== event) settle();
    event = entry.event;
    let before = 0;
    for (let i = 0; i < entry.member; i++) before = Math.max(before, endsWith[i] ?? 0);
    pending.push({ member: entry.member, length: before + 1 });
  }
  settle();
  return Math.max(0, ...endsWith);
}

function idOf({ member, id }: GroupEntry): string {
  return `${member}|${id}`;
}
