import type { RuleHeader, SigmaLevel } from '../sigma/rule.ts';
import { sigmaLevels } from '../sigma/rule.ts';

/** What rules say of one ATT&CK technique by their tags. */
export interface TechniqueCoverage {
  /** `T1090`, `T1552.007`. */
  readonly technique: string;
  readonly rules: readonly RuleHeader[];
  readonly highest: SigmaLevel;
}

export interface AttackCoverage {
  /** By technique. */
  readonly techniques: readonly TechniqueCoverage[];
  /** Tactics named, with how many rules: `command-and-control` → 4. */
  readonly tactics: ReadonlyMap<string, number>;
  /** Rules without a technique. */
  readonly untagged: readonly RuleHeader[];
}

const TECHNIQUE = /^attack\.(t\d{4}(?:\.\d{3})?)$/i;
/** Groups, software and the like are no tactics. */
const TACTIC = /^attack\.([a-z][a-z_-]*[a-z])$/;

/** Which techniques the rules' tags name. Sigma 2.1, tags appendix, "attack". */
export function attackCoverage(rules: readonly RuleHeader[]): AttackCoverage {
  const techniques = new Map<string, RuleHeader[]>();
  const tactics = new Map<string, number>();
  const untagged: RuleHeader[] = [];
  for (const rule of rules) {
    const found = new Set(rule.tags.flatMap((tag) => TECHNIQUE.exec(tag)?.[1]?.toUpperCase() ?? []));
    for (const technique of found) techniques.set(technique, [...(techniques.get(technique) ?? []), rule]);
    if (found.size === 0) untagged.push(rule);
    for (const tactic of new Set(rule.tags.flatMap((tag) => TACTIC.exec(tag)?.[1]?.replaceAll('_', '-') ?? [])))
      tactics.set(tactic, (tactics.get(tactic) ?? 0) + 1);
  }
  return {
    techniques: [...techniques]
      .map(([technique, of]) => ({
        technique,
        rules: of,
        highest: sigmaLevels.findLast((level) => of.some((rule) => rule.level === level)) ?? 'informational',
      }))
      .sort((a, b) => (a.technique < b.technique ? -1 : 1)),
    tactics: new Map([...tactics].sort(([a], [b]) => (a < b ? -1 : 1))),
    untagged,
  };
}

/** Rules whose titles one technique's comment names. */
const MOST_NAMED = 50;

/** A layer for the ATT&CK Navigator: score is the number of rules. Layer format 4.5. */
export function navigatorLayer(coverage: AttackCoverage, name: string): Readonly<Record<string, unknown>> {
  return {
    name,
    versions: { layer: '4.5', navigator: '5.1.0' },
    domain: 'enterprise-attack',
    description: 'Techniques that the tags of Sigma rules name; the score is the number of rules',
    techniques: coverage.techniques.map(({ technique, rules }) => ({
      techniqueID: technique,
      score: rules.length,
      comment: rules
        .slice(0, MOST_NAMED)
        .map(({ title }) => title)
        .join('\n'),
      enabled: true,
      showSubtechniques: technique.includes('.'),
    })),
    gradient: {
      colors: ['#c6e5f6', '#0b4f7a'],
      minValue: 1,
      maxValue: Math.max(1, ...coverage.techniques.map(({ rules }) => rules.length)),
    },
    legendItems: [],
    showTacticRowBackground: false,
    selectTechniquesAcrossTactics: true,
  };
}
