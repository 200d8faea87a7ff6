import type { AlertRule } from './alert.ts';
import { ATTACK_TACTICS, ATTACK_TECHNIQUES } from './attack-names.ts';
import type { EcsObject } from './ecs.ts';

/** ECS `threat` from Sigma's `attack.*` tags; what is no known tactic or technique is left out. Empty where there is none. */
export function ecsThreat(rules: readonly AlertRule[]): EcsObject {
  const { tactics, techniques } = attackOf(rules);
  if (tactics.length === 0 && techniques.length === 0) return {};
  const parents = new Map<string, string[]>();
  for (const id of techniques) {
    const [technique = id, sub] = id.split('.');
    const subs = parents.get(technique) ?? [];
    parents.set(technique, subs);
    if (sub !== undefined) subs.push(id);
  }
  return {
    framework: 'MITRE ATT&CK',
    tactic: {
      id: tactics.map(({ id }) => id),
      name: tactics.map(({ name }) => name),
      reference: tactics.map(({ id }) => `https://attack.mitre.org/tactics/${id}/`),
    },
    technique: [...parents].map(([id, subs]) => ({
      ...named(id),
      ...(subs.length === 0 ? {} : { subtechnique: subs.map(named) }),
    })),
  };
}

export interface AttackTags {
  readonly tactics: readonly { readonly id: string; readonly name: string }[];
  /** Technique ids, with sub-techniques as `T1059.004`. */
  readonly techniques: readonly string[];
}

/** The ATT&CK tactics and techniques that the rules' tags name, each once, in order. */
export function attackOf(rules: readonly AlertRule[]): AttackTags {
  const tactics = new Map<string, { readonly id: string; readonly name: string }>();
  const techniques = new Set<string>();
  for (const tag of rules.flatMap(({ tags }) => tags)) {
    const name = tag.toLowerCase().replaceAll('_', '-');
    if (!name.startsWith('attack.')) continue;
    const rest = name.slice('attack.'.length);
    const tactic = ATTACK_TACTICS.get(rest) ?? [...ATTACK_TACTICS.values()].find(({ id }) => id.toLowerCase() === rest);
    if (tactic) tactics.set(tactic.id, tactic);
    else if (/^t\d{4}(\.\d{3})?$/.test(rest)) techniques.add(rest.toUpperCase());
  }
  return { tactics: [...tactics.values()], techniques: [...techniques] };
}

/** Id, name where it is known, and the page about it. */
export function named(id: string): { readonly id: string; readonly name?: string; readonly reference: string } {
  const name = ATTACK_TECHNIQUES.get(id);
  return {
    id,
    ...(name === undefined ? {} : { name }),
    reference: `https://attack.mitre.org/techniques/${id.replace('.', '/')}/`,
  };
}
