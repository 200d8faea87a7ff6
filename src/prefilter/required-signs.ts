import { assertNever } from '../base/invariant.ts';
import { signKey } from '../base/sign.ts';
import type { Sign } from '../base/sign.ts';
import { kubectlSignFields } from '../kubectl/signs.ts';
import type { SignField } from '../kubectl/signs.ts';
import type { FieldTest, ValueTest } from '../sigma/field-test.ts';
import type { Condition, Detection, SigmaRule } from '../sigma/rule.ts';
import type { NeededSign } from './spark-table.ts';

/** More signs than this let too much through to be worth it. */
const MOST_SIGNS = 40;
/** Alternatives of one rule that are told apart, and of all rules. */
const MOST_ALTERNATIVES = 32;
/** Needs, of which each is a bit, and signs that tell of them; with more, one sign is enough for a record to be read. */
const MOST_NEEDS = 31;
const MOST_NEEDED_SIGNS = 160;
const SHORTEST = 4;
const LONGEST = 32;

/**
 * Fields whose value every shape takes from the record as it is written there, whole or in part, or joined by blanks: a
 * word of it stands in the record's text. Parents are not among them, since theirs may come from an earlier record.
 */
const VERBATIM: ReadonlySet<string> = new Set([
  'CommandLine',
  'Image',
  'OriginalFileName',
  'process.command_line',
  'process.executable',
  'process.name',
  'process.args',
]);

/** One of these must be in the record. */
type Need = readonly Sign[];
/** Numbers of needs, in order, all of which must be met. None: nothing is known that must be. */
type Alternative = readonly number[];
/** One of these must be. None: it never holds. */
type Needs = readonly Alternative[];

const NOTHING_KNOWN: Needs = [[]];

/** What records must hold in their bytes for any of some rules to match. */
export interface RequiredSigns {
  /** Every record that matches has one of these. */
  readonly signs: readonly Sign[];
  /** These and more, each with the needs that it meets, as bits. */
  readonly all: readonly NeededSign[];
  /** A record that matches meets all needs of one of these. */
  readonly alternatives: readonly number[];
}

const known = new WeakMap<readonly SigmaRule[], RequiredSigns | null>();

/**
 * What every record has that any of the rules can match; `undefined` where a rule may match without. Never too few: what is
 * not certain to be in the bytes is no sign. Worked out once for an array of rules.
 */
export function requiredSigns(rules: readonly SigmaRule[]): RequiredSigns | undefined {
  let required = known.get(rules);
  if (required === undefined) {
    required = new Requirements().of(rules) ?? null;
    known.set(rules, required);
  }
  return required ?? undefined;
}

/** The needs that rules have, numbered as they are met. */
class NeedTable {
  readonly needs: Need[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #same = new Map<Need, number>();

  /** What rooms say of their fields is the same list each time. */
  numberOf(need: Need): number {
    let number = this.#same.get(need);
    if (number !== undefined) return number;
    const key = need.map(signKey).join('\n');
    number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.needs.length;
      this.needs.push(need);
      this.#numbers.set(key, number);
    }
    this.#same.set(need, number);
    return number;
  }
}

class Requirements {
  readonly #table = new NeedTable();

  of(rules: readonly SigmaRule[]): RequiredSigns | undefined {
    const alternatives = new Map<string, Alternative>();
    // Of thousands of rules one of the first has none; the others are then not read.
    for (const rule of rules) {
      for (const alternative of this.#ofRule(rule)) {
        if (alternative.length === 0) return undefined;
        alternatives.set(alternative.join(), alternative);
      }
      if (alternatives.size > MOST_SIGNS * MOST_ALTERNATIVES) return undefined;
    }
    const signs = this.#fewestSigns([...alternatives.values()]);
    if (signs.length === 0 || signs.length > MOST_SIGNS) return undefined;
    return { signs, ...this.#numbered([...alternatives.values()], signs) };
  }

  /** Of each alternative a need, so that there are few signs in all. */
  #fewestSigns(alternatives: readonly Alternative[]): readonly Sign[] {
    const found = new Map<string, Sign>();
    const added = (need: Need): number => need.filter((sign) => !found.has(signKey(sign))).length;
    // Those that leave no choice go first.
    for (const alternative of [...alternatives].sort((a, b) => a.length - b.length)) {
      const [least] = alternative
        .map((number) => this.#table.needs[number] ?? [])
        .sort((a, b) => added(a) - added(b) || shortest(b) - shortest(a));
      for (const sign of least ?? []) found.set(signKey(sign), sign);
    }
    return [...found.values()];
  }

  /** Gives each need that is asked for a bit. */
  #numbered(alternatives: readonly Alternative[], signs: readonly Sign[]): Pick<RequiredSigns, 'all' | 'alternatives'> {
    const bits = new Map<number, number>();
    for (const number of alternatives.flat()) if (!bits.has(number)) bits.set(number, bits.size);
    const all = new Map<string, { readonly sign: Sign; needs: number }>();
    for (const [number, bit] of bits) {
      for (const sign of this.#table.needs[number] ?? []) {
        const one = all.get(signKey(sign)) ?? { sign, needs: 0 };
        one.needs = (one.needs | (1 << bit)) >>> 0;
        all.set(signKey(sign), one);
      }
    }
    if (bits.size > MOST_NEEDS || all.size > MOST_NEEDED_SIGNS)
      return { all: signs.map((sign) => ({ sign, needs: 1 })), alternatives: [1] };
    const wanted = alternatives.map((alternative) =>
      alternative.reduce((met, number) => (met | (1 << (bits.get(number) ?? 0))) >>> 0, 0),
    );
    const enough = withoutMore([...new Set(wanted)]);
    // What only an alternative asked for that another has made needless is not looked for.
    const asked = enough.reduce((met, one) => met | one, 0);
    return {
      all: [...all.values()].flatMap(({ sign, needs }) =>
        (needs & asked) === 0 ? [] : [{ sign, needs: (needs & asked) >>> 0 }],
      ),
      alternatives: enough,
    };
  }

