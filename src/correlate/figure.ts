import type { PlannedCorrelation } from './plan.ts';
import type { Condition } from '../sigma/rule.ts';
import type { Bound } from '../sigma/correlation-rule.ts';

/** One event in a window. `value` is what the correlation looks at; `event` is the same for one event under two rules. */
export interface WindowEntry {
  readonly time: number;
  readonly event: number;
  /** Which of the correlation's members. */
  readonly member: number;
  readonly values: readonly string[];
}

/** Keeps the figure of a window while entries come at its end and leave at its beginning. */
export interface Figure {
  add(entry: WindowEntry): void;
  remove(entry: WindowEntry): void;
  /** `latest`: the entry that came last. Undefined where there is none, such as an average of no numbers. */
  value(latest: WindowEntry | undefined): number | undefined;
  /** The members seen. */
  seen(member: number): boolean;
}

export function figureFor({ rule }: PlannedCorrelation): Figure {
  switch (rule.type) {
    case 'event_count':
      return new EventCount();
    case 'value_count':
      return new ValueCount();
    case 'temporal':
    case 'temporal_ordered':
      return new MemberCount();
    case 'value_sum':
    case 'value_avg':
      return new Sum(rule.type === 'value_avg');
    case 'value_median':
      return new Percentile(50, true);
    case 'value_percentile':
      return rule.percentile === undefined ? new Share() : new Percentile(rule.percentile, false);
  }
}

export function withinBounds(figure: number | undefined, bounds: readonly Bound[]): boolean {
  if (figure === undefined) return false;
  return bounds.every(({ operator, value }) => {
    switch (operator) {
      case 'gt':
        return figure > value;
      case 'gte':
        return figure >= value;
      case 'lt':
        return figure < value;
      case 'lte':
        return figure <= value;
      case 'eq':
        return figure === value;
      case 'neq':
        return figure !== value;
    }
  });
}

/** Does an expression over rules hold, with those seen? */
export function expressionHolds(condition: Condition, seen: (reference: string) => boolean): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.items.every((item) => expressionHolds(item, seen));
    case 'or':
      return condition.items.some((item) => expressionHolds(item, seen));
    case 'not':
      return !expressionHolds(condition.item, seen);
    case 'identifier':
      return seen(condition.name);
    case 'of': {
      const count = condition.names.filter(seen).length;
      return count >= (condition.atLeast ?? condition.names.length);
    }
  }
}

class MemberCount implements Figure {
  readonly #counts = new Map<number, number>();

  add({ member }: WindowEntry): void {
    this.#counts.set(member, (this.#counts.get(member) ?? 0) + 1);
  }

  remove({ member }: WindowEntry): void {
    const left = (this.#counts.get(member) ?? 0) - 1;
    if (left > 0) this.#counts.set(member, left);
    else this.#counts.delete(member);
  }

  value(_latest: WindowEntry | undefined): number | undefined {
    return this.#counts.size;
  }

  seen(member: number): boolean {
    return this.#counts.has(member);
  }
}

/** An event that several of the rules match is one event. */
class EventCount extends MemberCount {
  readonly #events = new Map<number, number>();

  override add(entry: WindowEntry): void {
    super.add(entry);
    this.#events.set(entry.event, (this.#events.get(entry.event) ?? 0) + 1);
  }

  override remove(entry: WindowEntry): void {
    super.remove(entry);
    const left = (this.#events.get(entry.event) ?? 0) - 1;
    if (left > 0) this.#events.set(entry.event, left);
    else this.#events.delete(entry.event);
  }

  override value(): number | undefined {
    return this.#events.size;
  }
}

class ValueCount extends MemberCount {
  protected readonly counts = new Map<string, number>();
  protected total = 0;

  override add(entry: WindowEntry): void {
    super.add(entry);
    for (const value of entry.values) {
      this.counts.set(value, (this.counts.get(value) ?? 0) + 1);
      this.total++;
    }
  }

  override remove(entry: WindowEntry): void {
    super.remove(entry);
    for (const value of entry.values) {
      this.total--;
      const left = (this.counts.get(value) ?? 0) - 1;
      if (left > 0) this.counts.set(value, left);
      else this.counts.delete(value);
    }
  }

  override value(_latest: WindowEntry | undefined): number | undefined {
    return this.counts.size;
  }
}

/** How many of a hundred values in the window are the one that the latest event has. */
class Share extends ValueCount {
  override value(latest: WindowEntry | undefined): number | undefined {
    const [value] = latest?.values ?? [];
    if (value === undefined || this.total === 0) return undefined;
    return (100 * (this.counts.get(value) ?? 0)) / this.total;
  }
}

const numbersOf = ({ values }: WindowEntry): readonly number[] =>
  values
    .filter((value) => value.trim() !== '' && value.length <= 64)
    .map(Number)
    .filter(Number.isFinite);

/** Values that are no numbers take no part. */
class Sum extends MemberCount {
  readonly #isAverage: boolean;
  /** Summed anew when asked: sums kept by subtraction drift. */
  readonly #numbers = new Map<WindowEntry, readonly number[]>();

  constructor(isAverage: boolean) {
    super();
    this.#isAverage = isAverage;
  }

  override add(entry: WindowEntry): void {
    super.add(entry);
    this.#numbers.set(entry, numbersOf(entry));
  }

  override remove(entry: WindowEntry): void {
    super.remove(entry);
    this.#numbers.delete(entry);
  }

  override value(): number | undefined {
    let sum = 0;
    let count = 0;
    for (const numbers of this.#numbers.values())
      for (const number of numbers) {
        sum += number;
        count++;
      }
    if (count === 0) return undefined;
    return this.#isAverage ? sum / count : sum;
  }
}

/** The nearest-rank percentile; of a median with an even number of values the mean of the two in the middle. */
class Percentile extends MemberCount {
  readonly #percent: number;
  readonly #isMedian: boolean;
  readonly #entries = new Set<WindowEntry>();

  constructor(percent: number, isMedian: boolean) {
    super();
    this.#percent = percent;
    this.#isMedian = isMedian;
  }

  override add(entry: WindowEntry): void {
    super.add(entry);
    this.#entries.add(entry);
  }

  override remove(entry: WindowEntry): void {
    super.remove(entry);
    this.#entries.delete(entry);
  }

  override value(): number | undefined {
    const numbers = [...this.#entries].flatMap(numbersOf).sort((a, b) => a - b);
    const { length } = numbers;
    if (length === 0) return undefined;
    const upper = numbers[length >> 1] ?? 0;
    if (this.#isMedian) return length % 2 === 1 ? upper : ((numbers[(length >> 1) - 1] ?? 0) + upper) / 2;
    return numbers[Math.max(0, Math.ceil((this.#percent / 100) * length) - 1)];
  }
}
