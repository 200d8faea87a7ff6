import type { FieldValue, Scalar } from '../event/json.ts';
import type { LogSource } from '../event/log-source.ts';
import type { FieldTest, RuleValue } from '../sigma/field-test.ts';
import type { Condition, Detection, SigmaRule } from '../sigma/rule.ts';
import { compileField } from './compile-field.ts';
import { EventFrame } from './event-frame.ts';
import type { EventSchema } from './event-view.ts';
import { cutValue } from './evidence.ts';
import { isFor } from './rule-set.ts';
import { scalarText } from './scalar-text.ts';

/** Why a part of a rule holds for an event, or does not. */
export interface Explanation {
  readonly holds: boolean;
  /** What is asked: `all of`, `selection`, `Image|endswith`, … */
  readonly asked: string;
  /** For a leaf: what was found, and why that is not enough. */
  readonly found?: string;
  readonly parts: readonly Explanation[];
}

export interface RuleExplanation {
  readonly matches: boolean;
  /** Why the rule never runs on the event, or null where it does. */
  readonly otherLogSource: string | null;
  readonly condition: Explanation;
}

/** Parts and values that are shown of one list. */
const MOST_PARTS = 200;
const MOST_SHOWN = 8;

/** Evaluates a rule with the code that scans run, and says of every part what was compared with what. Never throws. */
export function explainRule<Event>(rule: SigmaRule, schema: EventSchema<Event>, event: Event): RuleExplanation {
  const frame = new EventFrame(schema);
  frame.begin(event);
  const explainer = new Explainer(rule, schema, frame, event);
  const condition = explainer.condition(rule.condition);
  const source = schema.logSource(event);
  const runs = isFor(rule.logsource, source);
  return {
    matches: runs && condition.holds,
    otherLogSource: runs
      ? null
      : `the rule is for ${sourceText(rule.logsource)}; the event is of ${sourceText(source)}`,
    condition,
  };
}

