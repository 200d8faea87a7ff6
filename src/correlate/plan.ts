import type { CorrelationRule } from '../sigma/correlation-rule.ts';
import type { SigmaDiagnostic } from '../sigma/diagnostic-codes.ts';
import { RuleIndex } from '../sigma/link-rules.ts';
import type { SigmaLevel, SigmaRule } from '../sigma/rule.ts';
import { sigmaLevels } from '../sigma/rule.ts';

/** A rule of a correlation: where its group and its values are found. */
export interface PlannedMember {
  /** Detection rules by their place in the list of rules; correlations follow them. */
  readonly number: number;
  /** As the correlation refers to it. */
  readonly reference: string;
  /** The field for each of `groupBy`, in order. */
  readonly groupFields: readonly string[];
  readonly valueFields: readonly string[];
}

export interface PlannedCorrelation {
  readonly number: number;
  readonly rule: CorrelationRule;
  readonly level: SigmaLevel;
  readonly members: readonly PlannedMember[];
}

/** Correlations joined to the rules they refer to; those that cannot run are left out, and reported. */
export interface CorrelationPlan {
  /** In an order in which each comes after those it refers to. */
  readonly correlations: readonly PlannedCorrelation[];
  /** Fields that an observation of a detection rule must carry, by the rule's number. */
  readonly fieldsOf: ReadonlyMap<number, readonly string[]>;
  /** Rules that give no alert of their own, because only correlations use them. */
  readonly silent: ReadonlySet<number>;
}

export function planCorrelations(
  rules: readonly SigmaRule[],
  correlations: readonly CorrelationRule[],
  report: (diagnostic: SigmaDiagnostic) => void,
): CorrelationPlan {
  const all = [...rules, ...correlations];
  const index = new RuleIndex<SigmaRule | CorrelationRule>(all);
  const numbers = new Map(all.map((rule, number) => [rule, number]));
  const planned = new Map<CorrelationRule, PlannedCorrelation | undefined>();
  const ordered: PlannedCorrelation[] = [];
  const underWay = new Set<CorrelationRule>();

  const plan = (rule: CorrelationRule): PlannedCorrelation | undefined => {
    if (planned.has(rule)) return planned.get(rule);
    if (underWay.has(rule)) {
      const message = `the correlation ${JSON.stringify(rule.title)} refers to itself, by way of others or directly`;
      report({ code: 'correlation-cycle', severity: 'error', message, span: rule.rules[0]?.span ?? rule.span });
      return undefined;
    }
    underWay.add(rule);
    const members: PlannedMember[] = [];
    const levels: SigmaLevel[] = [];
    for (const reference of rule.rules) {
      const target = index.find(reference, report);
      const inner = target !== undefined && 'timespanMs' in target ? plan(target) : undefined;
      const number = target === undefined ? undefined : numbers.get(target);
      if (target === undefined || number === undefined || ('timespanMs' in target && inner === undefined)) {
        const why = target === undefined ? 'no valid rule has the id or name' : 'this correlation cannot run itself:';
        const message = `${why} ${JSON.stringify(reference.to.slice(0, 80))}; the correlation is left out`;
        report({ code: 'reference-unresolved', severity: 'error', message, span: reference.span });
        continue;
      }
      const fieldOf = (field: string): string => aliased(rule, field, reference.to, target);
      levels.push(inner?.level ?? target.level);
      members.push({
        number,
        reference: reference.to,
        groupFields: rule.groupBy.map(fieldOf),
        valueFields: rule.valueFields.map(fieldOf),
      });
    }
    underWay.delete(rule);
    const complete = members.length === rule.rules.length;
    const level = rule.hasLevel ? rule.level : (sigmaLevels.findLast((one) => levels.includes(one)) ?? rule.level);
    const made = complete ? { number: numbers.get(rule) ?? -1, rule, level, members } : undefined;
    planned.set(rule, made);
    if (made) ordered.push(made);
    return made;
  };
  for (const rule of correlations) plan(rule);
  return { correlations: ordered, fieldsOf: fieldsOf(ordered), silent: silent(ordered) };
}

/** An alias names a field for each rule, by the reference as written or by the rule's own name or id. */
function aliased(rule: CorrelationRule, field: string, reference: string, target: SigmaRule | CorrelationRule): string {
  const alias = rule.aliases.get(field);
  const { name, id } = target;
  return (
    alias?.get(reference) ??
    (name === undefined ? undefined : alias?.get(name)) ??
    (id === undefined ? undefined : alias?.get(id)) ??
    field
  );
}

/** What a correlation asks of another is asked of all that the other is made of. */
function fieldsOf(ordered: readonly PlannedCorrelation[]): ReadonlyMap<number, readonly string[]> {
  const wanted = new Map<number, Set<string>>();
  for (const { number, members } of ordered.toReversed()) {
    for (const member of members) {
      const fields = wanted.get(member.number) ?? new Set<string>();
      for (const field of [...member.groupFields, ...member.valueFields, ...(wanted.get(number) ?? [])])
        fields.add(field);
      wanted.set(member.number, fields);
    }
  }
  return new Map([...wanted].map(([number, fields]) => [number, [...fields]]));
}

function silent(ordered: readonly PlannedCorrelation[]): ReadonlySet<number> {
  const quiet = new Set<number>();
  for (const { members } of ordered) for (const { number } of members) quiet.add(number);
  for (const { rule, members } of ordered) if (rule.generate) for (const { number } of members) quiet.delete(number);
  return quiet;
}
