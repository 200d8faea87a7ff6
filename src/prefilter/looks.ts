import { signKey } from '../base/sign.ts';
import type { Sign } from '../base/sign.ts';
import type { RequiredSigns } from './required-signs.ts';
import type { NeededSign } from './spark-table.ts';

/** What is looked for in a record at once. */
export interface Look {
  readonly signs: readonly NeededSign[];
  /** Needs, as bits, all of which must be met; one of these is enough. */
  readonly alternatives: readonly number[];
}

/** How records around sparks are looked at. */
export interface Looks {
  /** Needs that every record with a spark meets: nothing has to be looked for to know that. */
  readonly given: number;
  /** One after another, each for less than the next: a record that fails one can match no rule. */
  readonly inTurn: readonly Look[];
}

/**
 * Looks at a record that holds a spark, so that most of those that can match no rule are told by a few signs: many signs
 * together let most bytes through, which then have to be verified one by one.
 */
export function looksOf({ signs, all, alternatives }: RequiredSigns): Looks {
  const given = signs.reduce((met, sign) => met & needsOf(sign, all), ~0) >>> 0;
  const missing = alternatives.map((wanted) => (wanted & ~given) >>> 0);
  if (missing.includes(0)) return { given, inTurn: [] };
  const last: Look = { signs: telling(all, ~given), alternatives };
  const chosen = fewestSigns(missing, last.signs);
  const narrow: Look = { signs: telling(last.signs, chosen), alternatives: bitsOf(chosen) };
  return { given, inTurn: narrow.signs.length < last.signs.length ? [narrow, last] : [last] };
}

/** Signs of some needs. An encoded command meets every need, so its sign is one of each. */
function telling(signs: readonly NeededSign[], needs: number): readonly NeededSign[] {
  return signs.flatMap(({ sign, needs: met }) =>
    (met & needs) === 0 && sign.after !== 'encoded' ? [] : [{ sign, needs: (met & needs) >>> 0 }],
  );
}

function needsOf(sign: Sign, all: readonly NeededSign[]): number {
  const key = signKey(sign);
  return all.find((one) => signKey(one.sign) === key)?.needs ?? 0;
}

/** A need of each alternative, as bits, so that few signs tell of them. */
function fewestSigns(alternatives: readonly number[], signs: readonly NeededSign[]): number {
  const count = (needs: number): number => telling(signs, needs).length;
  let chosen = 0;
  // Those that leave no choice go first.
  for (const wanted of alternatives.toSorted((a, b) => bitsOf(a).length - bitsOf(b).length)) {
    if ((wanted & chosen) !== 0) continue;
    const [fewest = 0] = bitsOf(wanted).sort((a, b) => count(chosen | a) - count(chosen | b));
    chosen = (chosen | fewest) >>> 0;
  }
  return chosen;
}

function bitsOf(needs: number): number[] {
  return Array.from({ length: 32 }, (_, i) => (1 << i) >>> 0).filter((bit) => (needs & bit) !== 0);
}
