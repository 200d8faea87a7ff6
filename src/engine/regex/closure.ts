import { assertNever } from '../../base/invariant.ts';
import type { Program } from './program.ts';
import type { Assertion } from './syntax.ts';

/** What stands on one side of a place in a text. */
export type Neighbour = 'edge' | 'line-end' | 'word' | 'other';

/** Instructions that wait for what comes next, in order; or that the expression is found. */
export type Waiting = 'found' | readonly number[];

/** Finds what a program can reach without reading. Keeps its marks between calls: one at a time. */
export class Closure {
  readonly #program: Program;
  readonly #marks: Uint32Array;
  #mark = 0;

  constructor(program: Program) {
    this.#program = program;
    this.#marks = new Uint32Array(program.instructions.length);
  }

  /**
   * From places of the program, `before` being what stands before. Where `after` is not known yet, assertions that need
   * it wait.
   */
  of(from: readonly number[], before: Neighbour, after?: Neighbour): Waiting {
    const { instructions } = this.#program;
    const mark = ++this.#mark;
    const waiting: number[] = [];
    const stack = [...from];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (this.#marks[at] === mark) continue;
      this.#marks[at] = mark;
      const instruction = instructions[at];
      if (!instruction) continue;
      switch (instruction.kind) {
        case 'found':
          return 'found';
        case 'split':
          stack.push(instruction.or, instruction.to);
          break;
        case 'read':
          waiting.push(at);
          break;
        case 'assertion': {
          const outcome = holds(instruction.holds, before, after);
          if (outcome === undefined) waiting.push(at);
          else if (outcome) stack.push(instruction.to);
          break;
        }
        default:
          assertNever(instruction);
      }
    }
    return waiting.sort((a, b) => a - b);
  }
}

/** `undefined` while what follows is not known. */
function holds(assertion: Assertion, before: Neighbour, after: Neighbour | undefined): boolean | undefined {
  switch (assertion) {
    case 'text-start':
      return before === 'edge';
    case 'line-start':
      return before === 'edge' || before === 'line-end';
    case 'text-end':
      return after && after === 'edge';
    case 'line-end':
      return after && (after === 'edge' || after === 'line-end');
    case 'word-edge':
      return after && (before === 'word') !== (after === 'word');
    case 'no-word-edge':
      return after && (before === 'word') === (after === 'word');
    default:
      return assertNever(assertion);
  }
}
