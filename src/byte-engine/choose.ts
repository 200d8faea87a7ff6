import type { Requirement } from './requirements.ts';
import type { Witness } from './witness.ts';

/** How often, in a record, a witness is there; sums of it are how often a rule must be looked at. */
export type Rate = (witness: Witness) => number;

/** Witnesses one of which must be there, and how often one is. */
export interface Choice {
  readonly witnesses: readonly Witness[];
  readonly rate: number;
}

/** Of all that must be there, the least common; and, where that is common, what else must be there. */
export function choose(requirement: Requirement, rate: Rate): readonly Choice[] {
  if (requirement.kind !== 'all') return [rarest(requirement, rate)];
  const choices = requirement.of.map((part) => rarest(part, rate)).sort((a, b) => a.rate - b.rate);
  const [first, second] = choices;
  if (first === undefined) return [];
  return second === undefined || first.rate < RARE || second.rate > COMMON ? [first] : [first, second];
}

/** A witness that is rarer needs no second one; one that is more common says too little to be looked for. */
const RARE = 0.002;
const COMMON = 0.7;

function rarest(requirement: Requirement, rate: Rate): Choice {
  switch (requirement.kind) {
    case 'witness':
      return { witnesses: [requirement], rate: rate(requirement) };
    case 'any': {
      const witnesses: Witness[] = [];
      let sum = 0;
      for (const part of requirement.of) {
        const choice = rarest(part, rate);
        for (const witness of choice.witnesses) witnesses.push(witness);
        sum += choice.rate;
      }
      return { witnesses, rate: sum };
    }
    case 'all': {
      let best: Choice | undefined;
      for (const part of requirement.of) {
        const choice = rarest(part, rate);
        if (best === undefined || choice.rate < best.rate) best = choice;
      }
      return best ?? { witnesses: [], rate: 0 };
    }
  }
}

/** Every witness that a requirement names. */
export function* witnessesOf(requirement: Requirement): Generator<Witness> {
  if (requirement.kind === 'witness') yield requirement;
  else for (const part of requirement.of) yield* witnessesOf(part);
}
