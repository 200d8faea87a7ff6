import type { Asked, Observation } from '../event/observe.ts';
import type { KernelMemory } from './memory.ts';
import { Nodes } from './nodes.ts';

const TABLE_ENTRIES = 8192;
const ENTRY_BYTES = 16;
const MOST_ROUTES = 4096;
const ROUTE_BYTES = 16;
/** Bytes of what decides routes, in all, and the longest of one (as in kernel/routes.ts). */
const KEY_BYTES = 1024 * 1024;
const LONGEST_KEY = 4096;
/** Places that may decide routes. */
const MOST_DECIDING = 512;

const BY_KIND = 1;
const BY_VALUE = 2;
const BY_PLAINNESS = 4;
const BY_ROOT = 8;
const FLAGS: Readonly<Record<Asked, number>> = {
  kind: BY_KIND,
  value: BY_VALUE,
  plainness: BY_PLAINNESS,
  root: BY_ROOT,
};

/** What a route's lines are: of a class of events, or lines that must be read in full (`undefined`). */
export interface Route<Class> {
  readonly of: Class | undefined;
}

/**
 * Lines that give the same answers to whatever was ever asked in order to classify a line are of the same class. What was
 * asked is learnt line by line; when something new is, all routes are found anew.
 */
export class Router<Class> {
  readonly #memory: KernelMemory;
  readonly #nodes: Nodes;
  readonly #table: number;
  readonly #flags: number;
  readonly #scratch: number;
  readonly #keys: number;
  readonly routesAt: number;
  #keysUsed = 0;
  #deciding = 0;
  #routes: Route<Class>[] = [];

  constructor(memory: KernelMemory, nodes: Nodes) {
    this.#memory = memory;
    this.#nodes = nodes;
    this.#table = memory.take(TABLE_ENTRIES * ENTRY_BYTES);
    this.#flags = memory.take(Nodes.most);
    this.#scratch = memory.take(LONGEST_KEY);
    this.#keys = memory.take(KEY_BYTES + LONGEST_KEY);
    this.routesAt = memory.take(MOST_ROUTES * ROUTE_BYTES);
    this.#set();
  }

  get routes(): readonly Route<Class>[] {
    return this.#routes;
  }

  /** Forgets every route. Counts that the kernel kept of them must have been read. */
  clear(): void {
    this.#memory.bytes.fill(0, this.#table, this.#table + TABLE_ENTRIES * ENTRY_BYTES);
    this.#memory.bytes.fill(0, this.routesAt, this.routesAt + MOST_ROUTES * ROUTE_BYTES);
    this.#keysUsed = 0;
    this.#routes = [];
    this.#set();
  }

  /** Is there room for one more? */
  get hasRoom(): boolean {
    return this.#routes.length < MOST_ROUTES && this.#keysUsed <= KEY_BYTES;
  }

  /** What decides is now what was asked too. True where it was not before: then routes must be cleared. */
  learn({ asked }: Observation): boolean | undefined {
    let isNew = false;
    for (const [path, how] of asked) {
      const node = this.#nodes.node(path);
      // A key that no path can name can only be asked for by a file of ours, and none does.
      if (node === 0) return undefined;
      const flag = [...how].reduce((flags, one) => flags | FLAGS[one], BY_KIND);
      const known = this.#memory.bytes[this.#flags + node] ?? 0;
      if ((known | flag) === known) continue;
      if (known === 0 && ++this.#deciding > MOST_DECIDING) return undefined;
      this.#memory.bytes[this.#flags + node] = known | flag;
      isNew = true;
    }
    return isNew;
  }

  /** Adds a route for the line whose key the kernel has just made, `length` long. */
  add(length: number, route: Route<Class>): number {
    const number = this.#routes.push(route) - 1;
    this.#memory.kernel.addRoute(length, this.#keys + this.#keysUsed, number);
    this.#keysUsed += (length + 31) & ~15;
    return number;
  }

  #set(): void {
    this.#memory.kernel.setRoutes(this.#table, TABLE_ENTRIES - 1, this.#flags, this.#scratch);
  }
}
