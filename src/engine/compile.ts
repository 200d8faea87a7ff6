import { assertNever, invariant } from '../base/invariant.ts';
import type { Condition, Detection, SigmaRule } from '../sigma/rule.ts';
import { compileField } from './compile-field.ts';
import type { Node } from './compile-field.ts';
import { EventFrame } from './event-frame.ts';
import type { EventSchema } from './event-view.ts';
import type { Evidence } from './evidence.ts';
import { neededTest, testKey } from './needed-test.ts';

/** The engine's verdict that a rule holds for an event. */
export interface RuleMatch {
  readonly rule: SigmaRule;
  /** In the order of the condition. */
  readonly evidence: readonly Evidence[];
}

/** A rule ready to run on events of one shape. Matching cannot fail. */
export interface CompiledRule<Event> {
  readonly rule: SigmaRule;
  /** No event of the shape can hold, because of fields that the shape does not carry. */
  readonly neverMatches: boolean;
  test(event: Event): boolean;
  match(event: Event): RuleMatch | undefined;
}

/** A rule that looks at the event which the frame holds. */
export interface FramedRule {
  readonly rule: SigmaRule;
  readonly neverMatches: boolean;
  /** A part of the rule without which it cannot hold, where there is one. Rules of equal keys in one frame may share its answer. */
  readonly gate: { readonly key: string; test(): boolean } | undefined;
  test(): boolean;
  match(): RuleMatch | undefined;
}

/** Evidence that one match carries. */
const MOST_EVIDENCE = 64;

/** Cannot fail: what could be wrong with a rule, the parser has refused. */
export function compileRule<Event>(rule: SigmaRule, schema: EventSchema<Event>): CompiledRule<Event> {
  const frame = new EventFrame(schema);
  const framed = compileRuleIn(frame, rule);
  return {
    rule,
    neverMatches: framed.neverMatches,
    test(event) {
      frame.begin(event);
      return framed.test();
    },
    match(event) {
      frame.begin(event);
      return framed.match();
    },
  };
}

/** Rules that share a frame share what is read of the event. */
export function compileRuleIn<Event>(frame: EventFrame<Event>, rule: SigmaRule): FramedRule {
  const selections = new Map<string, Node>(
    rule.identifiers.map(({ name, detection }) => [name, named(name, compileDetection(detection, frame))]),
  );
  const condition = compileCondition(rule.condition, selections);
  const needed = condition.constant === undefined ? neededTest(rule) : undefined;
  return {
    rule,
    neverMatches: condition.constant === false,
    gate: needed && { key: testKey(needed), test: lazily(() => compileField(needed, frame)) },
    test: () => condition.test(),
    match() {
      if (!condition.test()) return undefined;
      const evidence: Evidence[] = [];
      condition.collect('', evidence);
      return { rule, evidence: evidence.slice(0, MOST_EVIDENCE) };
    },
  };
}

/** Compiled when it is asked for the first time: gates that are shared are asked once. */
function lazily(make: () => Node): () => boolean {
  let made: Node | undefined;
  return () => (made ??= make()).test();
}

function named(name: string, node: Node): Node {
  return { constant: node.constant, test: () => node.test(), collect: (_selection, into) => node.collect(name, into) };
}

function compileDetection<Event>(detection: Detection, frame: EventFrame<Event>): Node {
  switch (detection.kind) {
    case 'field':
      return compileField(detection.test, frame);
    case 'all':
      return all(detection.items.map((item) => compileDetection(item, frame)));
    case 'any':
      return atLeast(
        1,
        detection.items.map((item) => compileDetection(item, frame)),
      );
    default:
      return assertNever(detection);
  }
}

function compileCondition(condition: Condition, selections: ReadonlyMap<string, Node>): Node {
  const selection = (name: string): Node => {
    const found = selections.get(name);
    invariant(found, `condition names ${name}, which the parser should have refused`);
    return found;
  };
  switch (condition.kind) {
    case 'and':
      return all(condition.items.map((item) => compileCondition(item, selections)));
    case 'or':
      return atLeast(
        1,
        condition.items.map((item) => compileCondition(item, selections)),
      );
    case 'not': {
      const inner = compileCondition(condition.item, selections);
      // What did not hold leaves no evidence.
      const constant = inner.constant === undefined ? undefined : !inner.constant;
      return { constant, test: () => !inner.test(), collect: () => undefined };
    }
    case 'identifier':
      return selection(condition.name);
    case 'of': {
      const nodes = condition.names.map(selection);
      return condition.atLeast === null ? all(nodes) : atLeast(condition.atLeast, nodes);
    }
    default:
      return assertNever(condition);
  }
}

/** Left to right, as written, and no further than the first that does not hold. */
function all(nodes: readonly Node[]): Node {
  const constant = nodes.some((node) => node.constant === false)
    ? false
    : nodes.every((node) => node.constant)
      ? true
      : undefined;
  const undecided = nodes.filter((node) => node.constant === undefined);
  return {
    constant,
    test() {
      if (constant !== undefined) return constant;
      for (const node of undecided) if (!node.test()) return false;
      return true;
    },
    collect(selection, into) {
      for (const node of nodes) node.collect(selection, into);
    },
  };
}

function atLeast(count: number, nodes: readonly Node[]): Node {
  const undecided = nodes.filter((node) => node.constant === undefined);
  const wanted = count - nodes.filter((node) => node.constant).length;
  const constant = wanted <= 0 ? true : wanted > undecided.length ? false : undefined;
  return {
    constant,
    test() {
      if (constant !== undefined) return constant;
      let held = 0;
      for (const node of undecided) if (node.test() && ++held >= wanted) return true;
      return false;
    },
    collect(selection, into) {
      for (const node of nodes) if (node.constant ?? node.test()) node.collect(selection, into);
    },
  };
}
