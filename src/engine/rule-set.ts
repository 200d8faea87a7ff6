import type { LogSource } from '../event/log-source.ts';
import type { RuleLogSource, SigmaRule } from '../sigma/rule.ts';
import { compileRuleIn } from './compile.ts';
import type { FramedRule, RuleMatch } from './compile.ts';
import { EventFrame } from './event-frame.ts';
import type { EventSchema } from './event-view.ts';
import { KnownSources, sourceKey } from './known-sources.ts';

export type { RuleMatch } from './compile.ts';

/** The rules of a scan as they run on events of one shape. */
export interface RuleSet<Event> {
  /** Every rule that holds, in the order of the rules. */
  matchAll(event: Event): readonly RuleMatch[];
  /** Those of `rules` (places in the order of the rules) that hold, in that order. Where events come from is not looked at. */
  matchThese(event: Event, rules: readonly number[]): readonly RuleMatch[];
  /** `test` asks after this event from now on. */
  begin(event: Event): void;
  /** Does the rule at this place hold for the event that was begun? */
  test(rule: number): boolean;
}

/** Sources that events name in several parts can be many; beyond this rules are chosen anew for each event. */
const MOST_PARTITIONS = 1024;

const NOTHING: readonly RuleMatch[] = [];

/**
 * Compiles rules for one shape; each is compiled when the first event comes that it is for. A rule for another log source
 * never runs, nor does one that cannot match on this shape.
 */
export function compileRules<Event>(rules: readonly SigmaRule[], schema: EventSchema<Event>): RuleSet<Event> {
  const frame = new EventFrame(schema);
  const sources = KnownSources.in(rules);
  const compiled: (FramedRule | undefined)[] = [];
  const partitions = new Map<string, readonly number[]>();
  const ready = (number: number): FramedRule | undefined => {
    const rule = rules[number];
    return (compiled[number] ??= rule && compileRuleIn(frame, rule));
  };
  const choose = (source: LogSource): readonly number[] =>
    rules.flatMap((rule, number) =>
      isFor(rule.logsource, source) && ready(number)?.neverMatches === false ? [number] : [],
    );
  const match = (numbers: readonly number[]): readonly RuleMatch[] => {
    let matches: RuleMatch[] | undefined;
    for (const number of numbers) {
      const found = ready(number)?.match();
      if (found) (matches ??= []).push(found);
    }
    return matches ?? NOTHING;
  };
  return {
    matchAll(event) {
      const source = sources.of(schema.logSource(event));
      const key = sourceKey(source);
      let partition = partitions.get(key);
      if (partition === undefined) {
        partition = choose(source);
        if (partitions.size < MOST_PARTITIONS) partitions.set(key, partition);
      }
      frame.begin(event);
      return match(partition);
    },
    matchThese(event, numbers) {
      frame.begin(event);
      return match(numbers.toSorted((a, b) => a - b));
    },
    begin(event) {
      frame.begin(event);
    },
    test: (number) => ready(number)?.test() ?? false,
  };
}

/** A rule never runs on an event that is known to come from elsewhere. What is not known contradicts nothing. */
export function isFor(rule: RuleLogSource, event: LogSource): boolean {
  const { category } = event;
  return (
    agrees(rule.product, event.product) &&
    (typeof category === 'object'
      ? category.some((one) => agrees(rule.category, one))
      : agrees(rule.category, category)) &&
    agrees(rule.service, event.service)
  );
}

function agrees(wanted: string | undefined, known: string | undefined): boolean {
  return wanted === undefined || known === undefined || wanted.toLowerCase() === known.toLowerCase();
}
