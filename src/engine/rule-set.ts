import type { LogSource } from '../event/log-source.ts';
import type { RuleLogSource, SigmaRule } from '../sigma/rule.ts';
import { compileRuleIn } from './compile.ts';
import type { FramedRule, RuleMatch } from './compile.ts';
import { EventFrame } from './event-frame.ts';
import type { EventSchema } from './event-view.ts';
import { KnownSources, sourceKey } from './known-sources.ts';
import type { Gate } from './nodes.ts';

export type { RuleMatch } from './compile.ts';

/** The rules of a scan as they run on events of one shape. */
export interface RuleSet<Event> {
  /** Every rule that holds, in the order of the rules. */
  matchAll(event: Event): readonly RuleMatch[];
  /**
   * Those of `rules` (places in the order of the rules) that hold, in that order. Where events come from is not looked at. A list is not to
   * change once it was given.
   */
  matchThese(event: Event, rules: readonly number[]): readonly RuleMatch[];
  /** `match` asks after this event from now on. */
  begin(event: Event): void;
  /** The rule at this place, where it holds for the event that was begun. */
  match(rule: number): RuleMatch | undefined;
}

/** Sources that events name in several parts can be many; beyond this rules are chosen anew for each event. */
const MOST_PARTITIONS = 1024;

const NOTHING: readonly RuleMatch[] = [];

/** The rules for events from one place, by what they need. */
interface Partition {
  /** In the order of the rules. */
  readonly rules: readonly number[];
  /** For each of them the gate that it waits behind, where it has one. */
  readonly gates: readonly (Gate | undefined)[];
}

/**
 * Compiles rules for one shape; each is compiled when the first event comes that it is for. A rule for another log source
 * never runs, nor does one that cannot match on this shape.
 */
export function compileRules<Event>(rules: readonly SigmaRule[], schema: EventSchema<Event>): RuleSet<Event> {
  const frame = new EventFrame(schema);
  const gates = new Map<string, Gate>();
  const sources = KnownSources.in(rules);
  const compiled: (FramedRule | undefined)[] = [];
  const partitions = new Map<string, Partition>();
  /** The log source that was last looked at: events come in runs. */
  let last: { readonly source: LogSource; readonly partition: Partition } | undefined;
  const ready = (number: number): FramedRule | undefined => {
    const rule = rules[number];
    return (compiled[number] ??= rule && compileRuleIn(frame, rule, gates));
  };
  /** The list that came last: some callers have one list for many events. */
  let listed: { readonly numbers: readonly number[]; partition: Partition | undefined } | undefined;
  const partitionFrom = (numbers: readonly number[]): Partition => {
    const inOrder = numbers.filter((number) => ready(number)?.neverMatches === false).sort((a, b) => a - b);
    return { rules: inOrder, gates: inOrder.map((number) => compiled[number]?.gate) };
  };
  const choose = (source: LogSource): Partition =>
    partitionFrom(rules.flatMap((rule, number) => (isFor(rule.logsource, source) ? [number] : [])));
  const partitionOf = (source: LogSource): Partition => {
    if (
      last !== undefined &&
      last.source.category === source.category &&
      last.source.product === source.product &&
      last.source.service === source.service
    )
      return last.partition;
    const known = sources.of(source);
    const key = sourceKey(known);
    let partition = partitions.get(key);
    if (partition === undefined) {
      partition = choose(known);
      if (partitions.size < MOST_PARTITIONS) partitions.set(key, partition);
    }
    last = { source, partition };
    return partition;
  };
  const match = ({ rules: numbers, gates: waitingFor }: Partition): readonly RuleMatch[] => {
    let matches: RuleMatch[] | undefined;
    for (let i = 0; i < numbers.length; i++) {
      if (waitingFor[i]?.test() === false) continue;
      const found = compiled[numbers[i] ?? -1]?.match();
      if (found) (matches ??= []).push(found);
    }
    return matches ?? NOTHING;
  };
  /** As `match`, for a list that is not worth being looked through first. */
  const matchEach = (numbers: readonly number[]): readonly RuleMatch[] => {
    let matches: RuleMatch[] | undefined;
    for (const number of numbers) {
      const found = ready(number)?.match();
      if (found) (matches ??= []).push(found);
    }
    return matches ?? NOTHING;
  };
  return {
    matchAll(event) {
      const partition = partitionOf(schema.logSource(event));
      frame.begin(event);
      return match(partition);
    },
    matchThese(event, numbers) {
      frame.begin(event);
      if (listed?.numbers === numbers) {
        listed.partition ??= partitionFrom(numbers);
        return match(listed.partition);
      }
      listed = { numbers, partition: undefined };
      return matchEach(numbers.toSorted((a, b) => a - b));
    },
    begin(event) {
      frame.begin(event);
    },
    match: (number) => ready(number)?.match(),
  };
}

/** A rule never runs on an event that is known to come from elsewhere. What is not known contradicts nothing. */
export function isFor(rule: RuleLogSource, event: LogSource): boolean {
  return (
    agrees(rule.product, event.product) && agrees(rule.category, event.category) && agrees(rule.service, event.service)
  );
}

/** One of several is enough. */
function agrees(wanted: string | undefined, known: string | readonly string[] | undefined): boolean {
  if (wanted === undefined || known === undefined) return true;
  const lower = wanted.toLowerCase();
  return typeof known === 'string' ? lower === known.toLowerCase() : known.some((one) => lower === one.toLowerCase());
}
