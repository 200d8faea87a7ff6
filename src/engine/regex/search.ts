import type { RegexFlags } from '../../sigma/field-test.ts';
import { Closure } from './closure.ts';
import type { Neighbour } from './closure.ts';
import { sharedMemory } from './memory.ts';
import type { Forgetful, SharedMemory } from './memory.ts';
import { parseRegex } from './parse.ts';
import { compileProgram, isLineEnd, isWord } from './program.ts';
import type { Program } from './program.ts';
import { LONGEST, readShortText, shortText } from './short-text.ts';
import { BEYOND, KELVIN, LONG_S } from './symbols.ts';

/** Bytes for the states of one expression, about. */
const MOST_BYTES = 256 * 1024;

/** Tables that were full too soon: a state should serve for so many characters, or the search gives up in the end. */
const LEAST_USE = 10;
const MOST_FAILURES = 3;

/** Entries of the table up to `FOUND` are no rows. */
const UNKNOWN = 0;
const DEAD = 1;
const FOUND = 2;
const FIRST_ROW = 3;

/** What a state is made of: instructions that wait for the next character, and what stood before. */
interface State {
  readonly waiting: readonly number[];
  readonly before: Neighbour;
}

/** The search for an expression; `undefined` where it has to be left to RE2. */
export function compileSearch(expression: string, flags: RegexFlags): RegexSearch | undefined {
  const regex = parseRegex(expression, flags);
  const program = regex && compileProgram(regex);
  return program && new RegexSearch(program);
}

/**
 * Is an expression found in a text? A deterministic automaton whose states are made as texts ask for them: one look into
 * a table for each character that is met again. Time is linear in the text, memory bounded: full tables are forgotten,
 * and where that happens time and again the search gives up.
 */
export class RegexSearch implements Forgetful {
  readonly #program: Program;
  readonly #closure: Closure;
  readonly #memory: SharedMemory;
  readonly #width: number;
  /** Whether a search can begin again behind the start of the text. */
  readonly #restarts: boolean;
  readonly #states = new Map<string, number>();
  readonly #rows: State[] = [];
  /** A row for each state: where each class leads, and last what the end of the text means. */
  #table = new Int32Array(0);
  #start = UNKNOWN;
  #bytes = 0;
  /** Characters read since the tables were empty. */
  #read = 0;
  #failures = 0;

  constructor(program: Program, memory = sharedMemory) {
    this.#program = program;
    this.#closure = new Closure(program);
    this.#memory = memory;
    this.#width = program.samples.length + 1;
    const again = this.#closure.of([program.start], 'line-end');
    this.#restarts = again === 'found' || again.length > 0;
    memory.add(this);
  }

  /** UTF-16 units of the shortest text that it is found in. */
  get shortest(): number {
    return this.#program.shortest;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get states(): number {
    return this.#rows.length;
  }

  forget(): void {
    this.#states.clear();
    this.#rows.length = 0;
    this.#table = new Int32Array(0);
    this.#start = UNKNOWN;
    this.#bytes = 0;
    this.#read = 0;
  }

