import type { LineTokens } from '../byte-engine/line-tokens.ts';
import { TokenKind } from '../byte-engine/line-tokens.ts';
import type { Detection, SigmaRule } from '../sigma/rule.ts';

/** Combinations of values that are kept, for one rule and for all; beyond it they are forgotten. */
const MOST_KEPT = 4096;
const MOST_IN_ALL = 100_000;
/** Fields of a rule whose values are remembered together. */
const MOST_FIELDS = 8;

/** By the value of one field: those of the next, or, at the last field, that the rule does not hold. */
type Step = Map<number, Step | null>;

interface Kept {
  /** Where the kernel finds the fields that the rule reads. */
  readonly nodes: readonly number[];
  root: Step;
  count: number;
}

/**
 * Remembers for which values of its fields a rule did not hold. Values are known by the numbers that the kernel gives to
 * those that come again; a rule that reads anything else is tried every time.
 */
export class NegativeMemo {
  readonly #rules: readonly SigmaRule[];
  /** `undefined`: not a field of its own of the record. `null`: no record has it. */
  readonly #nodeOf: (field: string) => number | null | undefined;
  readonly #kept: (Kept | null | undefined)[] = [];
  #count = 0;
  /** Where the answer to the last question would be kept. */
  #last: { readonly kept: Kept; readonly step: Step; readonly value: number } | undefined;

  constructor(rules: readonly SigmaRule[], nodeOf: (field: string) => number | null | undefined) {
    this.#rules = rules;
    this.#nodeOf = nodeOf;
  }

  /** Is it known that the rule does not hold for the values of the line? */
  excludes(rule: number, tokens: LineTokens): boolean {
    this.#last = undefined;
    const kept = this.#of(rule);
    if (kept === null) return false;
    let step = kept.root;
    const last = kept.nodes.length - 1;
    for (let i = 0; i < last; i++) {
      const value = valueOf(kept.nodes[i] ?? 0, tokens);
      if (value === 0) return false;
      let next = step.get(value);
      if (!next) {
        step.set(value, (next = new Map()));
        this.#grow(kept);
      }
      step = next;
    }
    const value = valueOf(kept.nodes[last] ?? 0, tokens);
    if (value === 0) return false;
    if (step.has(value)) return true;
    this.#last = { kept, step, value };
    return false;
  }

  /** The rule last asked for does not hold. */
  remember(): void {
    if (this.#last === undefined) return;
    const { kept, step, value } = this.#last;
    step.set(value, null);
    this.#grow(kept);
  }

  /** One more entry is kept; where there are too many, they are forgotten. */
  #grow(kept: Kept): void {
    this.#count++;
    kept.count++;
    if (this.#count > MOST_IN_ALL) {
      for (const each of this.#kept) if (each) forget(each);
      this.#count = 0;
    } else if (kept.count > MOST_KEPT) {
      this.#count -= kept.count;
      forget(kept);
    }
  }

  #of(rule: number): Kept | null {
    let kept = this.#kept[rule];
    if (kept === undefined) this.#kept[rule] = kept = this.#make(this.#rules[rule]);
    return kept;
  }

  #make(rule: SigmaRule | undefined): Kept | null {
    const fields = new Set<string | null>();
    for (const { detection } of rule?.identifiers ?? []) fieldsOf(detection, fields);
    const nodes: number[] = [];
    for (const field of fields) {
      const node = field === null ? undefined : this.#nodeOf(field);
      if (node === undefined) return null;
      if (node !== null) nodes.push(node);
    }
    return nodes.length === 0 || nodes.length > MOST_FIELDS ? null : { nodes, root: new Map(), count: 0 };
  }
}

function forget(kept: Kept): void {
  kept.count = 0;
  kept.root = new Map();
}

/** A number for the value of the line at a node: 0 where it is not known by one, 1 where there is none. */
function valueOf(node: number, tokens: LineTokens): number {
  const token = tokens.find(node);
  if (token === -1) return 1;
  const serial = tokens.serial(token);
  if (serial === 0) return 0;
  // The same bytes are one value as a string and another as a number, a boolean or null.
  const kind = tokens.kind(token);
  return serial * 8 + (kind === TokenKind.escaped ? TokenKind.string : kind);
}

function fieldsOf(detection: Detection, into: Set<string | null>): void {
  if (detection.kind !== 'field') {
    for (const item of detection.items) fieldsOf(item, into);
    return;
  }
  into.add(detection.test.field);
  for (const { tests } of detection.test.values)
    for (const test of tests) if (test.kind === 'fieldref') into.add(test.field);
}
