import { assertNever } from '../base/invariant.ts';
import type { Sign } from '../base/sign.ts';
import { kubectlSignFields, kubectlSigns } from '../kubectl/signs.ts';
import type { FieldTest, ValueTest } from '../sigma/field-test.ts';
import type { Condition, Detection, SigmaRule } from '../sigma/rule.ts';

/** More signs than this let too much through to be worth it. */
const MOST_SIGNS = 40;
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

/** One of these must be in the record; `undefined`: nothing is known that must be. */
type Need = readonly Sign[] | undefined;

/**
 * Signs one of which every record has that any of the rules can match; `undefined` where a rule may match without. Never too
 * few: what is not certain to be in the bytes is no sign.
 */
export function requiredSigns(rules: readonly SigmaRule[]): readonly Sign[] | undefined {
  let need: Need = [];
  // Of thousands of rules one of the first has none; the others are then not read.
  for (const rule of rules) {
    need = anyOf([need, needOfRule(rule)]);
    if (need === undefined || need.length > MOST_SIGNS) return undefined;
  }
  return need.length > 0 ? need : undefined;
}

function needOfRule(rule: SigmaRule): Need {
  const detections = new Map(rule.identifiers.map(({ name, detection }) => [name, detection]));
  return needOfCondition(rule.condition, (name) => {
    const detection = detections.get(name);
    return detection === undefined ? undefined : needOfDetection(detection);
  });
}

function needOfCondition(condition: Condition, identifier: (name: string) => Need): Need {
  switch (condition.kind) {
    case 'and':
      return best(condition.items.map((item) => needOfCondition(item, identifier)));
    case 'or':
      return anyOf(condition.items.map((item) => needOfCondition(item, identifier)));
    case 'not':
      return undefined;
    case 'identifier':
      return identifier(condition.name);
    case 'of': {
      const needs = condition.names.map(identifier);
      if (condition.atLeast === null) return best(needs);
      return condition.atLeast > 0 ? anyOf(needs) : undefined;
    }
    default:
      return assertNever(condition);
  }
}

function needOfDetection(detection: Detection): Need {
  switch (detection.kind) {
    case 'all':
      return best(detection.items.map(needOfDetection));
    case 'any':
      return anyOf(detection.items.map(needOfDetection));
    case 'field':
      return needOfField(detection.test);
    default:
      return assertNever(detection);
  }
}

function needOfField({ field, negated, all, values }: FieldTest): Need {
  if (field === null || negated) return undefined;
  const needs = values.map(({ tests }) => anyOf(tests.map((test) => needOfTest(field, test))));
  return all ? best(needs) : anyOf(needs);
}

function needOfTest(field: string, test: ValueTest): Need {
  const nothing = kubectlSignFields.get(field);
  if (nothing !== undefined) return saysSomething(test, nothing) ? kubectlSigns : undefined;
  if (!VERBATIM.has(field) || test.kind !== 'pattern') return undefined;
  const words = test.parts.flatMap((part) => (part.kind === 'text' ? (part.text.match(/[A-Za-z0-9_.-]+/g) ?? []) : []));
  const text = words
    .filter((word) => word.length >= SHORTEST && /[A-Za-z]{3}/.test(word))
    .map((word) => word.slice(0, LONGEST))
    .reduce<string | undefined>(
      (long, word) => (long === undefined || word.length > long.length ? word : long),
      undefined,
    );
  if (text === undefined) return undefined;
  const ignoreCase = !test.cased;
  return [{ text: ignoreCase ? text.toLowerCase() : text, ignoreCase, quoted: false, before: 'any', after: 'any' }];
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

/** Of what must all be there, what lets least through: the fewest signs, the longest of those. */
function best(needs: readonly Need[]): Need {
  let found: Need;
  for (const need of needs) if (need !== undefined && (found === undefined || isRarer(need, found))) found = need;
  return found;
}

function isRarer(a: readonly Sign[], b: readonly Sign[]): boolean {
  return a.length < b.length || (a.length === b.length && shortest(a) > shortest(b));
}

function shortest(signs: readonly Sign[]): number {
  return Math.min(...signs.map(({ text }) => text.length));
}

function anyOf(needs: readonly Need[]): Need {
  const found = new Map<string, Sign>();
  for (const need of needs) {
    if (need === undefined) return undefined;
    for (const sign of need) found.set(JSON.stringify(sign), sign);
  }
  return [...found.values()];
}
