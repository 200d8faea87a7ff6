import type { SigmaDiagnosticCode } from './diagnostic-codes.ts';
import { BASE64_ENCODINGS, COMPARISONS, KINDS, PLACES, TIME_PARTS, WIDE_ENCODINGS } from './modifier-names.ts';
import type { Modifier } from './modifier-names.ts';

export interface ModifierProblem {
  readonly code: SigmaDiagnosticCode;
  readonly message: string;
}

const isOneOf =
  (names: readonly Modifier[]) =>
  (name: Modifier): boolean =>
    names.includes(name);

/**
 * The order in which the steps of a text's change must stand: placeholders, dashes, UTF-16, Base64, place. Sigma applies
 * modifiers in the order given, and each of these needs what the one before it makes.
 */
const STAGES: readonly (readonly Modifier[])[] = [['expand'], ['windash'], WIDE_ENCODINGS, BASE64_ENCODINGS];

/** What may stand beside each of the kinds; anything else is in conflict with it. */
const COMPANIONS: Readonly<Record<(typeof KINDS)[number], readonly Modifier[]>> = {
  re: ['i', 'm', 's', 'all', 'neq', 'contains', 'expand'],
  cidr: ['all', 'neq', 'expand'],
  fieldref: ['contains', 'startswith', 'endswith', 'cased', 'all', 'neq'],
  exists: [],
};

/** Keywords are texts that are looked for: what needs a field has no place there. */
const FIELD_ONLY: readonly Modifier[] = ['exists', 'fieldref', 'cidr', 'neq', ...COMPARISONS, ...TIME_PARTS];

/** What is wrong with a chain of modifiers, whatever the values. */
export function chainProblems(modifiers: readonly Modifier[], isKeyword: boolean): readonly ModifierProblem[] {
  const problems: ModifierProblem[] = [];
  const say = (code: SigmaDiagnosticCode, message: string): void => void problems.push({ code, message });
  const repeated = modifiers.find((name, i) => modifiers.indexOf(name) !== i);
  if (repeated !== undefined) say('modifier-repeated', `${repeated} stands there twice`);

  for (const group of [KINDS, PLACES, COMPARISONS, TIME_PARTS, WIDE_ENCODINGS, BASE64_ENCODINGS]) {
    const found = [...new Set(modifiers.filter(isOneOf(group)))];
    if (found.length > 1) say('modifier-conflict', `${found.join(' and ')} exclude each other`);
  }
  const kind = KINDS.find((name) => modifiers.includes(name));
  if (kind !== undefined) {
    const stranger = modifiers.find((name) => !COMPANIONS[kind].includes(name) && !isOneOf(KINDS)(name));
    if (stranger !== undefined) say('modifier-conflict', `${stranger} does not go with ${kind}`);
  }
  const numeric = modifiers.find((name) => isOneOf(COMPARISONS)(name) || isOneOf(TIME_PARTS)(name));
  if (numeric !== undefined && kind === undefined) {
    const stranger = modifiers.find((name) => !isOneOf([...COMPARISONS, ...TIME_PARTS, 'all', 'neq'])(name));
    if (stranger !== undefined) say('modifier-conflict', `${stranger} does not go with ${numeric}`);
  }
  for (const flag of ['i', 'm', 's'] as const) {
    const at = modifiers.indexOf(flag);
    const re = modifiers.indexOf('re');
    if (at !== -1 && (re === -1 || re > at)) say('modifier-order', `${flag} is a part of re and comes after it`);
  }
  problems.push(...orderProblems(modifiers));
  const fieldOnly = isKeyword ? modifiers.find(isOneOf(FIELD_ONLY)) : undefined;
  if (fieldOnly !== undefined) say('modifier-keyword', `${fieldOnly} asks about a field, and keywords have none`);
  return problems;
}

function orderProblems(modifiers: readonly Modifier[]): readonly ModifierProblem[] {
  const stageOf = (name: Modifier): number => STAGES.findIndex((stage) => stage.includes(name));
  let last: Modifier | undefined;
  for (const name of modifiers) {
    const stage = stageOf(name);
    if (stage === -1) continue;
    if (last !== undefined && stage < stageOf(last)) {
      return [
        { code: 'modifier-order', message: `${name} comes before ${last}: modifiers are applied in the order given` },
      ];
    }
    last = name;
  }
  const place = modifiers.findIndex(isOneOf(PLACES));
  const encoding = modifiers.findLastIndex((name) => isOneOf(WIDE_ENCODINGS)(name) || isOneOf(BASE64_ENCODINGS)(name));
  if (place === -1 || encoding < place) return [];
  const message = `${modifiers[encoding] ?? ''} comes before ${modifiers[place] ?? ''}: the wildcards that it adds cannot be encoded`;
  return [{ code: 'modifier-order', message }];
}