  /** In the first `end` units of the text; `undefined` where RE2 has to say. */
  found(text: string, end: number): boolean | undefined {
    if (this.#failures >= MOST_FAILURES) return undefined;
    if (this.#start === UNKNOWN) this.#start = this.#enter([this.#program.start], 'edge');
    let row = this.#start;
    if (row <= FOUND) return row === FOUND;
    if (text.length <= LONGEST && end === text.length) return this.#foundInShort(text, row);
    const { classes, readsBeyond } = this.#program;
    let table = this.#table;
    for (let i = 0; i < end; i++) {
      let unit = text.charCodeAt(i);
      if (unit >= BEYOND) {
        if (!readsBeyond || unit === LONG_S || unit === KELVIN) return undefined;
        if (isHigh(unit) && i + 1 < end && isLow(text.charCodeAt(i + 1))) i++;
        unit = BEYOND;
      }
      const symbolClass = classes[unit] ?? 0;
      let next = table[row + symbolClass] ?? UNKNOWN;
      if (next <= FOUND) {
        if (next === UNKNOWN) {
          next = this.#step(row, symbolClass, i);
          table = this.#table;
        }
        if (next <= FOUND) {
          this.#read += i;
          return next === UNKNOWN ? undefined : next === FOUND;
        }
      }
      row = next;
    }
    return this.#atEnd(row, end);
  }

  /** The same, over symbols that were read once for all expressions. */
  #foundInShort(text: string, start: number): boolean | undefined {
    readShortText(text);
    const { symbols, length, hasBeyond, hasFolds } = shortText;
    const { classes, readsBeyond } = this.#program;
    if (hasFolds || (hasBeyond && !readsBeyond)) return undefined;
    let row = start;
    let table = this.#table;
    for (let i = 0; i < length; i++) {
      const symbolClass = classes[symbols[i] ?? 0] ?? 0;
      let next = table[row + symbolClass] ?? UNKNOWN;
      if (next <= FOUND) {
        if (next === UNKNOWN) {
          next = this.#step(row, symbolClass, i);
          table = this.#table;
        }
        if (next <= FOUND) {
          this.#read += i;
          return next === UNKNOWN ? undefined : next === FOUND;
        }
      }
      row = next;
    }
    return this.#atEnd(row, length);
  }

  #atEnd(row: number, read: number): boolean {
    this.#read += read;
    const endClass = this.#width - 1;
    const last = this.#table[row + endClass] ?? UNKNOWN;
    return (last === UNKNOWN ? this.#step(row, endClass, 0) : last) === FOUND;
  }

  /** Where a state leads, put into the table; `UNKNOWN` where the search gives up. */
  #step(row: number, symbolClass: number, read: number): number {
    const state = this.#rows[(row - FIRST_ROW) / this.#width];
    if (!state) return DEAD;
    const symbol = this.#program.samples[symbolClass];
    const next = this.#next(state, symbolClass, symbol, read);
    // Behind a table that was forgotten on the way the row is another's.
    if (this.#rows[(row - FIRST_ROW) / this.#width] === state) this.#table[row + symbolClass] = next;
    return next;
  }

  #next({ waiting, before }: State, symbolClass: number, symbol: number | undefined, read: number): number {
    const after = symbol === undefined ? 'edge' : neighbour(symbol);
    const ready = this.#closure.of(waiting, before, after);
    if (ready === 'found') return FOUND;
    if (symbol === undefined) return DEAD;
    const reached = this.#restarts ? [this.#program.start] : [];
    for (const at of ready) {
      const instruction = this.#program.instructions[at];
      if (instruction?.kind === 'read' && instruction.members[symbolClass] === 1) reached.push(instruction.to);
    }
    return this.#enter(reached, after, read);
  }

  /** The row of the state with these places of the program, made where there is none. */
  #enter(places: readonly number[], before: Neighbour, read = 0): number {
    const waiting = this.#closure.of(places, before);
    if (waiting === 'found') return FOUND;
    if (waiting.length === 0 && !this.#restarts) return DEAD;
    // What stood before matters to assertions only.
    const { instructions } = this.#program;
    const asserts = waiting.some((at) => instructions[at]?.kind === 'assertion');
    const state: State = { waiting, before: asserts ? before : 'other' };
    const key = state.before + String.fromCharCode(...waiting);
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const bytes = this.#width * 4 + waiting.length * 10 + 100;
    if (this.#bytes + bytes > MOST_BYTES && this.#rows.length > 0) {
      if (this.#read + read < LEAST_USE * this.#rows.length) this.#failures++;
      this.forget();
      if (this.#failures >= MOST_FAILURES) return UNKNOWN;
    }
    this.#memory.take(this, bytes);
    this.#bytes += bytes;
    const row = FIRST_ROW + this.#rows.length * this.#width;
    this.#rows.push(state);
    this.#states.set(key, row);
    if (row + this.#width > this.#table.length) {
      const grown = new Int32Array(Math.max(FIRST_ROW + 4 * this.#width, 2 * this.#table.length));
      grown.set(this.#table);
      this.#table = grown;
    }
    return row;
  }
}

function neighbour(symbol: number): Neighbour {
  return isLineEnd(symbol) ? 'line-end' : isWord(symbol) ? 'word' : 'other';
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