  #ofRule(rule: SigmaRule): Needs {
    const detections = new Map(rule.identifiers.map(({ name, detection }) => [name, detection]));
    return this.#ofCondition(rule.condition, (name) => {
      const detection = detections.get(name);
      return detection === undefined ? NOTHING_KNOWN : this.#ofDetection(detection);
    });
  }

  #ofCondition(condition: Condition, identifier: (name: string) => Needs): Needs {
    switch (condition.kind) {
      case 'and':
        return allOf(condition.items.map((item) => this.#ofCondition(item, identifier)));
      case 'or':
        return this.#anyOf(condition.items.map((item) => this.#ofCondition(item, identifier)));
      case 'not':
        return NOTHING_KNOWN;
      case 'identifier':
        return identifier(condition.name);
      case 'of': {
        const needs = condition.names.map(identifier);
        if (condition.atLeast === null) return allOf(needs);
        return condition.atLeast > 0 ? this.#anyOf(needs) : NOTHING_KNOWN;
      }
      default:
        return assertNever(condition);
    }
  }

  #ofDetection(detection: Detection): Needs {
    switch (detection.kind) {
      case 'all':
        return allOf(detection.items.map((item) => this.#ofDetection(item)));
      case 'any':
        return this.#anyOf(detection.items.map((item) => this.#ofDetection(item)));
      case 'field':
        return this.#ofField(detection.test);
      default:
        return assertNever(detection);
    }
  }

  #ofField({ field, negated, all, values }: FieldTest): Needs {
    if (field === null || negated) return NOTHING_KNOWN;
    const needs = values.map(({ tests }) => this.#anyOf(tests.map((test) => this.#ofTest(field, test))));
    return all ? allOf(needs) : this.#anyOf(needs);
  }

  #ofTest(field: string, test: ValueTest): Needs {
    const derived = kubectlSignFields.get(field);
    if (derived !== undefined) return saysSomething(test, derived.nothing) ? this.#ofSignField(derived) : NOTHING_KNOWN;
    if (!VERBATIM.has(field) || test.kind !== 'pattern') return NOTHING_KNOWN;
    const words = test.parts.flatMap((part) =>
      part.kind === 'text' ? (part.text.match(/[A-Za-z0-9_.-]+/g) ?? []) : [],
    );
    const text = words
      .filter((word) => word.length >= SHORTEST && /[A-Za-z]{3}/.test(word))
      .map((word) => word.slice(0, LONGEST))
      .reduce<string | undefined>(
        (long, word) => (long === undefined || word.length > long.length ? word : long),
        undefined,
      );
    if (text === undefined) return NOTHING_KNOWN;
    const ignoreCase = !test.cased;
    const sign: Sign = {
      text: ignoreCase ? text.toLowerCase() : text,
      ignoreCase,
      quoted: false,
      before: 'any',
      after: 'any',
    };
    return [[this.#table.numberOf([sign])]];
  }

  /** One must hold: the ways to meet any; where those are too many, one need of each. */
  #anyOf(items: readonly Needs[]): Needs {
    const made = distinct(items.flat());
    if (made.some((alternative) => alternative.length === 0)) return NOTHING_KNOWN;
    return made.length > MOST_ALTERNATIVES ? [[this.#table.numberOf(this.#fewestSigns(made))]] : made;
  }

  #ofSignField({ needs }: SignField): Needs {
    return needs.map((alternative) => alternative.map((need) => this.#table.numberOf(need)).sort((a, b) => a - b));
  }
}

/** Does the test hold only for a value, and another one than `nothing`? */
function saysSomething(test: ValueTest, nothing: string | null): boolean {
  switch (test.kind) {
    case 'pattern': {
      const [only, ...more] = test.parts;
      if (nothing === null) return true;
      return only?.kind === 'text' && more.length === 0 && only.text.toLowerCase() !== nothing;
    }
    case 'regex':
    case 'number':
    case 'cidr':
    case 'compare':
      return nothing === null;
    case 'boolean':
    case 'null':
    case 'exists':
    case 'fieldref':
    case 'time-part':
      return false;
    default:
      return assertNever(test);
  }
}

/** All must hold: every way to meet one of each; where those are too many, the alternatives of what lets least through. */
function allOf(items: readonly Needs[]): Needs {
  return items.reduce<Needs>((made, item) => {
    if (made.length * item.length > MOST_ALTERNATIVES) return strictest(made, item);
    return distinct(made.flatMap((one) => item.map((other) => [...one, ...other])));
  }, NOTHING_KNOWN);
}

function strictest(a: Needs, b: Needs): Needs {
  if (b.some((alternative) => alternative.length === 0)) return a;
  if (a.some((alternative) => alternative.length === 0)) return b;
  return a.length <= b.length ? a : b;
}

/** Each alternative, and each need in it, once. */
function distinct(alternatives: readonly Alternative[]): Needs {
  const found = new Map<string, Alternative>();
  for (const alternative of alternatives) {
    const needs = [...new Set(alternative)].sort((a, b) => a - b);
    found.set(needs.join(), needs);
  }
  return [...found.values()];
}

/** Those that ask for nothing more than another does are enough. */
function withoutMore(alternatives: readonly number[]): readonly number[] {
  return alternatives.filter((one) => !alternatives.some((other) => other !== one && (other & ~one) === 0));
}

function shortest(signs: Need): number {
  return Math.min(...signs.map(({ text }) => text.length));
}
