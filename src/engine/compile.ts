import { assertNever, invariant } from '../base/invariant.ts';
import type { FieldTest } from '../sigma/field-test.ts';
import type { Condition, Detection, SigmaRule } from '../sigma/rule.ts';
import { compileField } from './compile-field.ts';
import type { Node } from './compile-field.ts';
import { Gate, GatedNode, NamedNode, NotNode, all, atLeast } from './nodes.ts';
import { EventFrame } from './event-frame.ts';
import type { Clock } from './event-frame.ts';
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
  /** A part of the rule without which it cannot hold, where there is one. */
  readonly gate: Gate | undefined;
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

/** Rules that share a frame share what is read of the event; those that share `gates` ask what several of them need once. */
export function compileRuleIn<Event>(
  frame: EventFrame<Event>,
  rule: SigmaRule,
  gates: Map<string, Gate> = new Map(),
): FramedRule {
  const needed = neededTest(rule);
  let gate: Gate | undefined;
  const compileTest = (test: FieldTest): Node => {
    const node = compileField(test, frame);
    if (test !== needed) return node;
    gate = gateOf(testKey(test), node, frame.clock, gates);
    return new GatedNode(gate, node);
  };
  const selections = new Map<string, NamedNode>(
    rule.identifiers.map(({ name, detection }) => [
      name,
      new NamedNode(name, compileDetection(detection, compileTest)),
    ]),
  );
  const condition = compileCondition(rule.condition, selections);
  return {
    rule,
    neverMatches: condition.constant === false,
    gate: condition.constant === undefined ? gate : undefined,
    test: () => condition.test(),
    match() {
      if (!condition.test()) return undefined;
      const evidence: Evidence[] = [];
      condition.collect('', evidence);
      return { rule, evidence: evidence.length > MOST_EVIDENCE ? evidence.slice(0, MOST_EVIDENCE) : evidence };
    },
  };
}

/** The gate of this key; where there is none yet, `node` is what it asks. */
function gateOf(key: string, node: Node, clock: Clock, gates: Map<string, Gate>): Gate {
  let gate = gates.get(key);
  if (gate === undefined) gates.set(key, (gate = new Gate(node, clock)));
  return gate;
}

function compileDetection(detection: Detection, compileTest: (test: FieldTest) => Node): Node {
  switch (detection.kind) {
    case 'field':
      return compileTest(detection.test);
    case 'all':
      return all(detection.items.map((item) => compileDetection(item, compileTest)));
    case 'any':
      return atLeast(
        1,
        detection.items.map((item) => compileDetection(item, compileTest)),
      );
    default:
      return assertNever(detection);
  }
}

function compileCondition(condition: Condition, selections: ReadonlyMap<string, NamedNode>): Node {
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
    case 'not':
      return new NotNode(compileCondition(condition.item, selections));
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
