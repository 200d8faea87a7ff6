import type { Node } from './compile-field.ts';
import type { Clock } from './event-frame.ts';
import type { Evidence } from './evidence.ts';

/** A test that several rules need: asked once for an event. */
export class Gate {
  readonly #node: Node;
  readonly #clock: Clock;
  #seen = -1;
  #isOpen = false;

  constructor(node: Node, clock: Clock) {
    this.#node = node;
    this.#clock = clock;
  }

  test(): boolean {
    const { generation } = this.#clock;
    if (this.#seen === generation) return this.#isOpen;
    this.#isOpen = this.#node.test();
    this.#seen = generation;
    return this.#isOpen;
  }
}

/** A test whose outcome is that of a gate. What it says for evidence is its own: rules write the same test in several ways. */
export class GatedNode implements Node {
  readonly constant: boolean | undefined;
  readonly #gate: Gate;
  readonly #own: Node;

  constructor(gate: Gate, own: Node) {
    this.constant = own.constant;
    this.#gate = gate;
    this.#own = own;
  }

  test(): boolean {
    return this.#gate.test();
  }

  collect(selection: string, into: Evidence[]): void {
    this.#own.collect(selection, into);
  }
}

/** A search identifier: evidence of what is in it bears its name. */
export class NamedNode implements Node {
  readonly constant: boolean | undefined;
  readonly inner: Node;
  readonly #name: string;

  constructor(name: string, inner: Node) {
    this.constant = inner.constant;
    this.inner = inner;
    this.#name = name;
  }

  test(): boolean {
    return this.inner.test();
  }

  collect(_selection: string, into: Evidence[]): void {
    this.inner.collect(this.#name, into);
  }
}

/** What did not hold leaves no evidence. */
export class NotNode implements Node {
  readonly constant: boolean | undefined;
  readonly #inner: Node;

  constructor(inner: Node) {
    this.constant = inner.constant === undefined ? undefined : !inner.constant;
    this.#inner = tested(inner);
  }

  test(): boolean {
    return !this.#inner.test();
  }

  collect(): void {}
}

/** Left to right, as written, and no further than the first that does not hold. */
class AllNode implements Node {
  readonly constant: boolean | undefined;
  readonly #nodes: readonly Node[];
  readonly #undecided: readonly Node[];

  constructor(nodes: readonly Node[]) {
    this.constant = nodes.some((node) => node.constant === false)
      ? false
      : nodes.every((node) => node.constant)
        ? true
        : undefined;
    this.#nodes = nodes;
    this.#undecided = nodes.filter((node) => node.constant === undefined).map(tested);
  }

  test(): boolean {
    if (this.constant !== undefined) return this.constant;
    for (const node of this.#undecided) if (!node.test()) return false;
    return true;
  }

  collect(selection: string, into: Evidence[]): void {
    for (const node of this.#nodes) node.collect(selection, into);
  }
}

class AtLeastNode implements Node {
  readonly constant: boolean | undefined;
  readonly #nodes: readonly Node[];
  readonly #undecided: readonly Node[];
  /** Of those that are undecided. */
  readonly #wanted: number;

  constructor(count: number, nodes: readonly Node[]) {
    this.#nodes = nodes;
    this.#undecided = nodes.filter((node) => node.constant === undefined).map(tested);
    this.#wanted = count - nodes.filter((node) => node.constant).length;
    this.constant = this.#wanted <= 0 ? true : this.#wanted > this.#undecided.length ? false : undefined;
  }

  test(): boolean {
    if (this.constant !== undefined) return this.constant;
    let held = 0;
    for (const node of this.#undecided) if (node.test() && ++held >= this.#wanted) return true;
    return false;
  }

  collect(selection: string, into: Evidence[]): void {
    for (const node of this.#nodes) if (node.constant ?? node.test()) node.collect(selection, into);
  }
}

/** All of the nodes: one is itself, without a call between. */
export function all(nodes: readonly Node[]): Node {
  const [only] = nodes;
  return only !== undefined && nodes.length === 1 ? only : new AllNode(nodes);
}

/** At least `count` of the nodes. */
export function atLeast(count: number, nodes: readonly Node[]): Node {
  const [only] = nodes;
  return only !== undefined && nodes.length === 1 && count === 1 ? only : new AtLeastNode(count, nodes);
}

/** To test it, a node's name does not matter. */
function tested(node: Node): Node {
  return node instanceof NamedNode ? node.inner : node;
}
