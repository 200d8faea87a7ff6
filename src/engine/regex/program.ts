import { assertNever } from '../../base/invariant.ts';
import { BEYOND, SYMBOLS } from './symbols.ts';
import type { SymbolSet } from './symbols.ts';
import type { Assertion, Regex } from './syntax.ts';

/** Instructions of a program, and steps of its making; what needs more is left to RE2. */
const MOST_INSTRUCTIONS = 4000;
const MOST_STEPS = 20_000;

/** Step of a nondeterministic automaton (Thompson's); `to` and `or` are places in the program. */
export type Instruction =
  | { readonly kind: 'read'; readonly members: Uint8Array; readonly to: number }
  | { readonly kind: 'assertion'; readonly holds: Assertion; readonly to: number }
  | { readonly kind: 'split'; readonly to: number; readonly or: number }
  | { readonly kind: 'found' };

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly start: number;
  /** Class of each symbol: symbols of a class are the same to the program. */
  readonly classes: Uint8Array;
  /** A symbol of each class. */
  readonly samples: readonly number[];
  /** Are all characters beyond ASCII the same to the program, but for `ſ` and the Kelvin sign? */
  readonly readsBeyond: boolean;
  /** UTF-16 units of the shortest text that it is found in. */
  readonly shortest: number;
}

/** `undefined` where the program would be too long. */
export function compileProgram(regex: Regex): Program | undefined {
  const maker = new ProgramMaker(regex);
  const start = maker.make();
  return start === undefined ? undefined : { ...maker.program(), start, shortest: shortestLength(regex) };
}

class ProgramMaker {
  readonly #regex: Regex;
  readonly #instructions: Instruction[] = [{ kind: 'found' }];
  readonly #members = new Map<SymbolSet, Uint8Array>();
  readonly #classes: Uint8Array;
  readonly #samples: readonly number[];
  readonly #readsBeyond: boolean;
  #steps = 0;

  constructor(regex: Regex) {
    this.#regex = regex;
    const found = { sets: new Set<SymbolSet>(), assertions: new Set<Assertion>() };
    gather(regex, found);
    const sets = [...found.sets];
    this.#readsBeyond = sets.every(({ beyond }) => beyond !== 'some');
    const { classes, samples } = divide(sets, found.assertions);
    this.#classes = classes;
    this.#samples = samples;
    // Equal sets share their members.
    const shared = new Map<string, Uint8Array>();
    for (const set of sets) {
      const members = Uint8Array.from(samples, (symbol) => holds(set, symbol));
      const key = members.join('');
      this.#members.set(set, shared.get(key) ?? members);
      if (!shared.has(key)) shared.set(key, members);
    }
  }

  make(): number | undefined {
    return this.#add(this.#regex, 0);
  }

  program(): Omit<Program, 'start' | 'shortest'> {
    return {
      instructions: this.#instructions,
      classes: this.#classes,
      samples: this.#samples,
      readsBeyond: this.#readsBeyond,
    };
  }

  #push(instruction: Instruction): number | undefined {
    if (this.#instructions.length === MOST_INSTRUCTIONS) return undefined;
    return this.#instructions.push(instruction) - 1;
  }

  /** Adds what matches `regex` and goes on at `to`; its place. */
  #add(regex: Regex, to: number): number | undefined {
    if (++this.#steps > MOST_STEPS) return undefined;
    switch (regex.kind) {
      case 'set':
        return this.#push({ kind: 'read', members: this.#members.get(regex.set) ?? new Uint8Array(), to });
      case 'assertion':
        return this.#push({ kind: 'assertion', holds: regex.holds, to });
      case 'sequence': {
        let at: number | undefined = to;
        for (const part of regex.parts.toReversed()) if (at !== undefined) at = this.#add(part, at);
        return at;
      }
      case 'choice': {
        let at: number | undefined;
        for (const branch of regex.branches.toReversed()) {
          const added = this.#add(branch, to);
          if (added === undefined) return undefined;
          at = at === undefined ? added : this.#push({ kind: 'split', to: added, or: at });
          if (at === undefined) return undefined;
        }
        return at ?? to;
      }
      case 'repeat':
        return this.#repeat(regex, to);
      default:
        return assertNever(regex);
    }
  }

  #repeat({ body, least, most }: Regex & { readonly kind: 'repeat' }, to: number): number | undefined {
    let at: number | undefined = to;
    let copies = least;
    if (most === undefined) {
      const loop = this.#push({ kind: 'found' });
      const inner = loop === undefined ? undefined : this.#add(body, loop);
      if (loop === undefined || inner === undefined) return undefined;
      this.#instructions[loop] = { kind: 'split', to: inner, or: to };
      at = least === 0 ? loop : inner;
      copies = Math.max(0, least - 1);
    } else {
      for (let i = least; i < most && at !== undefined; i++) {
        const inner = this.#add(body, at);
        at = inner === undefined ? undefined : this.#push({ kind: 'split', to: inner, or: to });
      }
    }
    for (let i = 0; i < copies && at !== undefined; i++) at = this.#add(body, at);
    return at;
  }
}

function gather(regex: Regex, found: { readonly sets: Set<SymbolSet>; readonly assertions: Set<Assertion> }): void {
  switch (regex.kind) {
    case 'set':
      found.sets.add(regex.set);
      return;
    case 'assertion':
      found.assertions.add(regex.holds);
      return;
    case 'sequence':
      for (const part of regex.parts) gather(part, found);
      return;
    case 'choice':
      for (const branch of regex.branches) gather(branch, found);
      return;
    case 'repeat':
      gather(regex.body, found);
      return;
    default:
      assertNever(regex);
  }
}

function holds({ ascii, beyond }: SymbolSet, symbol: number): number {
  return symbol === BEYOND ? Number(beyond === 'all') : (ascii[symbol] ?? 0);
}

/** Divides the symbols until no set and no assertion tells those of a class apart. */
function divide(
  sets: readonly SymbolSet[],
  assertions: ReadonlySet<Assertion>,
): { readonly classes: Uint8Array; readonly samples: readonly number[] } {
  const tells: ((symbol: number) => number)[] = sets.map((set) => (symbol) => holds(set, symbol));
  if (assertions.has('line-start') || assertions.has('line-end')) tells.push((symbol) => Number(isLineEnd(symbol)));
  if (assertions.has('word-edge') || assertions.has('no-word-edge')) tells.push((symbol) => Number(isWord(symbol)));
  let classes = new Uint8Array(SYMBOLS);
  for (const tell of tells) {
    const numbers = new Map<number, number>();
    classes = classes.map((before, symbol) => {
      const key = before * 2 + tell(symbol);
      const number = numbers.get(key) ?? numbers.size;
      numbers.set(key, number);
      return number;
    });
  }
  const samples: number[] = [];
  classes.forEach((number, symbol) => (samples[number] ??= symbol));
  return { classes, samples };
}

export function isLineEnd(symbol: number): boolean {
  return symbol === 10;
}

export function isWord(symbol: number): boolean {
  return symbol < BEYOND && /\w/.test(String.fromCharCode(symbol));
}

export function shortestLength(regex: Regex): number {
  switch (regex.kind) {
    case 'set':
      return 1;
    case 'assertion':
      return 0;
    case 'sequence':
      return regex.parts.reduce((sum, part) => sum + shortestLength(part), 0);
    case 'choice':
      return Math.min(...regex.branches.map(shortestLength));
    case 'repeat':
      return regex.least * shortestLength(regex.body);
    default:
      return assertNever(regex);
  }
}
