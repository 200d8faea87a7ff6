import { Correlator } from '../correlate/correlator.ts';
import { explainRule } from '../engine/explain.ts';
import type { Explanation } from '../engine/explain.ts';
import { schemaOf } from '../pipeline/event-schema.ts';
import { Observer } from '../pipeline/observe.ts';
import { readEvents } from '../pipeline/read-events.ts';
import type { RuleLibrary } from '../pipeline/rule-library.ts';
import { ScanEvent } from '../pipeline/scan-event.ts';
import { shapeByName } from '../shapes/shapes.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import type { RuleCase } from './read-cases.ts';

export interface CaseOutcome {
  readonly passed: boolean;
  /** What was expected, and what came. */
  readonly message: string;
  /** Search identifiers that held for some event, by the rule's title. */
  readonly seen: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Runs one case over the rules of its file; `fileTexts`: the content of the files that it names. */
export function runCase(one: RuleCase, library: RuleLibrary, fileTexts: readonly string[]): CaseOutcome {
  const seen = new Map<string, Set<string>>();
  const failed = (message: string): CaseOutcome => ({ passed: false, message, seen });
  const { plan } = library;
  const wanted = ({
    id,
    name,
    title,
  }: {
    readonly id?: string;
    readonly name?: string;
    readonly title: string;
  }): boolean => one.rule === undefined || [id, name, title].includes(one.rule);
  const correlation = plan.correlations.find(({ rule }) => wanted(rule) && one.rule !== undefined);
  const rules = library.rules.filter(wanted);
  const [target] = rules;
  if (correlation === undefined && (target === undefined || rules.length > 1)) {
    const known = [...library.rules, ...plan.correlations.map(({ rule }) => rule)].map(({ title }) => title);
    return failed(`expected rule: one of ${known.slice(0, 20).join(', ')}`);
  }
  if (one.shape !== undefined && shapeByName(one.shape) === undefined)
    return failed(`there is no shape ${one.shape.slice(0, 60)}`);
  const inputs = [...one.events, ...fileTexts].map((text) => readEvents(text, shapeByName(one.shape ?? '')));
  const problems = inputs.flatMap((input) => input.problems);
  if (problems.length > 0) return failed(problems[0] ?? '');
  const events = inputs.flatMap((input) => input.events);
  if (events.length === 0) return failed('the case has no event');

  let count = 0;
  let timeless = 0;
  const observer = new Observer(plan);
  const correlator = new Correlator(plan, { latenessMs: Infinity, memoryBytes: 256 * 1024 * 1024 });
  events.forEach(({ shape, record }, i) => {
    const event = new ScanEvent(shape, record, () => undefined);
    const matched = library
      .rulesFor(shape)
      .matchAll(event)
      .map(({ rule }) => rule);
    for (const rule of correlation ? library.rules : rules)
      note(seen, rule, explainRule(rule, schemaOf(shape), event).condition);
    if (correlation === undefined) {
      if (target && matched.includes(target)) count++;
      return;
    }
    const observation = observer.observe(
      event,
      matched.map((rule) => library.numberOf(rule)),
      { file: '', line: i + 1, byte: i },
      0,
    );
    if (observation === 'no-time') timeless++;
    if (typeof observation === 'object')
      count += correlator.observe(observation).filter((match) => match.correlation === correlation.number).length;
  });
  if (correlation) count += correlator.end().filter((match) => match.correlation === correlation.number).length;

  const title = correlation?.rule.title ?? target?.title ?? '';
  // Windows run on event time: without one the case would say nothing.
  if (timeless > 0) return failed(`${timeless} of ${events.length} events have no time, which a correlation needs`);
  const missing = one.selections.filter((name) => !seen.get(title)?.has(name));
  if (missing.length > 0) return failed(`no event has ${missing.join(', ')}`);
  const isRight = one.expected === 'some' ? count > 0 : count === one.expected;
  const times = (number: number): string => `${number} ${number === 1 ? 'match' : 'matches'}`;
  const expected = one.expected === 'some' ? 'a match' : times(one.expected);
  return { passed: isRight, message: `expected ${expected}, found ${times(count)} in ${events.length} events`, seen };
}

function note(seen: Map<string, Set<string>>, rule: SigmaRule, part: Explanation): void {
  const names = new Set(rule.identifiers.map(({ name }) => name));
  const held = seen.get(rule.title) ?? new Set<string>();
  const walk = (one: Explanation): void => {
    if (one.holds && names.has(one.asked)) held.add(one.asked);
    one.parts.forEach(walk);
  };
  walk(part);
  seen.set(rule.title, held);
}
