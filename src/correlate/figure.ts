import type { PlannedCorrelation } from './plan.ts';
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

export function figureFor({ rule, members }: PlannedCorrelation): Figure {
  switch (rule.type) {
    case 'event_count':
      return members.length === 1 ? new EntryCount() : new EventCount();
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

class MemberCount implements Figure {
  /** By member. */
  readonly #counts: number[] = [];
  #distinct = 0;

  add({ member }: WindowEntry): void {
    const before = this.#counts[member] ?? 0;
    if (before === 0) this.#distinct++;
    this.#counts[member] = before + 1;
  }

  remove({ member }: WindowEntry): void {
    const left = (this.#counts[member] ?? 0) - 1;
    if (left === 0) this.#distinct--;
    this.#counts[member] = left;
  }

  value(_latest: WindowEntry | undefined): number | undefined {
    return this.#distinct;
  }

  seen(member: number): boolean {
    return (this.#counts[member] ?? 0) > 0;
  }
}

/** Every entry is an event: a correlation of one rule. */
class EntryCount extends MemberCount {
  #entries = 0;

  override add(entry: WindowEntry): void {
    super.add(entry);
    this.#entries++;
  }

  override remove(entry: WindowEntry): void {
    super.remove(entry);
    this.#entries--;
  }

  override value(): number | undefined {
    return this.#entries;
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
  readonly #entries = new Set<WindowEntry>();
  #sum = 0;
  #count = 0;
  /** Numbers with which a sum kept by adding and subtracting would drift: then it is summed anew when asked. */
  #inexact = 0;

  constructor(isAverage: boolean) {
    super();
    this.#isAverage = isAverage;
  }

  override add(entry: WindowEntry): void {
    super.add(entry);
    this.#entries.add(entry);
    this.#take(entry, 1);
  }

  override remove(entry: WindowEntry): void {
    super.remove(entry);
    this.#entries.delete(entry);
    this.#take(entry, -1);
  }

  override value(): number | undefined {
    if (this.#count === 0) return undefined;
    let sum = this.#sum;
    if (this.#inexact > 0) {
      // In an order that does not depend on how the events came.
      sum = 0;
      for (const number of [...this.#entries].flatMap(numbersOf).sort((a, b) => a - b)) sum += number;
    }
    return this.#isAverage ? sum / this.#count : sum;
  }

  #take(entry: WindowEntry, sign: 1 | -1): void {
    for (const number of numbersOf(entry)) {
      this.#count += sign;
      if (Number.isInteger(number) && Math.abs(number) <= MOST_EXACT) this.#sum += sign * number;
      else this.#inexact += sign;
    }
  }
}

/** Some millions of whole numbers up to this have a sum that is exact. */
const MOST_EXACT = 2 ** 31;

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
