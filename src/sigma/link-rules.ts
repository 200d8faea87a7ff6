import type { RuleReference } from './correlation-rule.ts';
import type { SigmaDiagnostic } from './diagnostic-codes.ts';
import type { FilterRule } from './filter-rule.ts';
import type { Condition, RuleHeader, RuleLogSource, SigmaRule } from './rule.ts';

type Report = (diagnostic: SigmaDiagnostic) => void;

/** Rules by id (in any case) and by name. */
export class RuleIndex<Rule extends RuleHeader> {
  readonly #rules = new Map<string, Rule[]>();

  constructor(rules: readonly Rule[]) {
    for (const rule of rules) {
      const keys = new Set([rule.id?.toLowerCase(), rule.name].filter((key) => key !== undefined));
      for (const key of keys) this.#rules.set(key, [...(this.#rules.get(key) ?? []), rule]);
    }
  }

  /** The rule referred to, or nothing, which is reported. Of several the first is taken. */
  find({ to, span }: RuleReference, report: Report): Rule | undefined {
    const found = this.#rules.get(to) ?? this.#rules.get(to.toLowerCase()) ?? [];
    if (found.length > 1) {
      const message = `${found.length} rules have the id or name ${JSON.stringify(to.slice(0, 80))}; the first is taken`;
      report({ code: 'reference-ambiguous', severity: 'warning', message, span });
    }
    return found[0];
  }
}

/** The rules with every filter that names them joined to their conditions. A filter for another log source is left out. */
export function applyFilters(
  rules: readonly SigmaRule[],
  filters: readonly FilterRule[],
  report: Report,
): readonly SigmaRule[] {
  if (filters.length === 0) return rules;
  const index = new RuleIndex(rules);
  const wanted = new Map<SigmaRule, FilterRule[]>();
  const add = (rule: SigmaRule, filter: FilterRule): void =>
    void wanted.set(rule, [...(wanted.get(rule) ?? []), filter]);
  for (const filter of filters) {
    if (filter.rules === 'any') {
      for (const rule of rules) if (covers(filter.logsource, rule.logsource)) add(rule, filter);
      continue;
    }
    for (const reference of filter.rules) {
      const rule = index.find(reference, report);
      if (rule === undefined) {
        const message = `no rule has the id or name ${JSON.stringify(reference.to.slice(0, 80))}`;
        report({ code: 'reference-unresolved', severity: 'warning', message, span: reference.span });
      } else if (covers(filter.logsource, rule.logsource)) add(rule, filter);
      else {
        const message = `${JSON.stringify(rule.title)} is for another log source than this filter, which is not applied to it`;
        report({ code: 'filter-logsource', severity: 'warning', message, span: reference.span });
      }
    }
  }
  return rules.map((rule) => (wanted.get(rule) ?? []).reduce(filtered, rule));
}

/** Every part that the filter names, the rule names too. */
function covers(filter: RuleLogSource, rule: RuleLogSource): boolean {
  return (['product', 'category', 'service'] as const).every(
    (part) => filter[part] === undefined || filter[part].toLowerCase() === rule[part]?.toLowerCase(),
  );
}

/** The filter's identifiers get names that no rule can have, so that they never meet the rule's own. */
function filtered(rule: SigmaRule, filter: FilterRule, nth: number): SigmaRule {
  const rename = (name: string): string => `filter ${nth + 1} (${filter.title}): ${name}`;
  return {
    ...rule,
    identifiers: [...rule.identifiers, ...filter.identifiers.map((one) => ({ ...one, name: rename(one.name) }))],
    condition: { kind: 'and', items: [rule.condition, renamed(filter.condition, rename)] },
  };
}

function renamed(condition: Condition, rename: (name: string) => string): Condition {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { ...condition, items: condition.items.map((item) => renamed(item, rename)) };
    case 'not':
      return { ...condition, item: renamed(condition.item, rename) };
    case 'identifier':
      return { ...condition, name: rename(condition.name) };
    case 'of':
      return { ...condition, names: condition.names.map(rename) };
  }
}
