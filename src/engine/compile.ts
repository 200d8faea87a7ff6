import { assertNever, invariant } from '../base/invariant.ts';
import type { Condition, Detection, SigmaRule } from '../sigma/rule.ts';
import { compileField } from './compile-field.ts';
import type { Node } from './compile-field.ts';
import type { Evidence } from './evidence.ts';
import type { EventSchema } from './event-view.ts';

/** The engine's verdict that a rule holds for an event. */
export interface RuleMatch {
  readonly rule: SigmaRule;
  /** In the order of the rule's search identifiers. */
  readonly evidence: readonly Evidence[];
}

/** A rule ready to run on events of one shape. Matching cannot fail. */
export interface CompiledRule<Event> {
  readonly rule: SigmaRule;
  test(event: Event): boolean;
  match(event: Event): RuleMatch | undefined;
}

/** Evidence that one match carries. */
const MOST_EVIDENCE = 64;

export function compileRule<Event>(rule: SigmaRule, schema: EventSchema<Event>): CompiledRule<Event> {
  const selections = new Map<string, Selection<Event>>(
    rule.identifiers.map(({ name, detection }) => [name, new Selection(name, compileDetection(detection, schema))]),
  );
  const condition = compileCondition(rule.condition, selections);
  return {
    rule,
    test: (event) => condition.test(event),
    match(event) {
      if (!condition.test(event)) return undefined;
      const evidence: Evidence[] = [];
      condition.collect(event, '', evidence);
      return { rule, evidence: evidence.slice(0, MOST_EVIDENCE) };
    },
  };
}

class Selection<Event> implements Node<Event> {
  readonly #name: string;
  readonly #node: Node<Event>;

  constructor(name: string, node: Node<Event>) {
    this.#name = name;
    this.#node = node;
  }

  test(event: Event): boolean {
    return this.#node.test(event);
  }

  collect(event: Event, _selection: string, into: Evidence[]): void {
    this.#node.collect(event, this.#name, into);
  }
}

function compileDetection<Event>(detection: Detection, schema: EventSchema<Event>): Node<Event> {
  switch (detection.kind) {
    case 'field':
      return compileField(detection.test, schema);
    case 'all':
      return all(detection.items.map((item) => compileDetection(item, schema)));
    case 'any':
      return any(detection.items.map((item) => compileDetection(item, schema)));
    default:
      return assertNever(detection);
  }
}

function compileCondition<Event>(condition: Condition, selections: ReadonlyMap<string, Selection<Event>>): Node<Event> {
  const selection = (name: string): Selection<Event> => {
    const found = selections.get(name);
    invariant(found, `condition names ${name}, which the parser should have refused`);
    return found;
  };
  switch (condition.kind) {
    case 'and':
      return all(condition.items.map((item) => compileCondition(item, selections)));
    case 'or':
      return any(condition.items.map((item) => compileCondition(item, selections)));
    case 'not': {
      const inner = compileCondition(condition.item, selections);
      // What did not hold leaves no evidence.
      return { test: (event) => !inner.test(event), collect: () => undefined };
    }
    case 'identifier':
      return selection(condition.name);
    case 'of': {
      const nodes = condition.names.map(selection);
      return atLeast(condition.atLeast ?? nodes.length, nodes);
    }
    default:
      return assertNever(condition);
  }
}

function all<Event>(nodes: readonly Node<Event>[]): Node<Event> {
  return {
    test: (event) => nodes.every((node) => node.test(event)),
    collect(event, selection, into) {
      for (const node of nodes) node.collect(event, selection, into);
    },
  };
}

function any<Event>(nodes: readonly Node<Event>[]): Node<Event> {
  return {
    test: (event) => nodes.some((node) => node.test(event)),
    collect: (event, selection, into) => collectHolding(nodes, event, selection, into),
  };
}

function atLeast<Event>(count: number, nodes: readonly Node<Event>[]): Node<Event> {
  return {
    test(event) {
      let held = 0;
      for (const node of nodes) if (held < count && node.test(event)) held++;
      return held >= count;
    },
    collect: (event, selection, into) => collectHolding(nodes, event, selection, into),
  };
}

function collectHolding<Event>(nodes: readonly Node<Event>[], event: Event, selection: string, into: Evidence[]): void {
  for (const node of nodes) if (node.test(event)) node.collect(event, selection, into);
}