function sourceText({ product, category, service }: LogSource): string {
  const parts = Object.entries({ product, category, service }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${[value].flat().join(' or ')}`],
  );
  return parts.join(', ') || 'an unknown log source';
}

class Explainer<Event> {
  readonly #rule: SigmaRule;
  readonly #schema: EventSchema<Event>;
  readonly #frame: EventFrame<Event>;
  readonly #event: Event;

  constructor(rule: SigmaRule, schema: EventSchema<Event>, frame: EventFrame<Event>, event: Event) {
    this.#rule = rule;
    this.#schema = schema;
    this.#frame = frame;
    this.#event = event;
  }

  condition(condition: Condition): Explanation {
    switch (condition.kind) {
      case 'and':
        return all(
          'all of',
          condition.items.map((item) => this.condition(item)),
        );
      case 'or':
        return any(
          'one of',
          condition.items.map((item) => this.condition(item)),
          1,
        );
      case 'not': {
        const inner = this.condition(condition.item);
        return { holds: !inner.holds, asked: 'not', parts: [inner] };
      }
      case 'identifier':
        return this.#identifier(condition.name);
      case 'of': {
        const parts = condition.names.map((name) => this.#identifier(name));
        if (condition.atLeast === null) return all('all of', parts);
        return any(`${condition.atLeast} of`, parts, condition.atLeast);
      }
    }
  }

  #identifier(name: string): Explanation {
    const identifier = this.#rule.identifiers.find((one) => one.name === name);
    const inner = identifier && this.#detection(identifier.detection);
    return { holds: inner?.holds ?? false, asked: name, parts: inner === undefined ? [] : [inner] };
  }

  #detection(detection: Detection): Explanation {
    switch (detection.kind) {
      case 'all':
        return all(
          'all of',
          detection.items.map((item) => this.#detection(item)),
        );
      case 'any':
        return any(
          'one of',
          detection.items.map((item) => this.#detection(item)),
          1,
        );
      case 'field':
        return this.#field(detection.test);
    }
  }

  #field(test: FieldTest): Explanation {
    const holds = this.#holds(test);
    const name = test.field ?? 'any value';
    const asked = `${[name, ...test.modifiers].join('|')}: ${valuesText(test.values)}`;
    const [first, ...others] = test.values;
    // Each value of an `all` by itself; of alternatives only the whole matters.
    if (test.all && first !== undefined && others.length > 0) {
      const parts = test.values
        .slice(0, MOST_PARTS)
        .map((value) => this.#field({ ...test, values: [value], all: false, negated: false }));
      return { holds, asked: `${asked}${test.negated ? ' (turned round)' : ''}`, parts };
    }
    return { holds, asked, found: this.#found(test, holds), parts: [] };
  }

  #holds(test: FieldTest): boolean {
    return compileField(test, this.#frame).test();
  }

  #found(test: FieldTest, holds: boolean): string {
    if (test.field === null) return holds ? 'found' : 'in no value of this event';
    const read = this.#schema.field(test.field);
    if (read === undefined) return `no event of the shape ${this.#schema.name} has this field`;
    const value = read(this.#event);
    if (value === undefined) return 'this event does not have the field';
    const shown = shownValue(value);
    if (holds) return shown;
    const hint = test.negated ? 'neq: one of the values is this' : this.#nearMiss(test);
    return hint === undefined ? shown : `${shown} (${hint})`;
  }

  /** What smaller difference would have made the test hold. */
  #nearMiss(test: FieldTest): string | undefined {
    const value = (kind: string): boolean => test.values.some(({ tests }) => tests.some((one) => one.kind === kind));
    const tries: readonly (readonly [boolean, () => FieldTest, string])[] = [
      [test.modifiers.includes('cased'), () => withoutCase(test), 'it would hold without regard to case'],
      [value('pattern'), () => anywhere(test), 'it stands elsewhere in the value'],
    ];
    for (const [applies, change, hint] of tries) if (applies && this.#holds(change())) return hint;
    if (value('cidr')) return 'not an address of this network';
    if (value('compare')) return 'not in this range, or no number';
    if (value('regex')) return 'the expression is not found';
    if (value('fieldref')) return 'the other field is absent or differs';
    if (value('time-part')) return 'another time, or none';
    return undefined;
  }
}

function all(asked: string, parts: readonly Explanation[]): Explanation {
  return { holds: parts.every(({ holds }) => holds), asked, parts: parts.slice(0, MOST_PARTS) };
}

function any(asked: string, parts: readonly Explanation[], atLeast: number): Explanation {
  return { holds: parts.filter(({ holds }) => holds).length >= atLeast, asked, parts: parts.slice(0, MOST_PARTS) };
}

function withoutCase(test: FieldTest): FieldTest {
  return changed(test, (one) => (one.kind === 'pattern' || one.kind === 'fieldref' ? { ...one, cased: false } : one));
}

function anywhere(test: FieldTest): FieldTest {
  return changed(test, (one) =>
    one.kind === 'pattern' && one.parts.length > 0
      ? { ...one, parts: [{ kind: 'any-run' }, ...one.parts, { kind: 'any-run' }] }
      : one,
  );
}

function changed(test: FieldTest, change: (one: RuleValue['tests'][number]) => RuleValue['tests'][number]): FieldTest {
  return { ...test, values: test.values.map((value) => ({ ...value, tests: value.tests.map(change) })) };
}

function valuesText(values: readonly RuleValue[]): string {
  const shown = values.slice(0, MOST_SHOWN).map(({ text }) => cutValue(text));
  const left = values.length - shown.length;
  return `${shown.join(' | ')}${left > 0 ? ` | and ${left} more` : ''}`;
}

function shownValue(value: FieldValue): string {
  const values: readonly Scalar[] = value === undefined ? [] : isList(value) ? value : [value];
  const texts = values.slice(0, MOST_SHOWN).map((one) => cutValue(scalarText(one) ?? 'null'));
  return values.length === 0 ? 'an empty list' : texts.join(' | ');
}

function isList(value: Scalar | readonly Scalar[]): value is readonly Scalar[] {
  return Array.isArray(value);
}
