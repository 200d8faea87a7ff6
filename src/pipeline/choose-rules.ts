import { planCorrelations } from '../correlate/plan.ts';
import type { CorrelationPlan } from '../correlate/plan.ts';
import type { CorrelationRule } from '../sigma/correlation-rule.ts';
import { sigmaLevels } from '../sigma/rule.ts';
import type { RuleHeader, SigmaLevel, SigmaRule, SigmaStatus } from '../sigma/rule.ts';

/** Which rules are to give alerts: those at this level or above, and of one of these statuses. */
export interface RuleChoice {
  readonly level?: SigmaLevel;
  /** A rule that states none is of none of them. */
  readonly statuses?: readonly SigmaStatus[];
}

export interface PlannedRules {
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly CorrelationRule[];
  readonly plan: CorrelationPlan;
}

/**
 * Leaves out the rules that are not chosen. Those that a chosen correlation is made of stay, but give no alerts of their
 * own; a rule that is there for correlations alone goes with them.
 */
export function chooseRules(all: PlannedRules, choice: RuleChoice): PlannedRules {
  if (choice.level === undefined && choice.statuses === undefined) return all;
  const { rules, correlations, plan } = all;
  const everything: readonly RuleHeader[] = [...rules, ...correlations];
  const planned = new Map(plan.correlations.map((one) => [one.number, one]));
  const chosen = new Set(
    everything
      .map((rule, number) => ({ rule, number }))
      .filter(({ number }) => (number < rules.length || planned.has(number)) && !plan.silent.has(number))
      .filter(({ rule, number }) => fits(planned.get(number)?.level ?? rule.level, rule.status, choice))
      .map(({ number }) => number),
  );
  const needed = new Set(chosen);
  // Each correlation comes after those it refers to, so from the last on whatever is needed is known.
  for (const { number, members } of plan.correlations.toReversed())
    if (needed.has(number)) for (const member of members) needed.add(member.number);
  const kept = {
    rules: rules.filter((_, number) => needed.has(number)),
    correlations: correlations.filter((_, i) => needed.has(rules.length + i)),
  };
  // All that could be wrong has been reported when everything was planned.
  const made = planCorrelations(kept.rules, kept.correlations, () => {});
  const numbers = [...needed].sort((a, b) => a - b);
  const quiet = numbers.flatMap((number, now) => (chosen.has(number) ? [] : [now]));
  return { ...kept, plan: { ...made, silent: new Set([...made.silent, ...quiet]) } };
}

function fits(level: SigmaLevel, status: SigmaStatus | undefined, choice: RuleChoice): boolean {
  const rank = (one: SigmaLevel): number => sigmaLevels.indexOf(one);
  return (
    (choice.level === undefined || rank(level) >= rank(choice.level)) &&
    (choice.statuses === undefined || (status !== undefined && choice.statuses.includes(status)))
  );
}
