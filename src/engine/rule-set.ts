import type { LogSource } from '../event/log-source.ts';
import type { RuleLogSource, SigmaRule } from '../sigma/rule.ts';
import { compileRule } from './compile.ts';
import type { CompiledRule, RuleMatch } from './compile.ts';
import type { EventSchema } from './event-view.ts';

/** The rules of a scan as they run on events of one shape. */
export interface RuleSet<Event> {
  /** Every rule that holds, in the order of the rules. */
  matchAll(event: Event): readonly RuleMatch[];
}

/** Log sources are read from events, so their number is bounded; beyond it rules are chosen anew for each event. */
const MOST_PARTITIONS = 1024;

const NOTHING: readonly RuleMatch[] = [];

/** Compiles rules for one shape; each is compiled when an event it is for first comes. */
export function compileRules<Event>(rules: readonly SigmaRule[], schema: EventSchema<Event>): RuleSet<Event> {
  const compiled = new Map<SigmaRule, CompiledRule<Event>>();
  const partitions = new Map<string, readonly CompiledRule<Event>[]>();
  const choose = (source: LogSource): readonly CompiledRule<Event>[] =>
    rules.filter((rule) => isFor(rule.logsource, source)).map((rule) => {
      let ready = compiled.get(rule);
      if (ready === undefined) {
        ready = compileRule(rule, schema);
        compiled.set(rule, ready);
      }
      return ready;
    });
  return {
    matchAll(event) {
      const source = schema.logSource(event);
      const key = `${source.product ?? ''}\n${source.category ?? ''}\n${source.service ?? ''}`;
      let partition = partitions.get(key);
      if (partition === undefined) {
        partition = choose(source);
        if (partitions.size < MOST_PARTITIONS) partitions.set(key, partition);
      }
      let matches: RuleMatch[] | undefined;
      for (const rule of partition) {
        const match = rule.match(event);
        if (match) (matches ??= []).push(match);
      }
      return matches ?? NOTHING;
    },
  };
}

/** A rule never runs on an event that is known to come from elsewhere. What is not known contradicts nothing. */
export function isFor(rule: RuleLogSource, event: LogSource): boolean {
  return agrees(rule.product, event.product) && agrees(rule.category, event.category) && agrees(rule.service, event.service);
}

function agrees(wanted: string | undefined, known: string | undefined): boolean {
  return wanted === undefined || known === undefined || wanted.toLowerCase() === known.toLowerCase();
}
