import type { LogSource } from '../event/log-source.ts';
import type { RuleLogSource, SigmaRule } from '../sigma/rule.ts';
import { compileRuleIn } from './compile.ts';
import type { FramedRule, RuleMatch } from './compile.ts';
import { EventFrame } from './event-frame.ts';
import type { EventSchema } from './event-view.ts';

export type { RuleMatch } from './compile.ts';

/** The rules of a scan as they run on events of one shape. */
export interface RuleSet<Event> {
  /** Every rule that holds, in the order of the rules. */
  matchAll(event: Event): readonly RuleMatch[];
}

/** Log sources are read from events, so what is kept of them is bounded; beyond it rules are chosen anew for each event. */
const MOST_PARTITIONS = 1024;
const LONGEST_KEY = 1024;

const NOTHING: readonly RuleMatch[] = [];

/**
 * Compiles rules for one shape; each is compiled when the first event comes that it is for. A rule for another log source
 * never runs, nor does one that cannot match on this shape.
 */
export function compileRules<Event>(rules: readonly SigmaRule[], schema: EventSchema<Event>): RuleSet<Event> {
  const frame = new EventFrame(schema);
  const compiled = new Map<SigmaRule, FramedRule>();
  const partitions = new Map<string, readonly FramedRule[]>();
  const ready = (rule: SigmaRule): FramedRule => {
    let made = compiled.get(rule);
    if (made === undefined) compiled.set(rule, (made = compileRuleIn(frame, rule)));
    return made;
  };
  const choose = (source: LogSource): readonly FramedRule[] =>
    rules
      .filter((rule) => isFor(rule.logsource, source))
      .map(ready)
      .filter((rule) => !rule.neverMatches);
  return {
    matchAll(event) {
      const source = schema.logSource(event);
      const key = `${source.product ?? ''}\n${String(source.category ?? '')}\n${source.service ?? ''}`;
      let partition = partitions.get(key);
      if (partition === undefined) {
        partition = choose(source);
        if (partitions.size < MOST_PARTITIONS && key.length <= LONGEST_KEY) partitions.set(key, partition);
      }
      frame.begin(event);
      let matches: RuleMatch[] | undefined;
      for (const rule of partition) {
        const match = rule.match();
        if (match) (matches ??= []).push(match);
      }
      return matches ?? NOTHING;
    },
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
